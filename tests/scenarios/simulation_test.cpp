// Random worlds around a gateway, in virtual time. `socketqueue simulate` makes as many as one likes; here
// are enough to notice when something breaks.

#include <catch2/catch.hpp>

#include <set>

#include "scenarios/simulator/run.hpp"
#include "tests/support/dialects.hpp"

TEST_CASE("random worlds violate nothing, and everything happens in them") {
  simulator::tally sums;
  for (std::uint64_t seed = 1; seed <= 160; ++seed) {
    const auto r = simulator::run({seed, 30, false, seed % 16 == 0}, support::smart_vista());
    INFO(r.story);
    REQUIRE(r.invariant == "");
    sums.add(r.sums);
  }
  CHECK(sums.purchases >= 160 * 30);  // a message that is sent again may be another purchase
  CHECK(sums.approvals > 1000);
  CHECK(sums.reversals > 300);
  CHECK(sums.restarts > 100);
  CHECK(sums.unconfirmed > 0);
  CHECK(sums.own_reversals > 500);
  CHECK(sums.inquiries > 500);
  for (const auto* kind :
       {"kill", "power_loss", "drain", "actor_death", "disk_slow", "disk_fails", "disk_fails_but_keeps",
        "disk_full", "disk_nearly_full", "link_cut", "host_hangs_up", "host_refuses", "host_black_hole",
        "message_lost", "host_chatters", "stands_still", "operator_mistypes", "older_journal"}) {
    INFO(kind);
    CHECK(sums.faults[kind] > 0);
  }
}

TEST_CASE(
  "random worlds with two links to the bank, and clients that confirm by a message, violate nothing") {
  for (std::uint64_t seed = 1001; seed <= 1060; ++seed) {
    const auto r = simulator::run({seed, 30, false, false, 2}, support::smart_vista());
    INFO(r.story);
    REQUIRE(r.invariant == "");
  }
}

TEST_CASE("a world of one purchase, and one of two hundred") {
  for (const std::uint64_t purchases : {1, 200})
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const auto r = simulator::run({seed, purchases, false, false}, support::smart_vista());
      INFO(r.story);
      CHECK(r.invariant == "");
      CHECK(r.sums.purchases >= purchases);
    }
}

TEST_CASE("one seed is one world, to the last message, and ten seeds are ten worlds") {
  const auto trace_of = [](std::uint64_t seed) {
    return simulator::run({seed, 10, true, false}, support::smart_vista()).trace;
  };
  CHECK(trace_of(7) == trace_of(7));
  std::set<std::string> worlds;
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    worlds.insert(trace_of(seed));
  CHECK(worlds.size() == 10);
}

// Worlds in which something went wrong once.
TEST_CASE("what was mended stays whole") {
  for (const std::uint64_t seed : {3, 4, 84, 139, 150, 775, 984, 3074, 10062, 32496, 37883}) {
    const auto r = simulator::run({seed, 30, false, false}, support::smart_vista());
    INFO(r.story);
    CHECK(r.invariant == "");
  }
}
