# Two stages: one that builds, one that only runs.
#
#   docker build -t socket-queue .
#   docker run -p 2014:2014 -v socketqueue:/var/lib/socketqueue --stop-timeout 60 socket-queue \
#     --upstreamHost=10.0.0.1 --upstreamPort=5000 --listenPort=2014 --vv
#
# The volume is the gateway's journal: what is open in it must outlive the container. An emulator or test clients need none.
# The root file system may be read-only: --read-only, and with a relative logFile also --tmpfs /var/log/socketqueue:uid=999 or a volume there.
FROM debian:bookworm-slim AS build
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends g++ cmake ninja-build libcaf-dev libboost1.81-dev nlohmann-json3-dev libfmt-dev libssl-dev libsqlite3-dev libmimalloc-dev prometheus-cpp-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cmake -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release -DSOCKETQUEUE_TESTS=OFF -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12 \
 && ninja -C /build && strip /build/socketqueue /build/socketqueue-lab

FROM debian:bookworm-slim
ARG VERSION=2.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="socketqueue" \
      org.opencontainers.image.description="ISO 8583 gateway between terminals and a bank's host" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim" \
      io.socketqueue.sbom="/usr/share/socketqueue/sbom.cdx.json"
RUN apt-get update -q \
 && apt-get install -y -q --no-install-recommends libcaf-core0.17 libcaf-io0.17 libcaf-openssl0.17 libfmt9 libssl3 libsqlite3-0 libmimalloc2.0 libprometheus-cpp-core1.0 ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 999 --user-group --no-create-home socketqueue \
 && install -d -o socketqueue -g socketqueue -m 700 /var/lib/socketqueue /var/log/socketqueue
COPY --from=build /build/socketqueue /build/socketqueue-lab /usr/local/bin/
COPY packaging/docker/healthcheck packaging/docker/sbom /usr/local/lib/socketqueue/
RUN install -d /usr/share/socketqueue && /usr/local/lib/socketqueue/sbom "$VERSION" >/usr/share/socketqueue/sbom.cdx.json
ENV STATE_DIRECTORY=/var/lib/socketqueue
# A relative logFile, as in the old program's recipe, lies here.
WORKDIR /var/log/socketqueue
USER socketqueue
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s CMD ["/usr/local/lib/socketqueue/healthcheck"]
ENTRYPOINT ["socketqueue"]
CMD ["--help"]
