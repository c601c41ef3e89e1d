// Alarms of the released program: by a program, by a server, and when the gateway ends itself.

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <nlohmann/json.hpp>

#include <optional>

#include "codec/pack.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"

using Catch::Contains;
using nlohmann::json;
using support::journaled;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// A script that writes what it gets into a pipe, which the test reads.
struct alarm_script {
  alarm_script() {
    test::write(path, "#!/bin/sh\ncat >\"$0.pipe\"\n");
    REQUIRE(::chmod(path.c_str(), S_IRWXU) == 0);
    REQUIRE(::mkfifo((path + ".pipe").c_str(), S_IRUSR | S_IWUSR) == 0);
    pipe = ::open((path + ".pipe").c_str(), O_RDWR | O_NONBLOCK);
    REQUIRE(pipe >= 0);
  }
  ~alarm_script() { ::close(pipe); }
  alarm_script(const alarm_script&) = delete;
  alarm_script& operator=(const alarm_script&) = delete;

  // The next alarm.
  json next() {
    while (text.find('\n') == std::string::npos) {
      pollfd p{pipe, POLLIN, 0};
      REQUIRE(::poll(&p, 1, 60000) == 1);
      char bytes[4096];
      const auto n = ::read(pipe, bytes, sizeof bytes);
      REQUIRE(n > 0);
      text.append(bytes, static_cast<std::size_t>(n));
    }
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.erase(0, end + 1);
    return json::parse(line);
  }

  test::directory home;
  std::string path = home / "alarm";
  int pipe = -1;
  std::string text;
};

// A server that takes one post at a time.
struct alarm_server {
  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/alarms";
  }
  std::string next(const std::string& answer) {
    pollfd p{acceptor.native_handle(), POLLIN, 0};
    REQUIRE(::poll(&p, 1, 60000) == 1);
    tcp::socket peer(io);
    acceptor.accept(peer);
    std::string request;
    asio::read_until(peer, asio::dynamic_buffer(request), "}");
    asio::write(peer, asio::buffer("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\n\r\n"));
    return request;
  }
  asio::io_context io;
  tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
};

// A gateway whose host does not listen yet.
struct lonely_gateway {
  explicit lonely_gateway(std::vector<std::string> options) {
    options.insert(options.end(),
                   {"--upstreamHost=127.0.0.1", "--upstreamPort=" + std::to_string(host_port),
                    "--listenPort=" + std::to_string(support::free_port()), "--alarmLinkDown=1"});
    gateway.emplace(options);
  }
  std::uint16_t host_port = support::free_port();
  std::optional<support::program> gateway;
};

}  // namespace

TEST_CASE("the program of alarmCommand is run when a link is down, and when it is up") {
  alarm_script script;
  lonely_gateway lonely({"--alarmCommand=" + script.path});
  const auto raised = script.next();
  CHECK(raised.at("alarm") == "link_down");
  CHECK(raised.at("state") == "raised");
  CHECK_THAT(raised.at("text").get<std::string>(), Contains("No requests are sent to the host"));
  CHECK_FALSE(raised.at("gateway").get<std::string>().empty());
  asio::io_context io;
  const tcp::acceptor host(io, {asio::ip::address_v4::loopback(), lonely.host_port});
  const auto cleared = script.next();
  CHECK(cleared.at("state") == "cleared");
  CHECK(cleared.at("id") == raised.at("id"));
}

TEST_CASE("a gateway that ends itself, because its journal is gone, says so first") {
  alarm_script script;
  journaled j({"--alarmCommand=" + script.path});
  j.start();
  std::filesystem::remove_all(j.journal);
  const auto sent = *codec::pack(support::purchase_now("00000042"), support::smart_vista());
  CHECK(support::ask_port(j.port, sent).empty());
  CHECK(j.gateway->wait() == 1);
  const auto last = script.next();
  CHECK(last.at("alarm") == "gateway_ended");
  CHECK_THAT(last.at("text").get<std::string>(), Contains("The gateway has ended itself: the journal"));
}

TEST_CASE("alarmUrl gets a signed post, again where the server does not take it") {
  alarm_server server;
  test::directory home;
  test::write(home / "secret", "0123456789abcdef\n");
  lonely_gateway lonely({"--alarmUrl=" + server.url(), "--alarmSecretFile=" + (home / "secret")});
  const auto first = server.next("503 Later"), second = server.next("200 OK");
  CHECK_THAT(first, Contains("POST /alarms HTTP/1.1") && Contains("Socketqueue-Signature: sha256="));
  const auto body = [](const std::string& request) { return json::parse(request.substr(request.find("{"))); };
  CHECK(body(first) == body(second));
  CHECK(body(second).at("alarm") == "link_down");
  CHECK(lonely.gateway->says(
    "alarmUrl: an alarm could not be sent: the server replies 503; it is sent again in 1 s"));
}

TEST_CASE("a gateway whose alarms could reach nobody does not start") {
  const auto port = std::to_string(support::free_port());
  struct wrong {
    const char *option, *says;
  };
  for (const auto& w : {wrong{"--alarmCommand=/none", "alarmCommand '/none': it cannot be run: No such file"},
                        wrong{"--alarmCommand=/tmp", "alarmCommand '/tmp': it is no program"}}) {
    support::program p(
      {"--upstreamHost=127.0.0.1", "--upstreamPort=" + port, "--listenPort=" + port, w.option});
    CHECK(p.wait() == 2);
    CHECK_THAT(p.output(), Catch::StartsWith(std::string("socketqueue: ") + w.says));
  }
  support::program p({"--upstreamHost=127.0.0.1", "--upstreamPort=" + port, "--listenPort=" + port,
                      "--alarmUrl=https://a/", "--alarmSecretFile=/none"});
  CHECK(p.wait() == 2);
  CHECK_THAT(p.output(), Contains("alarmSecretFile '/none'"));
}
