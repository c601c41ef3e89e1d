// Which link of a group gets the next request.

#include <catch2/catch.hpp>

#include "actors/upstream/link_choice.hpp"
#include "tests/actors/upstream/start.hpp"

using config::link_order;
using namespace std::chrono_literals;
using test::start;

namespace {

actors::link_choice choice_of(link_order order, std::chrono::seconds back = 0s) {
  actors::link_choice c(order, back);
  for (const char* name : {"a", "b", "c"}) {
    c.add(name);
    c.learn({name, true}, start);
  }
  return c;
}

}  // namespace

TEST_CASE("no link is chosen while none can send") {
  actors::link_choice c;
  c.add("a");
  CHECK_FALSE(c.next(start));
  CHECK_FALSE(c.is_up());
  c.learn({"a", true}, start);
  CHECK(c.next(start) == "a");
  CHECK(c.is_up());
  c.lose("a", start);
  CHECK_FALSE(c.next(start));
  c.learn({"somebody", true}, start);
  CHECK_FALSE(c.next(start));
}

TEST_CASE("first: the first link that can send gets everything, and gets it again when it is back") {
  auto c = choice_of(link_order::first);
  CHECK(c.next(start) == "a");
  CHECK(c.next(start) == "a");
  c.learn({"a", false}, start + 1s);
  CHECK(c.next(start + 1s) == "b");
  c.learn({"b", false}, start + 2s);
  CHECK(c.next(start + 2s) == "c");
  c.learn({"a", true}, start + 3s);
  CHECK(c.next(start + 3s) == "a");
}

TEST_CASE("a link that was lost is used again when it was up for the time that the group says") {
  auto c = choice_of(link_order::first, 60s);
  CHECK(c.next(start) == "a");
  c.learn({"a", false}, start + 1s);
  c.learn({"a", true}, start + 2s);
  CHECK(c.next(start + 61s) == "b");
  CHECK(c.next(start + 62s) == "a");
  // Lost again within its time: it begins anew.
  c.learn({"a", false}, start + 70s);
  c.learn({"a", true}, start + 71s);
  c.learn({"a", false}, start + 100s);
  c.learn({"a", true}, start + 101s);
  CHECK(c.next(start + 140s) == "b");
  CHECK(c.next(start + 161s) == "a");
}

TEST_CASE("a link that has just come back is better than none") {
  auto c = choice_of(link_order::first, 60s);
  for (const char* name : {"a", "b", "c"})
    c.learn({name, false}, start + 1s);
  c.learn({"c", true}, start + 2s);
  CHECK(c.next(start + 3s) == "c");
  c.learn({"b", true}, start + 4s);
  CHECK(c.next(start + 5s) == "b");
}

TEST_CASE("in_turn: one after the other, without those that cannot send") {
  auto c = choice_of(link_order::in_turn);
  CHECK(c.next(start) == "a");
  CHECK(c.next(start) == "b");
  CHECK(c.next(start) == "c");
  CHECK(c.next(start) == "a");
  c.learn({"b", false}, start);
  CHECK(c.next(start) == "c");
  CHECK(c.next(start) == "a");
  CHECK(c.next(start) == "c");
}

TEST_CASE("least_pending: the link with the fewest requests that are not answered") {
  auto c = choice_of(link_order::least_pending);
  for (int n = 0; n < 3; ++n) {
    const auto link = *c.next(start);
    CHECK(link == std::string(1, static_cast<char>('a' + n)));
    c.sent(link);
  }
  c.ended("b");
  CHECK(c.next(start) == "b");
  c.sent("b");
  c.sent("b");
  c.ended("c");
  c.ended("c");
  CHECK(c.next(start) == "c");
}

TEST_CASE("a group is refused only where no link can send and a host refuses") {
  auto c = choice_of(link_order::first);
  c.learn({"a", false, true}, start);
  CHECK_FALSE(c.is_refused());
  c.learn({"b", false}, start);
  c.learn({"c", false}, start);
  CHECK(c.is_refused());
  CHECK_FALSE(c.is_up());
  c.remove("a");
  CHECK_FALSE(c.is_refused());
}
