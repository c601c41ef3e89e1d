// `socketqueue inspect` and the released program: two processes.

#include <catch2/catch.hpp>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/store/directory.hpp"
#include "tests/support/program.hpp"

using Catch::Contains;
using Catch::Matches;
using nlohmann::json;
using support::free_port;
using support::program;
namespace asio = boost::asio;

namespace {

struct told {
  int status;
  std::string text;
};

told run(const std::string& command) {
  auto* pipe = popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe);
  told t{-1, ""};
  char part[4096];
  for (std::size_t n; (n = fread(part, 1, sizeof part, pipe)) > 0;)
    t.text.append(part, n);
  const int status = pclose(pipe);
  t.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return t;
}

told inspect(const std::string& port, const std::string& more) {
  return run("timeout 30 " + std::string(PROGRAM) + " inspect 127.0.0.1:" + port + " " + more);
}

// A gateway with a bank emulator and clients that have bought something.
struct gateway_with_node {
  explicit gateway_with_node(const std::vector<std::string>& more = {}) : options(more) {
    const auto bank = std::to_string(free_port()), clients = std::to_string(free_port());
    for (const auto& o :
         {"--echoServerPort=" + bank, std::string("--upstreamHost=127.0.0.1"), "--upstreamPort=" + bank,
          "--listenPort=" + clients, "--nodePort=" + port, "--journal=" + (journal / "state"),
          std::string("--testClients=3"), std::string("--testTargetHost=127.0.0.1"),
          "--testTargetPort=" + clients, std::string("--testPurchases"), std::string("--vv")})
      options.push_back(o);
    start();
  }
  void start() {
    process.emplace(options);
    REQUIRE(process->says("Purchase Response", 3));
  }

  test::directory journal;
  std::string port = std::to_string(free_port());
  std::vector<std::string> options;
  std::optional<program> process;
};

void openssl(const test::directory& in, const std::string& arguments) {
  REQUIRE(run("cd " + in.path() + " && openssl " + arguments).status == 0);
}

constexpr const char* new_key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";

void make_authority(const test::directory& in, const std::string& name) {
  openssl(in, "req -x509 -days 2 " + (new_key + ("-subj /CN=" + name)) + " -keyout " + name + ".key -out " +
                name + ".pem");
}

void make_certificate(const test::directory& in, const std::string& name, const std::string& authority) {
  openssl(in, "req " + (new_key + ("-subj /CN=" + name)) + " -keyout " + name + ".key -out " + name + ".csr");
  openssl(in, "x509 -req -days 2 -in " + name + ".csr -CA " + authority + ".pem -CAkey " + authority +
                ".key -CAcreateserial -out " + name + ".pem");
}

std::vector<std::string> tls_options(const test::directory& in, const std::string& name,
                                     const std::string& authority) {
  return {"--nodeTlsCertificate=" + (in / (name + ".pem")), "--nodeTlsKey=" + (in / (name + ".key")),
          "--nodeTlsAuthority=" + (in / (authority + ".pem"))};
}

std::string line_of(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& w : words)
    line += w + " ";
  return line;
}

}  // namespace

TEST_CASE("each view of a running gateway is shown, as text and as JSON, through its kill and restart") {
  gateway_with_node g;
  for (const auto* view :
       {"", "summary", "stats", "link", "terminals", "pending", "actors", "transactions"}) {
    INFO(view);
    const auto text = inspect(g.port, view), line = inspect(g.port, std::string(view) + " --json");
    CHECK(text.status == 0);
    CHECK_FALSE(text.text.empty());
    CHECK(line.status == 0);
    CHECK(json::parse(line.text, nullptr, false).is_object());
    CHECK_THAT(text.text + line.text, !Contains("485078") && !Contains("411111"));
  }
  CHECK(json::parse(inspect(g.port, "link --json").text).at("links").at(0).at("state") == "up");
  CHECK(json::parse(inspect(g.port, "stats --json").text).at("approved") >= 1);
  g.process->signal(SIGKILL);
  g.process->wait();
  const auto gone = inspect(g.port, "");
  CHECK(gone.status == 1);
  CHECK_THAT(gone.text, Contains("nothing answers at 127.0.0.1:" + g.port));
  g.start();
  CHECK(json::parse(inspect(g.port, "stats --json").text).at("approved") >= 1);
  g.process->signal(SIGTERM);
  CHECK(g.process->wait() >= 0);  // 1: a test client had no response yet
}

TEST_CASE("what is no node gets one sentence, and the command ends") {
  asio::io_context io;
  asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
  const auto t = inspect(std::to_string(silent.local_endpoint().port()), "");
  CHECK(t.status == 1);
  CHECK_THAT(t.text, Contains("does not answer as a node"));
  const auto admin = std::to_string(free_port());
  program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=1",
                   "--listenPort=" + std::to_string(free_port()), "--adminPort=" + admin, "--v"});
  REQUIRE(gateway.says("The admin port is"));
  const auto http = inspect(admin, "");
  CHECK(http.status == 1);
  CHECK_THAT(http.text, Contains("nodePort"));
}

