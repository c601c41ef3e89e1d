// The journal of the released program: what a kill leaves behind, and what the next start makes of it.

#include <catch2/catch.hpp>

#include <csignal>
#include <map>
#include <set>

#include "tests/lab/browser.hpp"
#include "tests/store/old_journal.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/v1.hpp"

using Catch::Contains;
using lab::browser;
using lab::http_post;
using support::free_port;
using support::journaled;
using support::keyed;
using support::program;
using support::purchase_now;
using support::raw_client;
using support::v1_json;

namespace {

// What a program decides by. Card data, also masked, does not outlive the process that had it.
nlohmann::json essence(const lab::http_response& r) {
  auto j = r.json();
  for (const auto* name : {"pan", "track2"})
    j.at("message").erase(name);
  return j;
}

// In tests/golden/journal-v1.
constexpr const char* approved_in_golden = "txn_ahsl1632r9d3en9np94iq9vi";

// A journal that an earlier program has written, as if it had been written here.
void use_golden(journaled& j, const std::string& name) {
  std::filesystem::copy(std::string(SOURCE_DIR) + "/tests/golden/" + name, j.journal);
  std::filesystem::permissions(j.journal, std::filesystem::perms::owner_all);
  std::filesystem::permissions(j.journal + "/journal.key", std::filesystem::perms(0600));
  test::make_at_home(j.journal);
}

}  // namespace

