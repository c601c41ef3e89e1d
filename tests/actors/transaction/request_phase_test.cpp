// The table of a remembered request's phases.

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "actors/transaction/request_phase.hpp"

using namespace actors::request;

namespace {

template <class Enum>
std::vector<Enum> all_up_to(Enum last) {
  std::vector<Enum> all;
  for (int i = 0; i <= static_cast<int>(last); ++i)
    all.push_back(static_cast<Enum>(i));
  return all;
}

const auto all_phases = all_up_to(phase::reversed);
const auto all_events = all_up_to(event::reversed_by_client);

bool is_refused(phase p) {
  return p == phase::orphaned || p == phase::refused || p == phase::failed || p == phase::reversed;
}

}  // namespace

TEST_CASE("no two rows are of one phase and event, and what no row tells changes nothing") {
  std::set<std::pair<phase, event>> seen;
  for (const auto& r : rows()) {
    INFO(to_string(r.from) << ", " << to_string(r.on));
    CHECK(seen.emplace(r.from, r.on).second);
    CHECK(find(r.from, r.on) == r.to);
  }
  for (const auto p : all_phases)
    for (const auto e : all_events)
      CHECK(find(p, e).has_value() == seen.contains({p, e}));
}

TEST_CASE("every phase and event has a row and a name of its own") {
  std::set<std::string_view> names;
  for (const auto p : all_phases) {
    CHECK(names.insert(to_string(p)).second);
    CHECK(std::ranges::any_of(rows(), [p](const row& r) { return r.from == p || r.to == p; }));
  }
  names.clear();
  for (const auto e : all_events) {
    CHECK(names.insert(to_string(e)).second);
    CHECK(std::ranges::any_of(rows(), [e](const row& r) { return r.on == e; }));
  }
}

TEST_CASE(
  "who was told that a request is refused, or that its answer stands, is never told anything else, but that "
  "its client has reversed it") {
  for (const auto& r : rows()) {
    INFO(to_string(r.from) << ", " << to_string(r.on));
    if (r.from == phase::answered)
      CHECK(r.on == event::reversed_by_client);
    CHECK(r.from != phase::refused);
    if (is_refused(r.from))
      CHECK(is_refused(r.to));
    if (r.to == phase::refused)
      CHECK(r.from == phase::under_way);
  }
}

TEST_CASE("an approval can be taken back until its client has it, and by whatever way it came") {
  for (const auto p : all_phases) {
    INFO(to_string(p));
    CHECK(find(p, event::revoked).has_value() == (is_open_approval(p) || p == phase::reversed));
    CHECK(find(p, event::delivered).has_value() == is_open_approval(p));
    if (is_open_approval(p)) {
      CHECK(find(p, event::delivered) == phase::answered);
      CHECK(find(p, event::revoked) == phase::failed);
    }
  }
}
