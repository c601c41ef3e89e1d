// The released program, through real sockets.

#include <catch2/catch.hpp>

#include <boost/asio.hpp>

#include <csignal>
#include <ctime>

#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/files.hpp"
#include "tests/support/program.hpp"

using Catch::Contains;
using support::ask_port;
using support::free_port;
using support::port_option;
using support::program;

namespace {

// As `date +%y%m%d%H%M%S` has it.
std::string local_time_now() {
  char digits[16];
  const auto now = std::time(nullptr);
  std::strftime(digits, sizeof digits, "%y%m%d%H%M%S", std::localtime(&now));
  return digits;
}

std::string payload(const std::string& name) {
  auto text = support::file_text("scenarios/payloads/" + name);
  if (const auto at = text.find("YYMMDDhhmmss"); at != std::string::npos)
    text.replace(at, 12, local_time_now());
  return text;
}

codec::message answer_to(std::uint16_t port, const std::string& bytes) {
  const auto answer = codec::unpack(ask_port(port, bytes), support::smart_vista());
  REQUIRE(answer.ok());
  return *answer;
}

}  // namespace

TEST_CASE("a purchase through two processes: approved, both tables in the log, card data masked") {
  const auto bank_port = free_port(), client_port = free_port();
  program bank({port_option("echoServerPort", bank_port)});
  REQUIRE(bank.says("Echo server listens"));
  program gateway({"--upstreamHost=127.0.0.1", port_option("upstreamPort", bank_port),
                   port_option("listenPort", client_port), "--vv"});
  REQUIRE(gateway.says("Connected to upstream"));

  const auto answer = answer_to(client_port, payload("purchase.iso"));
  CHECK(answer.mti() == "0210");
  CHECK(answer[39] == "000");
  CHECK(answer[41] == "00992468");
  CHECK(answer[11] == "618160");

  REQUIRE(gateway.says("[Purchase Response]"));
  REQUIRE(gateway.says("Track 2 Data", 2));
  CHECK_THAT(gateway.output(), Contains("[Purchase Request]"));
  CHECK_THAT(gateway.output(), Contains("485078******7891=********************"));
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
  CHECK_THAT(gateway.output(), !Contains(support::test_pan) && !Contains("25122011"));
}

TEST_CASE("the option dangerous shows everything, and says that it does") {
  const auto bank_port = free_port(), client_port = free_port();
  program all({port_option("echoServerPort", bank_port), "--upstreamHost=localhost",
               port_option("upstreamPort", bank_port), port_option("listenPort", client_port), "--vv",
               "--dangerous"});
  REQUIRE(all.says("Connected to upstream"));
  answer_to(client_port, payload("purchase.iso"));
  REQUIRE(all.says("4850781234567891=25122011000000000000", 2));
  CHECK_THAT(all.output(), Contains("card data is logged in clear"));
}

TEST_CASE("the host may connect to us, and messages may travel without a header or with another one") {
  const std::vector<std::vector<std::string>> ways{
    {"--useHeader=false"},
    {"--headerFormat=length:b-hex:2,tpdu:b:5:6000010000", "--lengthIncludeHeader"},
    {"--headerFormat=bin2+tpdu", "--clientHeaderFormat=ascii4"},
    {"--headerFormat=visa", "--clientHeaderFormat=stx-etx-lrc"},
    {"--headerFormat=none", "--clientHeaderFormat=base24"},
    {"--overrides=1:bitmap-hex:8"}};
  // All at once: what takes time is that test clients pause between their messages.
  std::vector<std::unique_ptr<program>> all;
  for (auto arguments : ways) {
    const auto bank_port = free_port(), client_port = free_port();
    arguments.insert(arguments.end(),
                     {port_option("echoServerPort", bank_port), "--upstreamHost=127.0.0.1",
                      port_option("upstreamPort", bank_port), port_option("listenPort", client_port),
                      port_option("testTargetPort", client_port), "--testClients=2",
                      "--testTargetHost=127.0.0.1", "--testPurchases", "--v"});
    all.push_back(std::make_unique<program>(arguments));
  }
  for (std::size_t way = 0; way < ways.size(); ++way) {
    INFO(ways[way].front());
    CHECK(all[way]->says("got correct response", 4));
    all[way]->signal(SIGTERM);
    CHECK(all[way]->wait() == 0);
    CHECK_THAT(all[way]->output(), Contains("failures: 0"));
  }
}

TEST_CASE("a host that connects to us is served on upstreamListenPort") {
  const auto host_port = free_port(), client_port = free_port();
  program gateway({port_option("upstreamListenPort", host_port), "--upstreamAllow=127.0.0.1",
                   port_option("listenPort", client_port), "--v"});
  REQUIRE(gateway.says("Raw clients are awaited"));
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket host(io);
  host.connect({boost::asio::ip::address_v4::loopback(), host_port});
  const auto echo = *codec::pack(support::echo("00000001", "424242"), support::smart_vista());
  boost::asio::write(host, boost::asio::buffer("00" + std::to_string(echo.size()) + echo));
  char header[4];
  boost::asio::read(host, boost::asio::buffer(header));
  std::string frame(std::stoul(std::string(header, 4)), '\0');
  boost::asio::read(host, boost::asio::buffer(frame));
  const auto answer = codec::unpack(frame, support::smart_vista());
  REQUIRE(answer.ok());
  CHECK(answer->mti() == "0810");
  CHECK((*answer)[11] == "424242");
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
}

