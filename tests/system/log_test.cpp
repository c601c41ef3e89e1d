// The log of the released program where its outlets block, fail and come back.

#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <boost/asio.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <sstream>

#include "tests/lab/browser.hpp"
#include "tests/store/directory.hpp"
#include "tests/support/program.hpp"

using Catch::Contains;
using lab::browser;
using lab::http_get;
using support::free_port;
using support::program;
using tcp = boost::asio::ip::tcp;

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

// A gateway whose host nobody runs: it has HTTP clients, and much to log.
struct gateway {
  std::uint16_t http = free_port(), admin = free_port();
  program process;

  explicit gateway(std::vector<std::string> options) : process(with_ports(std::move(options))) {
    REQUIRE(process.says("The admin port is"));
  }

  std::vector<std::string> with_ports(std::vector<std::string> options) const {
    options.insert(
      options.end(),
      {"--upstreamHost=127.0.0.1", "--upstreamPort=" + std::to_string(free_port()),
       "--listenHttpPort=" + std::to_string(http), "--adminPort=" + std::to_string(admin), "--v"});
    return options;
  }

  // Each is a few lines in the log.
  void serve(int requests) const {
    for (int i = 0; i < requests; ++i)
      REQUIRE(browser(http).ask(http_get("/asked")).status == 404);
  }

  // Waits for its end without reading what it writes.
  void end_unread() const {
    process.signal(SIGTERM);
    siginfo_t ended{};
    REQUIRE(waitid(P_PID, static_cast<id_t>(process.pid()), &ended, WEXITED | WNOWAIT) == 0);
  }
};

// What a Logstash does: takes connections, and reads lines.
class logstash {
public:
  explicit logstash(std::uint16_t port)
    : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), port}), socket_(io_) {}

  void accept() { socket_ = acceptor_.accept(); }
  void hang_up() {
    socket_.close();
    buffer_.consume(buffer_.size());
  }

  // Reads lines until one has this message.
  bool hears(const std::string& message) {
    for (std::string line; !line.empty() || boost::asio::read_until(socket_, buffer_, '\n') != 0;) {
      std::istream in(&buffer_);
      std::getline(in, line);
      last = nlohmann::json::parse(line);
      line.clear();
      if (last.at("message").get<std::string>().find(message) != std::string::npos)
        return true;
    }
    return false;
  }

  nlohmann::json last;

private:
  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  tcp::socket socket_;
  boost::asio::streambuf buffer_;
};

}  // namespace

TEST_CASE("a console that nobody reads keeps nothing from the log file, and the end comes all the same") {
  const test::directory here;
  gateway g({"--logFile=" + (here / "log")});
  constexpr int requests = 600;
  g.serve(requests);
  g.end_unread();
  const auto log = test::read(here / "log");
  CHECK(log.size() > 2 * 65536);  // more than a pipe holds
  CHECK(count_of(log, "sent data (GET /asked") == requests);
  CHECK_THAT(log, Contains("Bye"));
  CHECK(g.process.wait() == 0);
}

TEST_CASE("a full disk under the log stops nothing, and is in the log of the console") {
  gateway g({"--logFile=/dev/full"});
  REQUIRE(g.process.says("The log cannot be written to the logFile: No space left on device"));
  g.serve(10);
  REQUIRE(g.process.says("sent data (GET /asked", 10));
  CHECK_THAT(browser(g.admin).ask(http_get("/metrics")).body,
             Contains("socketqueue_log_lines_dropped_total{sink=\"file\"} 0") &&
               Contains("socketqueue_log_lines_dropped_total{sink=\"console\"} 0"));
  g.process.signal(SIGTERM);
  CHECK(g.process.wait() == 0);
}

TEST_CASE("Logstash gets the log when it is there: what has waited, and over a new connection what is new") {
  const auto port = free_port();
  gateway g({"--logstashHost=127.0.0.1", "--logstashPort=" + std::to_string(port), "--logstashNode=till 7"});
  REQUIRE(
    g.process.says("The log cannot be written to Logstash at 127.0.0.1:" + std::to_string(port) + ": "));
  g.serve(1);
  logstash l(port);
  l.accept();
  REQUIRE(l.hears("The admin port is"));
  CHECK(l.last.at("level") == "info");
  CHECK(l.last.at("label") == "till 7");
  CHECK(l.last.contains("timestamp"));
  REQUIRE(l.hears("sent data (GET /asked"));
  REQUIRE(g.process.says("The log is written to Logstash at 127.0.0.1:" + std::to_string(port) + " again"));
  l.hang_up();
  g.serve(1);
  l.accept();
  REQUIRE(l.hears("sent data (GET /asked"));
  g.process.signal(SIGTERM);
  CHECK(l.hears("Bye"));
  CHECK(g.process.wait() == 0);
}

TEST_CASE("with logFormat=json each line of the log is an object") {
  const test::directory here;
  gateway g({"--logFile=" + (here / "log"), "--logFormat=json"});
  g.serve(1);
  g.process.signal(SIGTERM);
  CHECK(g.process.wait() == 0);
  std::istringstream log(test::read(here / "log"));
  std::size_t lines = 0;
  for (std::string line; std::getline(log, line); ++lines) {
    const auto json = nlohmann::json::parse(line);
    CHECK(json.contains("time"));
    CHECK(json.contains("level"));
    CHECK(json.contains("message"));
  }
  CHECK(lines > 5);
}

TEST_CASE("a console that is journald's has the priority in front of each line") {
  const auto start = std::string(PROGRAM) + " --testClients=1 --testTargetHost=127.0.0.1 --testTargetPort=" +
                     std::to_string(free_port()) + " --v";
  for (const auto& [stream, prefix] :
       {std::pair("$(stat -Lc %d:%i /proc/$$/fd/1)", "<5>2"), std::pair("1:1", "2")}) {
    program p({"-c", std::string("export JOURNAL_STREAM=") + stream + "; exec " + start}, "/bin/sh");
    REQUIRE(p.says("1 test clients go to"));
    CHECK(p.output().starts_with(prefix));
    p.signal(SIGTERM);
    p.wait();
  }
}
