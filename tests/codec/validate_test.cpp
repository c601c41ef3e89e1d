#include <catch2/catch.hpp>

#include "codec/validate.hpp"
#include "tests/support/dialects.hpp"

using codec::fault;
using codec::fault_code;
using namespace std::chrono_literals;
using support::noon;

namespace {

std::vector<fault> faults_of(const codec::message& m, std::chrono::local_seconds now = noon) {
  std::vector<fault> all;
  for (const auto& f : codec::validate(m, support::smart_vista(), now))
    all.push_back(f.what);
  return all;
}

}  // namespace

TEST_CASE("good requests have no fault") {
  CHECK(faults_of(support::purchase()).empty());
  CHECK(faults_of(support::echo()).empty());
}

TEST_CASE("each mandatory field is missed by its number, in order") {
  for (const int number : {3, 4, 7, 11, 12, 22, 24, 25, 41, 42, 49}) {
    auto m = support::purchase();
    m.erase(number);
    CHECK(faults_of(m) == std::vector{fault{fault_code::missing, number}});
  }
  codec::message m("0800");
  m.set(7, "1123120000");
  m.set(11, "000001");
  m.set(24, "831");
  CHECK(faults_of(m) == std::vector{fault{fault_code::missing, 3}, fault{fault_code::missing, 41}});
}

TEST_CASE("a message type without rules still needs its key fields") {
  codec::message m("0600");
  CHECK(faults_of(m) == std::vector{fault{fault_code::missing, 11}, fault{fault_code::missing, 41}});
}

TEST_CASE("a client may only ask") {
  auto m = support::purchase();
  m.set(0, "0210");
  CHECK(faults_of(m) == std::vector{fault{fault_code::not_a_request, 0}});
}

TEST_CASE(
  "what may move money is money by the dialect, or refused: an advice or a repeat could not be reversed") {
  for (const auto* mti : {"0101", "0120", "0201", "0202", "0220", "0221", "0240", "0720", "0721", "1200"}) {
    INFO(mti);
    auto m = support::purchase();
    m.set(0, mti);
    CHECK(faults_of(m) == std::vector{fault{fault_code::not_reversible, 0}});
  }
  auto authorization = support::purchase();
  authorization.set(0, "0100");
  CHECK(faults_of(authorization).empty());
}

TEST_CASE("a dialect without reversals has no money, so nothing is refused for its sake") {
  auto d = support::smart_vista();
  d.reversal.of.clear();
  auto m = support::purchase();
  m.set(0, "0220");
  CHECK(codec::validate(m, d, noon).empty());
}

TEST_CASE("30 s from now is in time, 31 s is expired, either way") {
  CHECK(faults_of(support::purchase(), noon + 30s).empty());
  CHECK(faults_of(support::purchase(), noon - 30s).empty());
  CHECK(faults_of(support::purchase(), noon + 31s) == std::vector{fault{fault_code::expired, 12}});
  CHECK(faults_of(support::purchase(), noon - 31s) == std::vector{fault{fault_code::expired, 12}});
}

TEST_CASE("a reversal has the time of its purchase, however long ago that was") {
  auto m = support::purchase();
  m.set(0, "0400");
  CHECK(faults_of(m, noon + 24h).empty());
}

TEST_CASE("a local time that is no date is a fault") {
  for (const auto* digits :
       {"261323120000", "260230120000", "261123240000", "261123126000", "000000000000"}) {
    auto m = support::purchase();
    m.set(12, digits);
    CHECK(faults_of(m) == std::vector{fault{fault_code::bad_date, 12}});
  }
}

TEST_CASE("local times read as they are written, also at the turn of the year and on a leap day") {
  for (const auto* digits : {"261231235959", "270101000000", "280229120000"})
    CHECK(codec::format_local_time(*codec::parse_local_time(digits)) == digits);
  CHECK(*codec::parse_local_time("270101000000") - *codec::parse_local_time("261231235959") == 1s);
}