TEST_CASE("test clients that get no correct response make the exit status tell") {
  const auto nobody = free_port();
  program clients(
    {"--testClients=2", "--testTargetHost=127.0.0.1", port_option("testTargetPort", nobody), "--v"});
  REQUIRE(clients.says("trying again"));
  clients.signal(SIGTERM);
  CHECK(clients.wait() == 1);
  CHECK_THAT(clients.output(), Contains("clients without a correct response: 2"));
}

TEST_CASE("statistics: connect, get the line, closed") {
  const auto bank_port = free_port(), client_port = free_port(), stat_port = free_port();
  program all({port_option("echoServerPort", bank_port), "--upstreamHost=127.0.0.1",
               port_option("upstreamPort", bank_port), port_option("listenPort", client_port),
               port_option("statServerPort", stat_port)});
  REQUIRE(all.says("Connected to upstream"));
  answer_to(client_port, payload("purchase.iso"));
  const auto line = ask_port(stat_port, "");
  CHECK_THAT(line,
             Contains(R"({"securedAmount":10,"processedAmount":10,"refundAmount":0,)"
                      R"("reversalAmount":0,"faultStat":{},"packetCount":{"total":2,"0200":1,"0210":1})"));
  CHECK(line.back() == '\n');

  all.signal(SIGHUP);
  REQUIRE(all.says("the statistics begin at zero"));
  CHECK_THAT(ask_port(stat_port, ""), Contains(R"("packetCount":{"total":0})"));
}

TEST_CASE("a megabyte of junk is refused at its first byte, and the next client is served") {
  const auto bank_port = free_port(), client_port = free_port();
  program all({port_option("echoServerPort", bank_port), "--upstreamHost=127.0.0.1",
               port_option("upstreamPort", bank_port), port_option("listenPort", client_port), "--v"});
  REQUIRE(all.says("Connected to upstream"));
  try {
    CHECK(ask_port(client_port, std::string(1 << 20, 'x')).empty());
  } catch (const boost::system::system_error&) {
    // Hung up on in the middle of sending.
  }
  REQUIRE(all.says("sent a bad message: field 0"));
  CHECK(answer_to(client_port, payload("echo.iso")).mti() == "0810");
}

namespace {

// The first indented lines behind a heading of the README, as somebody would paste them, but for ports, paths
// and the journal.
std::string pasted(const std::string& heading, std::vector<std::pair<std::string, std::string>> instead) {
  const auto page = test::read(std::string(SOURCE_DIR) + "/README.md");
  auto at = page.find("\n    ", page.find("\n## " + heading)) + 1;
  REQUIRE(at != 0);
  std::string block;
  for (auto end = page.find('\n', at); page.compare(at, 4, "    ") == 0;
       at = end + 1, end = page.find('\n', at))
    block += page.substr(at + 4, end - at - 3);
  instead.emplace_back("build/release/socketqueue", PROGRAM);
  instead.emplace_back("scenarios/payloads", std::string(SOURCE_DIR) + "/scenarios/payloads");
  for (const auto& [word, other] : instead)
    for (auto found = block.find(word); found != std::string::npos;
         found = block.find(word, found + other.size()))
      block.replace(found, word.size(), other);
  return block;
}

// All that a shell says that is given these lines at once.
std::string shell_says(const std::string& lines, const test::directory& place) {
  test::write(place / "lines", lines);
  const auto command = "cd '" + place.path() + "' && STATE_DIRECTORY='" + place.path() +
                       "/journal' timeout 60 bash lines >said 2>&1";
  CHECK(std::system(command.c_str()) == 0);
  return test::read(place / "said");
}

}  // namespace

TEST_CASE("the README's transactions by hand work when their lines are pasted at once") {
  const auto bank = std::to_string(free_port()), clients = std::to_string(free_port()),
             web = std::to_string(free_port());
  const test::directory place;
  const auto at = " --to=127.0.0.1:";
  const auto lines = pasted("A first transaction by hand", {{"5000", bank},
                                                            {"2014", clients},
                                                            {"8080", web},
                                                            {"--wait=10s", "--wait=10s" + (at + web)},
                                                            {"--raw", "--raw" + (at + clients)}});
  const auto by_hand = shell_says(lines, place);
  INFO(by_hand);
  const auto first = by_hand.find("Approved.");
  REQUIRE(first != std::string::npos);
  CHECK(by_hand.find("Approved.", first + 1) != std::string::npos);
  if (std::system("curl --version >/dev/null 2>&1") != 0) {
    WARN("there is no curl, so the transaction by HTTP is not tried");
    return;
  }
  const auto by_http = shell_says(pasted("The same by HTTP", {{"5000", bank}, {"8080", web}}), place);
  INFO(by_http);
  CHECK_THAT(by_http, Contains("\"outcome\":\"approved\""));
}
