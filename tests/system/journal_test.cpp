// The journal of the released program: what a kill leaves behind, and what the next start makes of it.

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <boost/asio.hpp>

#include <csignal>

#include "codec/json.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/support/browser.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"

using Catch::Contains;
using support::browser;
using support::free_port;
using support::http_get;
using support::http_post;
using support::journaled;
using support::program;
using support::purchase_now;
using tcp = boost::asio::ip::tcp;

namespace {

// By the dialect's names, as programs have it.
std::string v1_json(const codec::message& m) {
  return nlohmann::json{{"mti", "0200"}, {"processing_code", m[3]}, {"amount", m[4]}, {"stan", m[11]}, {"local_time", m[12]}, {"pos_entry_mode", m[22]},
                        {"function_code", m[24]}, {"pos_condition_code", m[25]}, {"track2", m[35]}, {"terminal_id", m[41]}, {"merchant_id", m[42]},
                        {"currency", m[49]}}
    .dump();
}

std::string keyed(const std::string& key, const std::string& body) {
  return http_post("/v1/messages", body, "Content-Type: application/json\r\nIdempotency-Key: " + key + "\r\n");
}

// What a program decides by. Card data, also masked, does not outlive the process that had it.
nlohmann::json essence(const support::http_response& r) {
  auto j = r.json();
  for (const auto* name : {"pan", "track2"})
    j.at("message").erase(name);
  return j;
}

// A raw client that may wait for its answer.
struct raw_client {
  raw_client(std::uint16_t port, const codec::message& m) {
    socket.connect({boost::asio::ip::address_v4::loopback(), port});
    boost::asio::write(socket, boost::asio::buffer(*codec::pack(m, support::smart_vista())));
  }

  // Empty where it is hung up on.
  std::string answer() {
    std::string bytes;
    boost::system::error_code end;
    boost::asio::read(socket, boost::asio::dynamic_buffer(bytes), end);
    return bytes;
  }

  boost::asio::io_context io;
  tcp::socket socket{io};
};

} // namespace

TEST_CASE("an Idempotency-Key holds across a kill: declined, approved and unknown stay what they were, and the host sees each purchase once") {
  journaled j({"--queueTimeout=0.5"});
  j.start();
  const auto no = v1_json(purchase_now("00000041")), yes = v1_json(purchase_now("00000042")), unknown = v1_json(purchase_now("00000043"));
  browser before(j.http_port);
  before.say(keyed("no", no));
  j.host.answer(j.host.read(), "116");
  const auto declined = before.reply();
  CHECK(declined.json().at("outcome") == "declined");
  before.say(keyed("yes", yes));
  j.host.answer(j.host.read());
  const auto approved = before.reply();
  CHECK(approved.json().at("outcome") == "approved");
  before.say(keyed("unknown", unknown));
  CHECK(j.host.read().mti() == "0200");
  const auto failed = before.reply();
  CHECK(failed.status == 504);
  CHECK(failed.json().at("outcome") == "reversing");
  const auto undoing = j.host.read();
  CHECK(undoing.mti() == "0400");
  j.host.answer(undoing);
  REQUIRE(j.gateway->says("is reversed"));
  // What loses no money becomes durable with whatever comes next.
  before.say(keyed("last", v1_json(purchase_now("00000045"))));
  j.host.answer(j.host.read(), "116");
  CHECK(before.reply().json().at("outcome") == "declined");

  j.start_again();
  browser after(j.http_port);
  CHECK(essence(after.ask(keyed("no", no))) == essence(declined));
  CHECK(essence(after.ask(keyed("yes", yes))) == essence(approved));
  CHECK(after.ask(keyed("yes", no)).json().at("code") == "idempotency_conflict");
  const auto still_failed = after.ask(keyed("unknown", unknown));
  CHECK(still_failed.status == 504);
  CHECK(still_failed.json().at("code") == "timed_out");
  CHECK(still_failed.json().at("transaction_id") == failed.json().at("transaction_id"));
  // Whatever the host sees next is a new purchase: nothing was sent a second time.
  after.say(keyed("new", v1_json(purchase_now("00000044"))));
  auto next = j.host.read();
  // The end of the last purchase need not have been durable.
  if (next.mti() == "0400") {
    CHECK(next[41] == "00000045");
    next = j.host.read();
  }
  CHECK(next[41] == "00000044");
  j.host.answer(next);
  CHECK(after.reply().json().at("outcome") == "approved");
}

