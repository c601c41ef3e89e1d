# Two stages: one that builds, one that only runs.
#
#   docker build -t socket-queue .
#   docker run -p 2014:2014 -v socketqueue:/var/lib/socketqueue --stop-timeout 60 socket-queue \
#     --upstreamHost=10.0.0.1 --upstreamPort=5000 --listenPort=2014 --vv
#
# The volume is the gateway's journal: what is open in it must outlive the container. An emulator or test clients need none.
FROM debian:bookworm-slim AS build
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends g++ cmake ninja-build libcaf-dev libboost1.81-dev nlohmann-json3-dev libspdlog-dev libfmt-dev libssl-dev libsqlite3-dev prometheus-cpp-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cmake -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release -DSOCKETQUEUE_TESTS=OFF && ninja -C /build && strip /build/socketqueue /build/socketqueue-lab

FROM debian:bookworm-slim
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends libcaf-core0.17 libcaf-io0.17 libcaf-openssl0.17 libspdlog1.10 libfmt9 libssl3 libsqlite3-0 libprometheus-cpp-core1.0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --no-create-home socketqueue \
 && install -d -o socketqueue -g socketqueue -m 700 /var/lib/socketqueue
COPY --from=build /build/socketqueue /build/socketqueue-lab /usr/local/bin/
ENV STATE_DIRECTORY=/var/lib/socketqueue
USER socketqueue
ENTRYPOINT ["socketqueue"]
CMD ["--help"]
