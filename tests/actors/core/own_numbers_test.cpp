#include <catch2/catch.hpp>

#include <set>

#include "actors/core/own_numbers.hpp"

using actors::own_numbers;

namespace {

std::uint64_t first_is_1() { return 0; }

}  // namespace

TEST_CASE("each STAN of the gateway's own is given once before the first comes again") {
  own_numbers numbers;
  std::set<std::uint64_t> given;
  for (std::uint64_t i = 0; i < own_numbers::stan_max; ++i)
    given.insert(numbers.next_stan("", [] { return std::uint64_t(777); }));
  CHECK(given.size() == own_numbers::stan_max);
  CHECK(*given.begin() == 1);
  CHECK(*given.rbegin() == own_numbers::stan_max);
  CHECK(numbers.next_stan("", first_is_1) == 778);
}

TEST_CASE("each host has a counter of STANs of its own") {
  own_numbers numbers;
  CHECK(numbers.next_stan("one", first_is_1) == 1);
  CHECK(numbers.next_stan("one", first_is_1) == 2);
  CHECK(numbers.next_stan("other", first_is_1) == 1);
}

TEST_CASE("RRNs have a counter of their own beside the STANs of their host, and go on behind a restart") {
  own_numbers numbers;
  CHECK(numbers.next_stan("", first_is_1) == 1);
  CHECK(numbers.next_rrn("", 999999, first_is_1) == 1);
  CHECK(numbers.next_rrn("", 999999, first_is_1) == 2);
  CHECK(numbers.next_stan("", first_is_1) == 2);
  const auto due = numbers.take_due();
  REQUIRE(due.size() == 2);
  CHECK(due[1].until == 2 + own_numbers::rrns_at_once);
  own_numbers later;
  for (const auto& d : due)
    later.go_on_behind(d.upstream, d.until);
  CHECK(later.next_rrn("", 999999, first_is_1) == 3 + own_numbers::rrns_at_once);
  CHECK(later.next_stan("", first_is_1) == 3 + own_numbers::reserved_at_once);
}

TEST_CASE("numbers are reserved before half of the last ones are used up, and only of hosts that use some") {
  own_numbers numbers;
  CHECK(numbers.take_due().empty());
  numbers.next_stan("", first_is_1);
  const auto due = numbers.take_due();
  REQUIRE(due.size() == 1);
  CHECK(due[0].until == 1 + own_numbers::reserved_at_once);
  std::uint64_t last = 1;
  while (numbers.take_due().empty())
    last = numbers.next_stan("", first_is_1);
  CHECK(last == own_numbers::reserved_at_once / 2 + 2);
}

TEST_CASE("a later process goes on behind what was reserved, also over the highest STAN") {
  own_numbers numbers;
  numbers.go_on_behind("", 1000);
  CHECK(numbers.take_due().empty());
  CHECK(numbers.next_stan("", first_is_1) == 1001);
  numbers.go_on_behind("", own_numbers::stan_max);
  CHECK(numbers.next_stan("", first_is_1) == 1);
  CHECK(numbers.take_due().at(0).until == own_numbers::stan_max + 1 + own_numbers::reserved_at_once);
}
