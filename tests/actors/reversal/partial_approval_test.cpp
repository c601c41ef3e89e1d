// Reversals of what the host has approved in part: the amount that they ask for, and the one that their
// responses name.

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "config/dialects.hpp"
#include "tests/actors/reversal/reversal_rig.hpp"
#include "tests/store/directory.hpp"
#include "tests/support/pair_of_links.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::money_in;
using support::pair_of_links;
using test::bank;

namespace {

namespace fields = codec::fields;

constexpr const char *asked = "000000001006", *approved = "000000000600", *other = "000000000300";

codec::message with_amount(codec::message m, const char* amount) {
  m.set(fields::amount, amount);
  return m;
}

codec::message partial_approval(const codec::message& request) {
  return with_amount(approval(request, "002"), approved);
}

// A dialect whose bank compares a reversal with what it has approved.
struct comparing {
  explicit comparing(const char* of = "smartvista") {
    auto file = nlohmann::json::parse(config::built_in_dialect(of));
    file["reversal"]["amount"] = "approved";
    text = file.dump();
    test::write(path, text);
  }
  auto spoken() const {
    return [text = text](config::settings& s) {
      s.upstreams.front().dialect.name = text;
      s.raw_listeners.front().dialect.name = text;
    };
  }

  test::directory home;
  std::string text, path = home / "bank.json";
};

// A purchase of which the host approves a part, and whose client has left by then.
codec::message approve_a_part_for_nobody(bank& h) {
  const auto request = h.purchase("00000042", "000001", asked);
  h.client({request})->vanishes();
  h.run_until_idle();
  h.host_says(partial_approval(request));
  REQUIRE(h.reversals().size() == 1);
  return request;
}

}  // namespace

TEST_CASE("a reversal is done where its response names what was asked for, or what was approved of it") {
  const auto* named = GENERATE(asked, approved);
  const bool is_restarted = GENERATE(false, true);
  bank h;
  approve_a_part_for_nobody(h);
  if (is_restarted) {
    h.pass(2s);
    h.restart();
    h.host_answers();
    h.pass(100ms);
  }
  REQUIRE(h.reversals().size() == 1);
  CHECK(h.reversals().at(0)[fields::amount] == asked);
  h.host_says(with_amount(approval(h.reversals().at(0), "400"), named));
  CHECK(h.cases().empty());
  h.pass(1h);
  CHECK(h.reversals().size() == 1);
}

TEST_CASE("a reversal is not done where its response names any other amount") {
  bank h;
  approve_a_part_for_nobody(h);
  h.host_says(with_amount(approval(h.reversals().at(0), "400"), other));
  h.host_says(with_amount(approval(h.reversals().at(0), "002"), other));
  CHECK(h.cases().size() == 1);

  bank whole;
  const auto request = whole.purchase("00000042", "000001", asked);
  whole.client({request})->vanishes();
  whole.run_until_idle();
  whole.host_says(approval(request));
  whole.host_says(with_amount(approval(whole.reversals().at(0), "400"), approved));
  CHECK(whole.cases().size() == 1);
}

TEST_CASE("a client's own reversal is done where its response names the other amount of its purchase") {
  const bool reverses_asked = GENERATE(true, false);
  const auto *says = reverses_asked ? asked : approved, *named = reverses_asked ? approved : asked;
  bank h;
  const auto request = h.purchase("00000042", "000001", asked);
  const auto buys = h.client({request});
  h.host_says(partial_approval(request));
  h.pass(2s);
  REQUIRE(messages_in(buys->sent).size() == 1);
  auto own = with_amount(request, says);
  own.set(fields::mti, "0400");
  const auto client = h.client({own});
  REQUIRE(h.reversals().size() == 1);
  CHECK(h.reversals().at(0)[fields::amount] == says);
  h.host_says(with_amount(approval(h.reversals().at(0), "400"), other));
  CHECK(client->sent.empty());
  h.host_says(with_amount(approval(h.reversals().at(0), "400"), named));
  REQUIRE(messages_in(client->sent).size() == 1);
  CHECK(messages_in(client->sent)[0][fields::response_code] == "400");
  h.pass(1h);
  CHECK(h.cases().empty());
}

