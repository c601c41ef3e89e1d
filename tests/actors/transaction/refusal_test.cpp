// The table of refusals, and the pages that show it.

#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "actors/transaction/refusal.hpp"

using actors::all_refusals;
using actors::refusal;

namespace {

// The rows of a page's tables, by each name between backquotes in their first cell: the other cells.
std::map<std::string, std::vector<std::string>> rows_of(const std::string& page) {
  std::ifstream file(std::string(SOURCE_DIR) + "/docs/" + page);
  std::map<std::string, std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `"))
      continue;
    std::vector<std::string> cells;
    std::istringstream parts(line.substr(2));
    for (std::string cell; std::getline(parts, cell, '|');) {
      const auto last = cell.find_last_not_of(' ');
      const auto first = cell.find_first_not_of(' ');
      cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
    }
    std::istringstream names(cells[0]);
    cells.erase(cells.begin());
    for (std::string name; std::getline(names, name, '`');)
      if (!name.empty() && name.find_first_of(" ,") == std::string::npos)
        rows.emplace(name, cells);
  }
  return rows;
}

// Between the journal and a terminal's queue, so no client hears it.
bool is_public(refusal why) { return why != refusal::not_yet; }

}  // namespace

TEST_CASE("every refusal has a row of its own, with a name and a code that no other has") {
  std::set<std::string_view> names, codes;
  for (const auto& f : all_refusals()) {
    INFO(f.name);
    CHECK(&actors::facts_of(f.why) == &f);
    CHECK(actors::to_string(f.why) == f.name);
    CHECK(actors::outcome_unknown(f.why) == f.outcome_unknown);
    CHECK(names.insert(f.name).second);
    if (is_public(f.why))
      CHECK(codes.insert(f.code).second);
  }
  CHECK(all_refusals().back().why == refusal::failed_unknown);
}

TEST_CASE("a number that no refusal has says that the outcome is unknown") {
  CHECK(actors::facts_of(static_cast<refusal>(0)).why == refusal::failed_unknown);
  CHECK(actors::facts_of(static_cast<refusal>(200)).why == refusal::failed_unknown);
}

TEST_CASE("a refusal is a client's or a gateway's error, and what may be at the host is never the client's") {
  for (const auto& f : all_refusals()) {
    INFO(f.name);
    CHECK((f.status == 409 || f.status == 422 || f.status >= 500));
    CHECK((f.legacy_status == 409 || f.legacy_status >= 500));
    if (f.outcome_unknown)
      CHECK((f.status >= 500 && f.legacy_status == 504));
    if (f.status == 503)
      CHECK_FALSE(f.outcome_unknown);  // it says Retry-After
  }
}

TEST_CASE("the page of the architecture tells of each refusal whether it was sent") {
  const auto rows = rows_of("ARCHITECTURE.md");
  for (const auto& f : all_refusals()) {
    if (!is_public(f.why))
      continue;
    INFO(f.name);
    const auto it = rows.find(std::string(f.name));
    REQUIRE(it != rows.end());
    CHECK(it->second.at(1) == (f.outcome_unknown                      ? "unknown"
                               : f.why == refusal::rejected           ? "not processed"
                               : f.why == refusal::reversed_by_client ? "reversed"
                                                                      : "not sent"));
  }
}

TEST_CASE("the page of HTTP tells status, stage and outcome of each refusal") {
  const auto rows = rows_of("HTTP.md");
  for (const auto& f : all_refusals()) {
    // Its client has gone away.
    if (!is_public(f.why) || f.why == refusal::withdrawn)
      continue;
    INFO(f.code);
    const auto it = rows.find(std::string(f.code));
    REQUIRE(it != rows.end());
    CHECK(it->second.at(0) == std::to_string(f.status));
    CHECK(it->second.at(1) == f.stage);
    CHECK(it->second.at(2) == f.outcome);
    if (f.status == 503 && it->second.at(3).find("Retry-After") == std::string::npos)
      FAIL("the row of " << f.code << " does not say Retry-After");
  }
}
