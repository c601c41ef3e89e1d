// Transactions that have ended, packed: what is unpacked is what was packed, and the book does not show the
// difference.

#include <catch2/catch.hpp>

#include "actors/journal/book.hpp"
#include "tests/actors/journal/messages.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

using namespace std::chrono_literals;
using actors::decision;
using actors::packed_transactions;
using actors::lifecycle::state;
using kind = decision::kind;
using test::shared;

namespace {

const actors::time_point now{1h};

actors::transaction ended(actors::transaction_id id, state as) {
  actors::transaction t;
  t.id = id;
  t.state = as;
  t.request = shared(support::purchase("00000042", std::to_string(id)));
  t.card = "485078******7891";
  t.options.how = actors::delivery::confirm;
  t.upstream = "acquirer";
  t.begun = 1795745134;
  t.host_agreed = true;
  t.reference_fields.set(37, "412377873256");
  t.reference_fields.set(38, "oYWzEJ");
  t.reversed_reference = "RRN 7";
  t.because = actors::cause::host_lost;
  t.why = "why \xe9";
  t.code = "912";
  t.since = now + std::chrono::seconds(id);
  return t;
}

std::string trace(actors::transaction_id id) { return "42/" + std::to_string(id); }

// Ends as one that was not keyed.
void live(actors::book& into, actors::transaction_id id, state as, const codec::message& request) {
  REQUIRE(into.apply({kind::intent, id, shared(request)}, now, 1000));
  decision d{kind::closed, id};
  d.outcome = as;
  if (as == state::approved) {
    auto yes = request;
    yes.set(0, codec::response_mti(request.mti()));
    yes.set(37, "000000000001");
    yes.set(39, "000");
    REQUIRE(into.apply({kind::approved, id, shared(yes)}, now, 1000));
    d = {kind::delivered, id};
  }
  REQUIRE(into.apply(d, now, 1000));
}

// So many others end that those before them are packed.
void pack_all(actors::book& b, actors::transaction_id from) {
  const auto most = from + actors::book::recent_max;
  for (auto id = from; id <= most; ++id)
    live(b, id, state::declined, support::purchase("00000099", std::to_string(id)));
}

codec::message response_to(const codec::message& request) {
  auto m = request;
  m.set(0, codec::response_mti(request.mti()));
  m.set(37, "000000000009");
  m.set(39, "000");
  return m;
}

}  // namespace

TEST_CASE("a packed transaction is unpacked as it was") {
  const auto as = GENERATE(state::approved, state::declined, state::reversed, state::cancelled);
  packed_transactions all;
  const auto t = ended(1, as);
  all.add(t, trace(1), support::smart_vista());
  const auto found = all.find(1);
  REQUIRE(found);
  for (const auto& [number, value] : *t.request) {
    const bool is_needed =
      as != state::approved || number <= 12 || number == 41 || number == 42 || number == 49;
    INFO("field " << number);
    if (is_needed && number != 2)
      CHECK((*found->request)[number] == value);
  }
  CHECK(found->id == 1);
  CHECK(found->state == as);
  CHECK(found->card == t.card);
  CHECK(found->options.how == t.options.how);
  CHECK(found->upstream == t.upstream);
  CHECK(found->begun == t.begun);
  CHECK(found->host_agreed);
  CHECK(found->reference_fields == t.reference_fields);
  CHECK(found->reversed_reference == t.reversed_reference);
  CHECK(found->because == t.because);
  CHECK(found->why == t.why);
  CHECK(found->code == t.code);
  CHECK(found->since == t.since);
}

TEST_CASE("packed transactions are found by id and by trace until they leave, the oldest first") {
  packed_transactions all;
  constexpr actors::transaction_id count = 5000;
  for (actors::transaction_id id = 1; id <= count; ++id)
    all.add(ended(id, state::approved), trace(id % 100), support::smart_vista());
  CHECK(all.size() == count);
  all.remove(7);
  all.remove(7);
  for (int i = 0; i < 1000; ++i)
    all.remove_oldest();
  CHECK(all.size() == count - 1001);
  CHECK(all.oldest() == 1002);
  for (actors::transaction_id id = 1; id <= count; ++id)
    if (all.find(id).has_value() != (id > 1001))
      FAIL("transaction " << id);
  const auto with = all.with_trace(trace(42));
  CHECK(std::ranges::is_sorted(with));
  for (actors::transaction_id id = 1042; id <= count; id += 100)
    CHECK(std::ranges::find(with, id) != with.end());
  CHECK(std::ranges::none_of(with, [](auto id) { return id <= 1001; }));
  CHECK(all.with_trace("none").empty());
  while (!all.empty())
    all.remove_oldest();
  CHECK(all.with_trace(trace(42)).empty());
  CHECK_FALSE(all.find(count));
}