TEST_CASE("a host that wants it so gets back the amount that it has approved, also from the next process") {
  const comparing dialect;
  bank h(dialect.spoken());
  approve_a_part_for_nobody(h);
  CHECK(h.reversals().at(0)[fields::amount] == approved);
  h.pass(2s);
  h.restart();
  h.host_answers();
  h.pass(100ms);
  REQUIRE(h.reversals().size() == 1);
  CHECK(h.reversals().at(0)[fields::amount] == approved);
  h.host_says(approval(h.reversals().at(0), "400"));
  CHECK(h.cases().empty());
}

TEST_CASE("what is approved in part, and late, is reversed by that amount from then on") {
  const comparing dialect;
  bank h(dialect.spoken());
  const auto request = h.purchase("00000042", "000001", asked);
  h.client({request});
  h.pass(35s);
  REQUIRE(h.reversals().size() == 1);
  CHECK(h.reversals().at(0)[fields::amount] == asked);
  h.host_says(partial_approval(request));
  h.pass(5s);
  REQUIRE(h.reversals().size() == 2);
  CHECK(h.reversals().at(1)[fields::amount] == approved);
  h.host_says(approval(h.reversals().at(1), "400"));
  CHECK(h.cases().empty());
}

TEST_CASE(
  "what had ended, and is approved late and in part, is reversed by that amount, or by all of a whole one") {
  const comparing dialect;
  const bool is_from_an_earlier_process = GENERATE(false, true);
  bank h(dialect.spoken());
  approve_a_part_for_nobody(h);
  h.host_says(approval(h.reversals().at(0), "400"));
  CHECK(h.cases().empty());
  h.pass(2s);
  if (is_from_an_earlier_process) {
    h.restart();
    h.host_answers();
  }
  const auto request = with_amount(h.purchase("00000042", "000001", asked), asked);
  auto late = approval(request);
  late.set(fields::reference, "000000000009");
  late.set(fields::local_time, "261123120000");
  h.host_says(late);
  h.pass(100ms);
  REQUIRE_FALSE(h.reversals().empty());
  CHECK(h.reversals().back()[fields::reference] == "000000000009");
  CHECK(h.reversals().back()[fields::amount] == asked);
}

TEST_CASE("a link of another dialect has its own way to ask for the amount of a partial approval") {
  const comparing dialect("iso87-ascii");
  const bool compares = GENERATE(true, false);
  // What the clients' dialect has no code for has no code there.
  const bool is_known_to_clients = GENERATE(true, false);
  const test::directory home;
  const auto clients = home / "clients.json";
  auto file = nlohmann::json::parse(config::built_in_dialect("smartvista"));
  if (!is_known_to_clients)
    file["amountMayDiffer"].erase("responseCodes");
  test::write(clients, file.dump());
  pair_of_links h([&](config::settings& s) {
    for (auto& link : s.upstreams)
      link.dialect.name = clients;
    s.raw_listeners.front().dialect.name = clients;
    s.upstreams[0].dialect.name = compares ? dialect.path : "iso87-ascii";
  });
  const auto& iso87 = *h.env->upstreams.all().front()->links.front()->dialect;
  REQUIRE(iso87.reversal.approved_amount == compares);
  const auto got = [&] {
    std::vector<codec::message> all;
    for (const auto& bytes : h.main->sent)
      all.push_back(codec::unpack(bytes, iso87).value());
    return all;
  };
  const auto client = h.client({h.purchase("00000042", "000001", asked)});
  REQUIRE(got().size() == 1);
  client->vanishes();
  h.run_until_idle();
  const auto says = [&](const char* code, const char* amount) {
    auto m = with_amount(got().back(), amount);
    m.set(fields::mti, iso87.response_mti(m.mti()));
    m.set(fields::reference, "000000000001");
    m.set(fields::response_code, code);
    h.main->says(codec::pack(m, iso87).value());
    h.pass(0s);
  };
  says("10", approved);
  REQUIRE(got().back().mti() == "0400");
  CHECK(got().back()[fields::amount] == (compares ? approved : asked));
  says("00", other);
  CHECK(h.cases().size() == 1);
  says("00", approved);
  CHECK(h.cases().empty());
}
