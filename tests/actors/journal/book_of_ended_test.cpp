// How long the book keeps what has ended, in memory and on the disk.

#include <catch2/catch.hpp>

#include "tests/actors/journal/book_rig.hpp"

using namespace std::chrono_literals;
using actors::decision;
using actors::lifecycle::state;
using test::book_rig;
using test::response_to;
using test::shared;
using kind = decision::kind;

TEST_CASE("what has ended is remembered for its time and then forgotten, what is open never is") {
  book_rig b;
  b.reach(state::declined, 1);
  b.reach(state::reversal_due, 2, support::purchase("00000043"));
  const auto ended = b.now;
  CHECK(b.book.forget_ended_before(ended).empty());
  CHECK(b.book.forget_ended_before(ended + 1ms) == std::vector<actors::transaction_id>{1});
  CHECK(b.book.find(1) == nullptr);
  CHECK(b.book.matches(response_to(support::purchase())).empty());
  CHECK(b.book.forget_ended_before(ended + 1000h).empty());
  CHECK(b.book.find(2));
}

TEST_CASE(
  "of ended purchases that are too many, those with a key stay on the disk for their time, and the others do "
  "not") {
  actors::book book(support::one_upstream(), 1);
  actors::time_point now{1h};
  const auto ended = [&](actors::transaction_id id, const std::string& key, state how) {
    decision d{kind::intent, id, shared(support::purchase("00000042", std::to_string(id)))};
    d.options.key = key;
    REQUIRE(book.apply(d, now, 1000));
    d = {kind::closed, id};
    d.outcome = how;
    REQUIRE(book.apply(d, now, 1000));
  };
  ended(1, "key 1", state::declined);
  ended(2, "", state::declined);
  ended(3, "key 3", state::cancelled);
  now += 1s;
  ended(4, "key 4", state::declined);
  ended(5, "key 5", state::declined);
  using ids = std::vector<actors::transaction_id>;
  CHECK_FALSE(book.on_disk_alone_until());
  CHECK(book.forget_ended_before(now - 24h, true) == ids{2, 3});
  CHECK(book.on_disk_alone_until() == now + 24h);
  CHECK(book.forgotten_early() == 4);
  for (const actors::transaction_id id : {1, 2, 3, 4})
    CHECK(book.find(id) == nullptr);
  CHECK(book.find(5));
  CHECK(book.last_id() == 5);
  CHECK(book.forget_ended_before(now - 1s, true).empty());
  CHECK(book.forget_ended_before(now, true) == ids{1});
  CHECK(book.forget_ended_before(now + 1ms, true) == ids{5, 4});
  CHECK_FALSE(book.on_disk_alone_until());
  CHECK(book.all().empty());
}

TEST_CASE("another process holds to its limit from its beginning, and deletes no key that it still needs") {
  actors::book book(support::one_upstream(), 1);
  const actors::time_point now{1h};
  for (actors::transaction_id id = 1; id <= 5; ++id) {
    decision d{kind::intent, id, shared(support::purchase("00000042", std::to_string(id)))};
    d.options.key = id == 1 ? "" : "key";
    REQUIRE(book.apply(d, now, 1000));
  }
  // The youngest one ends first.
  for (const actors::transaction_id id : {5, 1, 2, 3}) {
    decision d{kind::closed, id};
    d.outcome = state::declined;
    REQUIRE(book.apply(d, now, 1000));
  }
  book.finish_replay(now);
  CHECK(book.all().size() == 2);
  CHECK(book.find(3));
  CHECK(book.find(4)->state == state::reversal_due);
  CHECK(book.last_id() == 5);
  CHECK(book.on_disk_alone_until() == now + 24h);
  CHECK(book.forget_ended_before(now - 24h, true) == std::vector<actors::transaction_id>{1});
}

TEST_CASE("what is to be deleted from the disk is deleted some at a time") {
  actors::book book(support::one_upstream());
  const actors::time_point now{1h};
  for (actors::transaction_id id = 1; id <= actors::book::deleted_max + 1; ++id) {
    REQUIRE(
      book.apply({kind::intent, id, shared(support::purchase("00000042", std::to_string(id)))}, now, 1000));
    decision d{kind::closed, id};
    d.outcome = state::declined;
    REQUIRE(book.apply(d, now, 1000));
  }
  CHECK(book.forget_ended_before(now + 1ms, true).size() == actors::book::deleted_max);
  CHECK(book.all().empty());
  CHECK(book.forget_ended_before(now + 1ms, true) ==
        std::vector<actors::transaction_id>{actors::book::deleted_max + 1});
  CHECK(book.forget_ended_before(now + 1ms, true).empty());
}

TEST_CASE("what was opened again by a late approval is not forgotten with its first end") {
  book_rig b;
  b.reach(state::declined);
  b.now += 1h;
  b.due(1, "late_approval");
  CHECK(b.book.forget_ended_before(b.now).empty());
  b.now += 1h;
  b.close(1, state::reversed);
  CHECK(b.book.forget_ended_before(b.now).empty());
  CHECK(b.book.forget_ended_before(b.now + 1ms).size() == 1);
}
