// When a reversal is sent: the pauses between attempts, and how many are at the host at a time.

#include <catch2/catch.hpp>

#include "actors/reversal/retry_schedule.hpp"
#include "tests/actors/reversal/reversal_rig.hpp"

using namespace std::chrono_literals;
using actors::lifecycle::state;
using support::approval;
using test::bank;
using test::pauses_between;

TEST_CASE(
  "a host that is asked to come again is asked at once, after 2 s, six times after 10 s and twice after 300 "
  "s, then every 900 s") {
  bank h;
  h.lose_purchase();
  const auto when = h.attempts_within(3600s, "912");
  CHECK(pauses_between(when) == std::vector<std::chrono::milliseconds>{0s, 2s, 10s, 10s, 10s, 10s, 10s, 10s,
                                                                       300s, 300s, 900s, 900s, 900s});
  CHECK(when.front() == 0s);
  CHECK(h.logged("could not be reversed: no confirmation in 11 attempts, code 912; it is on the list"));
  REQUIRE(h.cases().size() == 1);
  CHECK(h.cases().at(0).state == state::parked);
}

TEST_CASE("a host that does not answer reversals is given 5 s for each, and the same pauses behind") {
  bank h;
  h.lose_purchase();
  CHECK(pauses_between(h.attempts_within(1700s, nullptr)) ==
        std::vector<std::chrono::milliseconds>{5s, 7s, 15s, 15s, 15s, 15s, 15s, 15s, 305s, 305s, 905s});
}

TEST_CASE("the schedule is the old program's, and ends with the eleventh attempt") {
  std::vector<std::chrono::seconds> pauses;
  for (int attempt = 1; actors::pause_behind_attempt(attempt); ++attempt)
    pauses.push_back(*actors::pause_behind_attempt(attempt));
  CHECK(pauses == std::vector<std::chrono::seconds>{0s, 2s, 10s, 10s, 10s, 10s, 10s, 10s, 300s, 300s});
  CHECK_FALSE(actors::pause_behind_attempt(11));
  CHECK_FALSE(actors::pause_behind_attempt(0));
}

TEST_CASE(
  "a code that a person must look at puts a case onto the list at once, and it is tried on every 900 s") {
  for (const auto* code : {"904", "908", "915"}) {
    bank h;
    h.lose_purchase();
    CHECK(h.attempts_within(2000s, code) == std::vector<std::chrono::milliseconds>{0s, 900s, 1800s});
    CHECK(h.logged(std::string("the host refuses the reversal, code ") + code));
    REQUIRE(h.cases().size() == 1);
    h.attempts_within(900s, "400");
    CHECK(h.cases().empty());
  }
}

TEST_CASE(
  "while the link is down no attempt is spent, and when it is up the reversal goes before the terminal's "
  "next purchase") {
  bank h;
  h.client({h.purchase()});
  h.host->vanishes();
  h.run_until_idle();
  const auto next = h.client({h.purchase("00000042", "000002")});
  h.pass(30s);
  h.reconnect();
  REQUIRE(h.host_got().size() == 1);
  CHECK(h.host_got().at(0).mti() == "0400");
  h.host_says(approval(h.host_got().at(0), "400"));
  REQUIRE(h.host_got().size() == 2);
  CHECK(h.host_got().at(1)[11] == "000002");
}

TEST_CASE("a link that falls again and again does not put a case onto the list while nothing was sent") {
  bank h;
  h.lose_purchase();
  h.host_says(approval(h.reversals().at(0), "912"));
  h.host_says(approval(h.reversals().at(1), "912"));  // the next in 2 s
  for (int i = 0; i < 15; ++i) {
    h.host->vanishes();
    h.run_until_idle();
    h.reconnect();
  }
  REQUIRE(h.cases().size() == 1);
  CHECK(h.cases().at(0).state == state::reversal_due);
}

TEST_CASE("of a thousand cases of a night at most 32 are at the host at a time, the oldest first") {
  bank h([](config::settings& s) { s.queue.messages_max = 2000; });
  const auto stan_of = [](int i) { return std::to_string(100000 + i); };
  for (int i = 0; i < 50; ++i)
    h.client({h.purchase(std::to_string(10000000 + i), stan_of(i))});
  REQUIRE(h.host_got().size() == 50);
  h.host->vanishes();
  h.run_until_idle();
  h.reconnect();
  REQUIRE(h.reversals().size() == 32);
  for (int i = 0; i < 32; ++i)
    CHECK(std::ranges::count_if(h.reversals(), [&](const auto& m) { return m[11] == stan_of(i); }) == 1);
  h.host_says(approval(h.reversals().at(0), "400"));
  CHECK(h.reversals().size() == 33);
  for (std::size_t i = 1; i < 50; ++i) {
    REQUIRE(h.reversals().size() > i);
    h.host_says(approval(h.reversals().at(i), "400"));
  }
  CHECK(h.cases().empty());
  CHECK(h.reversals().size() == 50);
}