TEST_CASE("a purchase in flight at a kill is reversed before its terminal is served again, and other terminals are served") {
  journaled j;
  j.start();
  raw_client lost(j.port, purchase_now("00000042", "000001"));
  CHECK(j.host.read()[11] == "000001");
  j.kill();
  CHECK(lost.answer().empty());

  j.start();
  REQUIRE(j.gateway->says("The journal holds 1 open case"));
  // Without its answer the reversal keeps its own terminal waiting, and no other.
  raw_client same(j.port, purchase_now("00000042", "000002"));
  const auto undoing = j.host.read();
  CHECK(undoing.mti() == "0400");
  CHECK(undoing[11] == "000001");
  raw_client other(j.port, purchase_now("00000043", "000003"));
  const auto first = j.host.read();
  CHECK(first[11] == "000003");
  j.host.answer(first);
  CHECK_FALSE(other.answer().empty());
  j.host.answer(undoing);
  const auto second = j.host.read();
  CHECK(second[11] == "000002");
  j.host.answer(second);
  CHECK_FALSE(same.answer().empty());
  CHECK(j.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
}

TEST_CASE("TERM while the host is silent leaves the case in the journal, status 0, and the next start reverses it") {
  journaled j({"--queueTimeout=0.3", "--queueShortTimeout=0.2"});
  j.start();
  raw_client client(j.port, purchase_now());
  CHECK(j.host.read().mti() == "0200");
  j.gateway->signal(SIGTERM);
  CHECK(client.answer().empty());
  client.socket.close();
  CHECK(j.host.read().mti() == "0400");
  CHECK(j.gateway->wait() == 0);
  CHECK_THAT(j.gateway->output(), Contains("Open cases: 1; they stay in the journal"));

  j.start();
  const auto undoing = j.host.read();
  CHECK(undoing.mti() == "0400");
  j.host.answer(undoing);
  REQUIRE(j.gateway->says("is reversed"));
  CHECK(j.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
  j.gateway->signal(SIGTERM);
  CHECK(j.gateway->wait() == 0);
}

TEST_CASE("an approval that was written when the gateway was killed is kept and listed, and whoever asks with its key again gets it") {
  journaled j({"--httpContract=confirm"});
  j.start();
  const auto body = v1_json(purchase_now());
  browser before(j.http_port);
  before.say(keyed("k", body));
  j.host.answer(j.host.read());
  const auto approved = before.reply();

  j.start_again();
  CHECK_THAT(j.asked({"pending"}).second, Contains("unconfirmed"));
  browser after(j.http_port);
  CHECK(essence(after.ask(keyed("k", body))) == essence(approved));
  const auto id = approved.json().at("transaction_id").get<std::string>();
  CHECK(after.ask(http_post("/v1/messages/" + id + "/confirm", "")).json().at("outcome") == "approved");
  CHECK(j.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
}

TEST_CASE("a second gateway on the same journal does not start, and says who has it") {
  journaled j;
  j.start();
  program second({"--upstreamHost=127.0.0.1", "--upstreamPort=" + j.host.port(), "--listenPort=" + std::to_string(free_port()), "--journal=" + j.journal});
  CHECK(second.wait() == 2);
  CHECK_THAT(second.output(), Contains("another socketqueue (process " + std::to_string(j.gateway->pid()) + ") uses the journal in " + j.journal));
}

TEST_CASE("without a journal the log says at the start what a kill would lose") {
  program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + std::to_string(free_port()), "--listenPort=" + std::to_string(free_port()), "--journal=none"});
  CHECK(gateway.says("--journal=none: when this process dies, purchases under way are lost"));
}

TEST_CASE("the key may lie elsewhere, and without it, with another one, or where others may read it, nothing starts and nothing is changed") {
  journaled j;
  const auto key = j.directory / "key";
  j.more = {"--journalKeyFile=" + key};
  j.start();
  raw_client lost(j.port, purchase_now());
  CHECK(j.host.read().mti() == "0200");
  j.kill();
  CHECK(test::mode(key) == std::filesystem::perms(0600));
  CHECK_FALSE(std::filesystem::exists(j.journal + "/journal.key"));

  const auto refused = [&] {
    program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + j.host.port(), "--listenPort=" + std::to_string(j.port), "--journal=" + j.journal,
                     "--journalKeyFile=" + key});
    CHECK(gateway.wait() == 2);
    CHECK(std::ranges::count(gateway.output(), '\n') == 1);
    return gateway.output();
  };
  const auto right = test::read(key);
  std::filesystem::remove(key);
  CHECK_THAT(refused(), Contains("journalKeyFile: the sealing key " + key + " is missing"));
  test::write(key, std::string(64, 'a') + "\n");
  std::filesystem::permissions(key, std::filesystem::perms(0600));
  CHECK_THAT(refused(), Contains("was sealed with another key"));
  test::write(key, "no key");
  CHECK_THAT(refused(), Contains("is not 64 hexadecimal digits"));
  test::write(key, right);
  std::filesystem::permissions(key, std::filesystem::perms(0640));
  CHECK_THAT(refused(), Contains("can be read or changed by others") && Contains("chmod 600 " + key));

  std::filesystem::permissions(key, std::filesystem::perms(0600));
  j.start();
  CHECK(j.host.read().mti() == "0400");
}
