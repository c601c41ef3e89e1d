// Reading a journal: any beginning of it, again and again, after crashes, and what cannot be read.

#include <catch2/catch.hpp>

#include <random>

#include "codec/privacy/retention.hpp"
#include "tests/actors/journal/records_rig.hpp"
#include "tests/support/retained.hpp"

using actors::decision;
using actors::lifecycle::state;
using Catch::Contains;
using test::approved;
using test::attempt;
using test::closed;
using test::delivered;
using test::due;
using test::intent;
using test::now;
using test::paper;
using test::parked;
using test::purchase_with_secrets;
using test::replayed;
using test::response_to;
using test::shared;
using test::some_lives;
using test::text_of;
using kind = decision::kind;

TEST_CASE("every beginning of a journal can be read") {
  const auto lives = some_lives();
  for (std::size_t length = 0; length <= lives.size(); ++length) {
    INFO("the first " << length << " decisions");
    paper p;
    p.write({lives.begin(), lives.begin() + static_cast<std::ptrdiff_t>(length)});
    actors::book b(support::one_upstream());
    CHECK(p.replay(b) == "");
  }
}

TEST_CASE("reading changes nothing: read again, a journal says the same") {
  paper p;
  p.write(some_lives());
  const auto first = replayed(p);
  CHECK(replayed(p) == first);
  actors::book once(support::one_upstream()), twice(support::one_upstream());
  REQUIRE(p.replay(once) == "");
  once.finish_replay(now);
  REQUIRE(p.replay(twice) == "");
  twice.finish_replay(now);
  CHECK(text_of(once) == text_of(twice));
}

TEST_CASE(
  "what the process after a crash decides about interrupted purchases can be read after the next crash, and "
  "says the same") {
  // Each of them was at the host when the first process died; the second begins with all of them due, without
  // a record of that.
  paper p;
  actors::book second(support::one_upstream());
  for (actors::transaction_id id = 1; id <= 4; ++id)
    p.write(intent(id, purchase_with_secrets("0000004" + std::to_string(id))));
  p.write({approved(4)});
  const auto before = p;
  REQUIRE(p.replay(second) == "");
  second.finish_replay(now);
  const std::vector<decision> decided{attempt(1, 1), attempt(1, 2),
                                      attempt(2, 1), closed(2, state::reversed),
                                      parked(3),     due(4, "client_reversal"),
                                      attempt(4, 1)};
  for (std::size_t i = 0; i < decided.size(); ++i) {
    INFO("decision " << i);
    REQUIRE(second.apply(decided[i], now, 0));
    p.write(decided[i]);
    actors::book third(support::one_upstream());
    REQUIRE(p.replay(third) == "");
    third.finish_replay(now);
    // What a purchase has no record of yet is as begun anew.
    CHECK(text_of(third) == [&] {
      actors::book as_begun(support::one_upstream());
      REQUIRE(before.replay(as_begun) == "");
      as_begun.finish_replay(now);
      for (std::size_t earlier = 0; earlier <= i; ++earlier)
        REQUIRE(as_begun.apply(decided[earlier], now, 0));
      as_begun.finish_replay(now);
      return text_of(as_begun);
    }());
  }
}

TEST_CASE(
  "whatever lives and deaths of processes decide, the next start can read it, and begins with what the last "
  "one knew") {
  const auto seed = GENERATE(range(1, 150));
  std::mt19937 random_source(static_cast<std::mt19937::result_type>(seed));
  const auto any = [&random_source](int below) {
    return static_cast<int>(random_source() % static_cast<unsigned>(below));
  };
  constexpr state outcomes[]{state::approved, state::declined, state::reversed, state::cancelled};
  paper p;
  auto alive = std::make_unique<actors::book>(support::one_upstream());
  for (int step = 0; step < 120; ++step) {
    const auto id = static_cast<actors::transaction_id>(1 + any(8));
    decision d{static_cast<kind>(1 + any(7)), id};
    d.outcome = outcomes[any(4)];
    d.attempt = 1 + any(11);
    d.why = any(3) == 0 ? "undetermined" : "why";
    if (d.what == kind::reversal_due)
      d.because = actors::cause_called(d.why);
    if (d.what == kind::intent)
      d = intent(id, support::purchase("0000004" + std::to_string(id)));
    else if (d.what == kind::approved || any(3) == 0)
      d.message =
        shared(response_to(support::purchase("0000004" + std::to_string(id)), any(2) == 0 ? "000" : "912"));
    const auto written = d;
    if (d.what == kind::intent) {
      auto parts = support::parts_to_retain(*d.message, support::smart_vista());
      for (const auto& [number, value] : parts.sealed)
        parts.open.set(number, value);
      d.message = shared(parts.open);
    }
    if (alive->apply(d, now, 1000 + static_cast<std::int64_t>(id)))
      p.write(written);
    if (any(6) != 0)
      continue;
    INFO("step " << step);
    auto next = std::make_unique<actors::book>(support::one_upstream());
    REQUIRE(p.replay(*next) == "");
    next->finish_replay(now);
    alive->finish_replay(now);
    CHECK(text_of(*next) == text_of(*alive));
    alive = std::move(next);
  }
}