TEST_CASE(
  "what has ended long ago still forbids its STAN, answers late responses and is opened by a late approval") {
  actors::book b(support::one_upstream());
  const auto bought = support::purchase("00000042", "000001"),
             declined = support::purchase("00000043", "000002");
  live(b, 1, state::approved, bought);
  live(b, 2, state::declined, declined);
  pack_all(b, 3);
  CHECK_FALSE(b.all().contains(1));
  CHECK_FALSE(b.all().contains(2));
  CHECK(b.size() == 3 + actors::book::recent_max);

  CHECK(b.has_approved(1));
  CHECK(b.find_stan_conflict(bought, false)->id == 1);
  CHECK(b.find_stan_conflict(support::purchase("00000042", "000003"), false) == nullptr);
  auto reversal = bought;
  reversal.set(0, "0400");
  CHECK(b.meant_by(reversal)->id == 1);
  REQUIRE(b.matches(response_to(declined)).size() == 1);
  CHECK(b.matches(response_to(declined)).front()->id == 2);

  decision due{kind::reversal_due, 2, shared(response_to(declined)), {}, "late_approval"};
  due.because = actors::cause::late_approval;
  REQUIRE(b.apply(due, now, 0));
  CHECK(b.open().contains(2));
  CHECK(b.all().at(2).request->index().size() > 8);
  CHECK((*b.find(2)->request)[11] == "000002");
  CHECK(b.terminal_blocked("43", true, now));
  CHECK_FALSE(b.apply({kind::delivered, 1}, now, 0));
  CHECK(b.size() == 3 + actors::book::recent_max);

  decision closed{kind::closed, 2};
  closed.outcome = state::reversed;
  REQUIRE(b.apply(closed, now, 0));
  CHECK(b.find(2)->state == state::reversed);
  pack_all(b, 5000);
  CHECK_FALSE(b.all().contains(2));
  CHECK(b.forget_ended_before(now).empty());
  CHECK(b.find(2)->state == state::reversed);
  CHECK(b.forget_ended_before(now + 1ms).size() == b.last_id() - 5000 + 1 + 3 + actors::book::recent_max);
  CHECK(b.size() == 0);
}

TEST_CASE("what can be asked for is not packed") {
  actors::book b(support::one_upstream());
  decision keyed{kind::intent, 1, shared(support::purchase("00000042", "000001"))};
  keyed.options.public_id = "txn_1";
  keyed.options.key = "key";
  REQUIRE(b.apply(keyed, now, 1000));
  decision closed{kind::closed, 1};
  closed.outcome = state::declined;
  REQUIRE(b.apply(closed, now, 1000));
  pack_all(b, 2);
  CHECK(b.all().contains(1));
  CHECK(b.find(1)->options.key == "key");
}

TEST_CASE(
  "a STAN that its terminal uses again and again has none of the packed ones unpacked that it cannot be") {
  actors::book b(support::one_upstream());
  const auto at = [](actors::transaction_id n) {
    auto m = support::purchase("00000042", "000001");
    m.set(12, "2611231" + std::to_string(20000 + n));
    return m;
  };
  constexpr actors::transaction_id uses = 40;
  for (actors::transaction_id id = 1; id <= uses; ++id)
    live(b, id, id % 2 == 0 ? state::approved : state::declined, at(id));
  pack_all(b, uses + 1);
  REQUIRE(b.unpacked_count() == 0);

  CHECK(b.find_stan_conflict(at(uses + 1), false) == nullptr);
  CHECK(b.unpacked_count() == 0);
  const auto* next = b.apply({kind::intent, b.last_id() + 1, shared(at(uses + 1))}, now, 1000);
  REQUIRE(next);
  CHECK(b.has_namesake(*next, false, now, 1000));
  CHECK(b.unpacked_count() == 1);
  b.forget_ended_before(now);
  CHECK_FALSE(b.has_namesake(*next, false, now + 1h, 1000));
  CHECK_FALSE(b.has_namesake(*next, true, now, 1000));
  CHECK(b.unpacked_count() == 0);

  // What it may be is still found, though it is packed.
  CHECK(b.find_stan_conflict(at(7), false)->id == 7);
  CHECK(b.unpacked_count() == 1);
  CHECK(b.find_stan_conflict(at(uses + 1), true)->id == 2);
  b.forget_ended_before(now);
  auto without_time = at(uses + 1);
  without_time.erase(12);
  without_time.erase(7);
  CHECK(b.find_stan_conflict(without_time, false)->id == 1);
}

TEST_CASE("what the book says of a STAN is the same whether those before it are packed or not") {
  const auto [as, code] = GENERATE(table<state, const char*>({{state::approved, "0200"},
                                                              {state::declined, "0200"},
                                                              {state::reversed, "0200"},
                                                              {state::cancelled, "0200"},
                                                              {state::reversed, "0400"}}));
  auto before = support::purchase("00000042", "000001");
  before.set(0, code);
  for (const auto* time : {"261123120000", "261123120001", "261124120000"})
    for (const auto age : {0s, 59s, 60s, 3599s, 3600s}) {
      actors::book whole(support::one_upstream()), packed(support::one_upstream());
      live(whole, 1, as, before);
      live(packed, 1, as, before);
      pack_all(packed, 3);
      auto request = support::purchase("00000042", "000001");
      request.set(12, time);
      for (const bool day : {false, true})
        CHECK((whole.find_stan_conflict(request, day) == nullptr) ==
              (packed.find_stan_conflict(request, day) == nullptr));
      for (auto* b : {&whole, &packed})
        REQUIRE(b->apply({kind::intent, 9000, shared(request)}, now, 1000));
      for (const bool of_reversal : {false, true})
        CHECK(whole.has_namesake(*whole.find(9000), of_reversal, now + age, 1000) ==
              packed.has_namesake(*packed.find(9000), of_reversal, now + age, 1000));
    }
}