TEST_CASE(
  "an Idempotency-Key holds across a kill: declined, approved and unknown stay what they were, and the host "
  "sees each purchase once") {
  journaled j({"--queueTimeout=0.5"});
  j.start();
  const auto no = v1_json(purchase_now("00000041")), yes = v1_json(purchase_now("00000042")),
             unknown = v1_json(purchase_now("00000043"));
  browser before(j.http_port);
  before.send(keyed("no", no));
  j.host.answer(j.host.read(), "116");
  const auto declined = before.reply();
  CHECK(declined.json().at("outcome") == "declined");
  before.send(keyed("yes", yes));
  j.host.answer(j.host.read());
  const auto approved = before.reply();
  CHECK(approved.json().at("outcome") == "approved");
  before.send(keyed("unknown", unknown));
  CHECK(j.host.read().mti() == "0200");
  const auto failed = before.reply();
  CHECK(failed.status == 504);
  CHECK(failed.json().at("outcome") == "reversing");
  const auto undoing = j.host.read();
  CHECK(undoing.mti() == "0400");
  j.host.answer(undoing);
  REQUIRE(j.gateway->says("is reversed"));
  // What loses no money becomes durable with whatever comes next.
  before.send(keyed("last", v1_json(purchase_now("00000045"))));
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
  after.send(keyed("new", v1_json(purchase_now("00000044"))));
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

TEST_CASE(
  "a purchase in flight at a kill is reversed before its terminal is served again, and other terminals are "
  "served") {
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

TEST_CASE(
  "TERM while the host is silent leaves the case in the journal, status 0, and the next start reverses it") {
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

TEST_CASE(
  "an approval that was written when the gateway was killed is kept and listed, and whoever asks with its "
  "key again gets it") {
  journaled j({"--httpDelivery=confirm"});
  j.start();
  const auto body = v1_json(purchase_now());
  browser before(j.http_port);
  before.send(keyed("k", body));
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

TEST_CASE("without a journal the log says at the start what a kill would lose") {
  program gateway({"--upstreamHost=127.0.0.1", "--upstreamPort=" + std::to_string(free_port()),
                   "--listenPort=" + std::to_string(free_port()), "--journal=none"});
  CHECK(gateway.says("--journal=none: when this process ends, transactions under way are lost"));
}

TEST_CASE(
  "a journal of the first program that kept one is gone on with: what was at the host is reversed, and keys "
  "are known") {
  journaled j;
  std::filesystem::copy(std::string(SOURCE_DIR) + "/tests/golden/journal-v1", j.journal);
  std::filesystem::permissions(j.journal, std::filesystem::perms::owner_all);
  std::filesystem::permissions(j.journal + "/journal.key", std::filesystem::perms(0600));
  test::make_at_home(j.journal);
  j.start();
  REQUIRE(j.gateway->says("The journal holds 1 open case"));
  const auto undoing = j.host.read();
  CHECK(undoing.mti() == "0400");
  CHECK(undoing[11] == "000005");
  CHECK(undoing[2] == "4850781234567891");
  j.host.answer(undoing);
  REQUIRE(j.gateway->says("is reversed"));
  browser b(j.http_port);
  const auto known =
    b.ask("GET /v1/messages/" + std::string(approved_in_golden) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(known.status == 200);
  CHECK(known.json().at("outcome") == "approved");
}

TEST_CASE(
  "a journal of records in JSON is gone on with, over several starts: what was at the host is reversed, "
  "once, and keys and "
  "answers are known") {
  journaled j({"--restampStan"});
  use_golden(j, "journal-json");
  j.start();
  REQUIRE(j.gateway->says("The journal holds 3 open cases"));
  std::set<std::string> stans;
  for (int i = 0; i < 3; ++i) {
    const auto undoing = j.host.read();
    CHECK(undoing.mti() == "0400");
    CHECK(undoing[2] == "4850781234567891");
    CHECK(undoing[14] == "002512");
    stans.insert(std::string(undoing[11]));
    j.host.answer(undoing);
  }
  CHECK(stans == std::set<std::string>{"750350", "751351", "751352"});
  const std::map<std::string, std::string> outcomes{{"txn_hbrdd2c6pe2ng6aellalhniu", "approved"},
                                                    {"txn_8iho5h17pvaukc40vdq2jk5v", "reversed"},
                                                    {"txn_g5humlqj5prmo0f7q2kalrvn", "approved"},
                                                    {"txn_ffqh4br3u9agi4flvl1cf9g9", "reversed"},
                                                    {"txn_h4u3vpn3h3ke88c3871qakc9", "reversed"}};
  for (const bool again : {false, true}) {
    INFO((again ? "after a second start" : "after the first start"));
    if (again) {
      j.gateway->signal(SIGTERM);
      CHECK(j.gateway->wait() == 0);
      j.start();
    }
    browser b(j.http_port);
    for (const auto& [id, outcome] : outcomes) {
      const auto known = b.ask("GET /v1/messages/" + id + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      CHECK(known.json().at("outcome") == outcome);
    }
    const auto renumbered =
      b.ask("GET /v1/messages/txn_g5humlqj5prmo0f7q2kalrvn HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(renumbered.json().at("stan") == "000007");
  }
}

TEST_CASE(
  "a journal with a row for each record is gone on with, over several starts: what was at the host is "
  "reversed, once, and a key is known") {
  journaled j;
  use_golden(j, "journal-rows");
  j.start();
  REQUIRE(j.gateway->says("The journal holds 2 open cases"));
  std::set<std::string> terminals;
  for (int i = 0; i < 2; ++i) {
    const auto undoing = j.host.read();
    CHECK(undoing.mti() == "0400");
    CHECK(undoing[11] == "000001");
    terminals.insert(std::string(undoing[41]));
    j.host.answer(undoing);
    REQUIRE(j.gateway->says("is reversed"));
  }
  CHECK(terminals == std::set<std::string>{"10000000", "10000001"});
  for (const bool again : {false, true}) {
    INFO((again ? "after a second start" : "after the first start"));
    if (again) {
      j.gateway->signal(SIGTERM);
      CHECK(j.gateway->wait() == 0);
      j.start();
    }
    browser b(j.http_port);
    const auto known =
      b.ask("GET /v1/messages/txn_0a91o631p8os7dhcgdgb458h HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(known.json().at("outcome") == "approved");
    CHECK(known.json().at("stan") == "000077");
    CHECK(j.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
  }
}
