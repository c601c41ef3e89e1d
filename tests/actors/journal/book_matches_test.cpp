// Which transaction of the book a response of the host, or a client's own reversal, belongs to.

#include <catch2/catch.hpp>

#include "tests/actors/journal/book_rig.hpp"

using namespace std::chrono_literals;
using actors::decision;
using actors::lifecycle::state;
using test::book_rig;
using test::known_states;
using test::response_to;
using test::reversal_to;
using test::shared;
using kind = decision::kind;

TEST_CASE("a late response finds its purchase by class, terminal, STAN and all that it must repeat") {
  book_rig b;
  const auto request = support::purchase();
  b.reach(state::reversal_due);
  CHECK(b.book.matches(response_to(request)) == std::vector{b.book.find(1)});
  for (const auto& [number, other] : std::map<int, std::string>{{4, "000000009999"},
                                                                {11, "000002"},
                                                                {12, "261123120001"},
                                                                {41, "00000043"},
                                                                {42, "000000000000999"},
                                                                {49, "840"}}) {
    INFO("field " << number);
    auto wrong = response_to(request);
    wrong.set(number, other);
    CHECK(b.book.matches(wrong).empty());
  }
  CHECK(b.book.matches(response_to(reversal_to(request))).empty());
  CHECK(b.book.matches(request).empty());
}

TEST_CASE("of two purchases that a late response could mean, it means the younger") {
  book_rig b;
  b.reach(state::declined, 1);
  b.reach(state::reversal_due, 2);
  CHECK(b.book.matches(response_to(support::purchase())).front() == b.book.find(2));
}

TEST_CASE("a response belongs to a transaction of the host that sent it, and to no other") {
  config::upstream_settings named;
  named.name = "acquirer";
  actors::book pages(
    actors::upstreams({support::one_upstream().all().front(), support::one_upstream(named).all().front()}));
  decision d{kind::intent, 1, shared(support::purchase())};
  d.upstream = "acquirer";
  REQUIRE(pages.apply(d, actors::time_point(1h), 1000));
  const auto response = response_to(support::purchase());
  CHECK(pages.matches(response, "acquirer") == std::vector{pages.find(1)});
  CHECK(pages.matches(response).empty());
  d.id = 2;
  d.upstream = "nobody";
  CHECK_FALSE(pages.apply(d, actors::time_point(1h), 1000));
}

TEST_CASE(
  "a client's own reversal means its purchase by terminal, STAN, time and amount, while that is open or "
  "being told") {
  for (const auto s : known_states) {
    INFO(actors::lifecycle::to_string(s));
    book_rig b;
    b.reach(s);
    const bool means_it = s == state::delivering || actors::lifecycle::is_open_case(s);
    CHECK((b.book.original_of(reversal_to(support::purchase())) != nullptr) == means_it);
  }
  book_rig b;
  b.reach(state::reversal_due);
  CHECK(b.book.original_of(reversal_to(support::purchase("42", "1", "1000"))) == b.book.find(1));
  CHECK(b.book.original_of(reversal_to(support::purchase("00000042", "000001", "000000009999"))) ==
        b.book.find(1));
  CHECK_FALSE(b.book.original_of(reversal_to(support::purchase("00000043"))));
  auto other_time = reversal_to(support::purchase());
  other_time.set(12, "261123120001");
  CHECK_FALSE(b.book.original_of(other_time));
  auto more_and_no_time = reversal_to(support::purchase("00000042", "000001", "000000009999"));
  more_and_no_time.erase(12);
  CHECK_FALSE(b.book.original_of(more_and_no_time));
}
