#include <catch2/catch.hpp>

#include "actors/emulator/bank_ledger.hpp"
#include "tests/support/dialects.hpp"

using support::noon;
using support::purchase;
using support::smart_vista;

namespace {

struct counter {
  actors::bank_ledger bank{support::shared_smart_vista(), 1};

  codec::message ask(const codec::message& m) {
    const auto response = bank.respond(m, noon);
    REQUIRE(response);
    return *response;
  }
  std::string code(const codec::message& m) { return std::string(ask(m)[39]); }
  std::int64_t balance() { return bank.balance(support::test_pan); }
};

codec::message reversal_of(codec::message m) {
  m.set(0, "0400");
  m.set(24, "400");
  return m;
}

}  // namespace

TEST_CASE("an echo is answered with its own fields, a reference and yes") {
  counter c;
  auto m = support::echo();
  m.set(42, "000000000000123");
  const auto r = c.ask(m);
  CHECK(r.mti() == "0810");
  CHECK(r[7] == "1123120000");
  CHECK(r[37].size() == 12);
  CHECK(r[39] == "000");
  CHECK_FALSE(r.has(24));
  CHECK_FALSE(r.has(42));
}

TEST_CASE("a purchase is paid from the card's account, which is opened with 100000") {
  counter c;
  const auto r = c.ask(purchase("00000042", "000001", "000000001000"));
  CHECK(r.mti() == "0210");
  CHECK(r[2] == support::test_pan);
  CHECK(r[37].size() == 12);
  CHECK(r[38].size() == 6);
  CHECK(r[39] == "000");
  CHECK(c.balance() == 99000);
  CHECK(c.code(purchase("00000042", "000002", "000000099001")) == "116");
  CHECK(c.code(purchase("00000042", "000002", "000000099000")) == "000");
  CHECK(c.balance() == 0);
}

TEST_CASE("amounts ending in 777 choose the code, those in 888 the balance") {
  counter c;
  CHECK(c.code(purchase("00000042", "000001", "000000116777")) == "116");
  CHECK(c.code(purchase("00000042", "000001", "000000005777")) == "005");
  CHECK(c.code(purchase("00000042", "000001", "000000555777")) ==
        "116");  // no code of the dialect: a purchase, and too dear
  CHECK(c.balance() == 100000);
  const auto set = c.ask(purchase("00000042", "000001", "000005000888"));
  CHECK(set[39] == "000");
  for (const int field : {2, 37, 38})
    CHECK_FALSE(set.has(field));
  CHECK(c.balance() == 5000);
}

TEST_CASE("an amount of nothing is 5, a balance inquiry's too, and an inquiry with an amount pays it") {
  counter c;
  auto m = purchase("00000042", "000001", "000000000000");
  CHECK(c.code(m) == "005");
  m.set(3, "310000");
  CHECK(c.code(m) == "005");
  m.set(4, "000000001000");
  CHECK(c.code(m) == "000");
  CHECK(c.balance() == 99000);
}

TEST_CASE("without track 2 it is 5, with errors 120, and what is no request of ours gets nothing") {
  counter c;
  auto m = purchase();
  m.erase(35);
  CHECK(c.code(m) == "005");
  m = purchase();
  m.erase(42);
  CHECK(c.code(m) == "120");
  CHECK_FALSE(c.bank.respond(codec::message("0600"), noon));
  m = purchase();
  m.set(0, "0210");
  CHECK_FALSE(c.bank.respond(m, noon));
}

TEST_CASE(
  "a reversal gives the money back once, by reference and card or by terminal, STAN, amount and time") {
  counter c;
  const auto approved = c.ask(purchase());
  CHECK(c.balance() == 99000);
  auto by_reference = reversal_of(purchase());
  by_reference.set(37, std::string(approved[37]));
  CHECK(c.code(by_reference) == "000");
  CHECK(c.balance() == 100000);
  CHECK(c.code(by_reference) == "914");

  c.ask(purchase());
  auto other = reversal_of(purchase("00000042", "000001", "000000002000"));
  CHECK(c.code(other) == "914");
  CHECK(c.code(reversal_of(purchase())) == "000");
  CHECK(c.balance() == 100000);
}

TEST_CASE("a reversal with the card number in place of the track finds its purchase") {
  counter c;
  const auto approved = c.ask(purchase());
  auto kept = reversal_of(purchase());
  kept.erase(35);
  kept.set(2, support::test_pan);
  kept.set(37, std::string(approved[37]));
  CHECK(c.code(kept) == "000");
  CHECK(c.balance() == 100000);
}

TEST_CASE("a reversal may come hours after its purchase") {
  counter c;
  c.ask(purchase());
  const auto r = c.bank.respond(reversal_of(purchase()), noon + std::chrono::hours(5));
  REQUIRE(r);
  CHECK((*r)[39] == "000");
}

TEST_CASE("odd messages and odd dialects do not harm the bank") {
  counter c;
  CHECK_FALSE(c.bank.respond(codec::message("0220"), noon));
  auto odd = smart_vista();
  REQUIRE_FALSE(codec::override_fields(odd, "4:ll-n:12,39:an:2,37:n:4"));
  actors::bank_ledger bank(std::make_shared<const codec::dialect>(odd), 1);
  auto m = purchase();
  m.set(4, "");
  CHECK_FALSE(bank.respond(m, noon)->has(39));  // 120 has no place in two characters
  m.set(4, "1");
  const auto paid = bank.respond(m, noon);
  REQUIRE(paid);
  CHECK((*paid)[39] == "00");
  CHECK_FALSE(paid->has(37));
  auto echoed = bank.respond(support::echo(), noon);
  REQUIRE(echoed);
  CHECK((*echoed)[39] == "00");
}