TEST_CASE("with TLS who has a certificate of the authority looks, and nobody else") {
  test::directory in;
  make_authority(in, "authority");
  make_authority(in, "stranger");
  make_certificate(in, "gateway", "authority");
  make_certificate(in, "operator", "authority");
  make_certificate(in, "other", "stranger");
  gateway_with_node g(tls_options(in, "gateway", "authority"));
  const auto good = inspect(g.port, "link --json " + line_of(tls_options(in, "operator", "authority")));
  CHECK(good.status == 0);
  CHECK_THAT(good.text, Contains("\"state\":\"up\""));
  for (const auto& how : {line_of(tls_options(in, "other", "stranger")),
                          line_of(tls_options(in, "other", "authority")), std::string()}) {
    INFO(how);
    const auto bad = inspect(g.port, how);
    CHECK(bad.status == 1);
    CHECK(std::ranges::count(bad.text, '\n') == 1);
  }
  CHECK(inspect(g.port, line_of(tls_options(in, "operator", "authority"))).status == 0);
}

TEST_CASE(
  "a node that others could reach without TLS, and files of TLS that are none, are refused at the start") {
  test::directory in;
  test::write(in / "none.pem", "nothing\n");
  const std::vector<std::string> gateway{"--upstreamHost=127.0.0.1", "--upstreamPort=1",
                                         "--listenPort=" + std::to_string(free_port()),
                                         "--nodePort=" + std::to_string(free_port())};
  for (const auto& [more, text] :
       {std::pair<std::vector<std::string>, std::string>({"--nodeAddress=0.0.0.0"}, "only with TLS"),
        {{"--nodeTlsKey=" + (in / "none.pem")}, "belong together"},
        {tls_options(in, "none", "none"), "nodeTlsCertificate"}}) {
    auto options = gateway;
    options.insert(options.end(), more.begin(), more.end());
    program p(options);
    CHECK(p.wait() == 2);
    CHECK_THAT(p.output(), Contains(text));
  }
}

TEST_CASE("what ends CAF's network ends no gateway, and the next one looks again") {
  gateway_with_node g;
  asio::io_context io;
  asio::ip::tcp::socket stranger(io);
  stranger.connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoi(g.port))});
  // A header of CAF's protocol that announces a payload where there can be none.
  std::string header(64, '\0');
  header[11] = '\x94';
  asio::write(stranger, asio::buffer(header));
  REQUIRE(g.process->says("The process of nodePort has ended: the signal 11 ended it; it is started again"));
  REQUIRE(g.process->says("is open to other CAF nodes again"));
  CHECK(json::parse(inspect(g.port, "stats --json").text).at("approved") >= 1);
}

TEST_CASE(
  "files of TLS that are away as somebody connects end no gateway, and when they are back it goes on") {
  test::directory in;
  make_authority(in, "authority");
  make_certificate(in, "gateway", "authority");
  make_certificate(in, "operator", "authority");
  gateway_with_node g(tls_options(in, "gateway", "authority"));
  const auto how = line_of(tls_options(in, "operator", "authority"));
  REQUIRE(inspect(g.port, how).status == 0);
  const auto key = in / "gateway.key";
  REQUIRE(std::rename(key.c_str(), (key + ".away").c_str()) == 0);
  CHECK(inspect(g.port, how).status == 1);
  REQUIRE(g.process->says("The process of nodePort has ended"));
  REQUIRE(std::rename((key + ".away").c_str(), key.c_str()) == 0);
  REQUIRE(g.process->says("is open to other CAF nodes again"));
  CHECK(inspect(g.port, how).status == 0);
}

TEST_CASE("a port that another program has is refused at the start") {
  asio::io_context io;
  asio::ip::tcp::acceptor other(io, {asio::ip::address_v4::loopback(), 0});
  program p({"--upstreamHost=127.0.0.1", "--upstreamPort=1", "--listenPort=" + std::to_string(free_port()),
             "--nodePort=" + std::to_string(other.local_endpoint().port())});
  CHECK(p.wait() == 2);
  CHECK_THAT(p.output(), Contains("nodePort: port"));
}

TEST_CASE("the program in docs/INSPECT.md asks a gateway for what has become of messages") {
  gateway_with_node g;
  const auto t = run(std::string(DOCUMENTED_PROGRAM) + " " + g.port);
  CHECK(t.status == 0);
  CHECK_THAT(t.text, Matches("[1-9][0-9]* approved, 0 refused\n"));
}