TEST_CASE("a record that cannot be read, or is of an unknown kind or outcome, is named") {
  paper p;
  p.write({intent(1), due(1), closed(1, state::reversed)});
  const auto with = [&p](std::size_t at, auto change) {
    auto damaged = p;
    change(damaged.what.records[at]);
    return replayed(damaged);
  };
  CHECK_THAT(with(1, [](store::record& r) { r.content = "{"; }),
             Contains("record 2 of the journal (purchase 1) cannot be read"));
  CHECK_THAT(with(1, [](store::record& r) { r.content = "[]"; }),
             Contains("record 2 ") && Contains("cannot be read"));
  CHECK_THAT(with(0, [](store::record& r) { r.content = "{\"fields\":{\"x\":\"1\"},\"wall\":1}"; }),
             Contains("record 1 ") && Contains("cannot be read"));
  CHECK_THAT(with(0, [](store::record& r) { r.content = "{\"fields\":{\"4\":1},\"wall\":1}"; }),
             Contains("record 1 ") && Contains("cannot be read"));
  CHECK_THAT(with(0, [](store::record& r) { r.content = "{\"wall\":1}"; }),
             Contains("record 1 ") && Contains("does not follow"));
  CHECK_THAT(with(1, [](store::record& r) { r.kind = 99; }),
             Contains("record 2 ") && Contains("does not follow"));
  CHECK_THAT(with(2, [](store::record& r) { r.content = "{\"outcome\":\"vanished\"}"; }),
             Contains("record 3 ") && Contains("cannot be read"));
  CHECK_THAT(with(2, [](store::record& r) { r.content = "{\"outcome\":\"due\"}"; }),
             Contains("record 3 ") && Contains("cannot be read"));
}

TEST_CASE(
  "a record that is cut off or has an item that this program does not know is named, not guessed at") {
  paper p;
  p.write({intent(1), due(1), attempt(1, 300), closed(1, state::reversed)});
  for (std::size_t at = 0; at < p.what.records.size(); ++at) {
    const auto whole = p.what.records[at].content;
    for (std::size_t length = 0; length < whole.size(); ++length) {
      INFO("record " << at + 1 << ", its first " << length << " bytes");
      auto cut = p;
      cut.what.records[at].content = whole.substr(0, length);
      const auto why = replayed(cut);
      // Where an item ends, what is left may be a record of another meaning; the store's checksum excludes
      // it.
      if (why.find("cannot be read") == std::string::npos && why.find("does not open") == std::string::npos)
        CHECK_NOTHROW(actors::read_record(cut.what.records[at], *cut.sealer));
    }
    auto unknown = p;
    unknown.what.records[at].content += std::string("\xff\x00", 2);
    CHECK_THAT(replayed(unknown),
               Contains("record " + std::to_string(at + 1) + " ") && Contains("cannot be read"));
    auto newer = p;
    newer.what.records[at].content.front() = 2;
    CHECK_THAT(replayed(newer),
               Contains("record " + std::to_string(at + 1) + " ") && Contains("cannot be read"));
  }
}

TEST_CASE("a record that does not follow from those before it is named") {
  for (const auto& [first, wrong] : std::vector<std::pair<std::vector<decision>, decision>>{
         {{}, approved(1)},
         {{}, attempt(1, 1)},
         {{intent(1)}, intent(1)},
         {{intent(1)}, delivered(1)},
         {{intent(1), closed(1, state::declined)}, approved(1)},
         {{intent(1), approved(1), delivered(1)}, due(1)},
         {{intent(1), due(1)}, delivered(1)},
         {{intent(1), approved(1)}, attempt(1, 1)}}) {
    paper p;
    p.write(first);
    p.write(wrong);
    CHECK_THAT(replayed(p), Contains("record " + std::to_string(first.size() + 1) +
                                     " of the journal (purchase 1) does not follow from those before it"));
  }
}

TEST_CASE("after a restart another card is still another one, also of a purchase that has ended") {
  paper p;
  auto bought = intent(1, purchase_with_secrets());
  p.write({bought, approved(1), delivered(1)});
  CHECK(p.what.cards.empty());
  actors::book b(support::one_upstream());
  REQUIRE(p.replay(b) == "");
  b.finish_replay(now);
  auto own = purchase_with_secrets();
  own.set(0, "0400");
  CHECK(b.meant_by(own) == b.find(1));
  own.set(35, "4111111111111111=25122011000000000000");
  CHECK_FALSE(b.meant_by(own));
}
