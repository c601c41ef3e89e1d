// Disturbances under load, and the judge of them: an audit that finds nothing is worth something only where
// it could have.

#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "tests/chaos/books.hpp"

using Catch::Contains;
using chaos::books;
using chaos::client_outcome;
using chaos::trace;

namespace {

constexpr trace one{10000001, 1};

// A purchase of 10.00 that came to the bank once and was booked once.
void buy(books& b, client_outcome how) {
  b.open(one, 1000, false);
  b.record(one, how);
  auto& a = b.at_bank(one);
  a.amount = 1000;
  a.requests = a.bookings = 1;
}

std::string wrong_with(const books& b, const std::set<trace>& kept = {}, const std::set<trace>& open = {}) {
  std::string all;
  for (const auto& v : b.reconcile(kept, open).violations)
    all += v + "\n";
  return all;
}

}  // namespace

TEST_CASE(
  "the gateway is killed ten times under load: nothing is orphaned, nothing shown as approved is reversed, "
  "nothing is charged twice") {
  CHECK(std::system(CHAOS " --program=" PROGRAM " --kills=10 --brief --seed=1") == 0);
}

TEST_CASE(
  "clients reset their connections when they have read, and nothing that they have read is reversed") {
  CHECK(std::system(CHAOS " --program=" PROGRAM " --scene=resets --brief --seed=1") == 0);
}

TEST_CASE(
  "clients read their approvals when the gateway has given up, and nothing that they have read is reversed") {
  CHECK(std::system(CHAOS " --program=" PROGRAM " --scene=late-readers --brief --seed=1") == 0);
}

TEST_CASE(
  "a proxy that is slow, cut, and resets: it loses only what it has acknowledged, and nothing of those that "
  "confirm") {
  CHECK(std::system(CHAOS " --program=" PROGRAM " --scene=relay --brief --seed=1") == 0);
}

TEST_CASE(
  "a scene that does not exist, and kills in a scene that has no number of them, are refused with a "
  "sentence") {
  const auto misused = [](const char* options) {
    return WEXITSTATUS(std::system((std::string(CHAOS " --program=" PROGRAM " ") + options).c_str()));
  };
  CHECK(misused("--scene=picnic") == 2);
  CHECK(misused("--scene=relay --kills=3") == 2);
  CHECK(std::system(CHAOS " --list") == 0);
}

TEST_CASE("the audit finds money that nobody was told of and that is on no list") {
  const auto how = GENERATE(client_outcome::nothing, client_outcome::declined, client_outcome::failed);
  books b;
  buy(b, how);
  CHECK_THAT(wrong_with(b),
             Contains("TID 10000001 STAN 1: the bank holds it") && Contains("it is no open case"));
  CHECK(wrong_with(b, {one}).empty());
  CHECK(wrong_with(b, {}, {one}).empty());
}

TEST_CASE("the audit finds what was shown as approved and is reversed, or is about to be") {
  books b;
  buy(b, client_outcome::approved);
  CHECK(b.reconcile({}, {}).good());
  CHECK_THAT(wrong_with(b, {}, {one}), Contains("told approved, and it is being reversed"));
  b.at_bank(one).reversed = true;
  CHECK_THAT(wrong_with(b), Contains("told approved, and it is reversed"));
}

TEST_CASE("the audit excuses what a proxy has acknowledged and lost, and only that") {
  books b;
  buy(b, client_outcome::nothing);
  auto& r = b.at_client(one);
  r.behind_proxy = true;
  CHECK_THAT(wrong_with(b), Contains("it is no open case"));
  r.way_broken = true;
  CHECK(b.reconcile({}, {}).good());
  CHECK(b.reconcile({}, {}).lost_behind.amount == 1000);
  r.behind_proxy = false;
  CHECK_THAT(wrong_with(b), Contains("it is no open case"));
}

TEST_CASE(
  "the audit excuses a reversal where the client's acknowledgements were lost after it had read, and only "
  "there") {
  books b;
  buy(b, client_outcome::approved);
  b.at_bank(one).reversed = true;
  b.acknowledgements_lost_since(b.now() + std::chrono::seconds(1));
  CHECK_THAT(wrong_with(b), Contains("told approved, and it is reversed"));
  b.acknowledgements_lost_since(std::chrono::milliseconds(0));
  CHECK(wrong_with(b).empty());
  CHECK(b.reconcile({}, {}).ack_lost.amount == 1000);
}

TEST_CASE("a purchase that is wrong comes with its history") {
  books b;
  buy(b, client_outcome::nothing);
  b.log_to_all("the gateway is killed");
  CHECK(b.reconcile({}, {}).suspects == std::vector<trace>{one});
  std::string all;
  for (const auto& line : b.history(one))
    all += line + "\n";
  CHECK_THAT(all, Contains("its client asks for 1000") && Contains("(the gateway is killed)"));
}

TEST_CASE(
  "the audit finds what was charged or sent twice, or sent although its client was told that it was not") {
  books twice;
  buy(twice, client_outcome::approved);
  twice.at_bank(one).requests = twice.at_bank(one).bookings = 2;
  CHECK_THAT(wrong_with(twice), Contains("charged 2 times") && Contains("sent to the bank 2 times"));
  books unsent;
  buy(unsent, client_outcome::not_sent);
  unsent.at_bank(one).reversed = true;
  CHECK_THAT(wrong_with(unsent), Contains("told that it was not sent, and the bank got it"));
}

TEST_CASE(
  "the audit finds a client that was told one thing and later another, but for a no that became a failure") {
  struct change {
    client_outcome before, after;
    bool may;
  };
  const auto c = GENERATE(change{client_outcome::approved, client_outcome::failed, false},
                          change{client_outcome::failed, client_outcome::approved, false},
                          change{client_outcome::declined, client_outcome::approved, false},
                          change{client_outcome::declined, client_outcome::failed, true},
                          change{client_outcome::not_sent, client_outcome::approved, true});
  books b;
  b.open(one, 1000, true);
  b.record(one, c.before);
  b.record(one, c.after);
  CHECK((wrong_with(b).find("and later") == std::string::npos) == c.may);
}
