// What a raw client's confirmation can mean.

#include <catch2/catch.hpp>

#include "codec/exchange/confirmation.hpp"
#include "tests/support/dialects.hpp"

namespace {

codec::message confirmation() {
  codec::message m("0202");
  m.set(11, "000001");
  m.set(41, "00000042");
  return m;
}

bool may_confirm(const codec::message& m, std::string_view reference = "000000000007") {
  return codec::may_confirm(m, support::purchase(), "000000000600", reference, support::smart_vista());
}

}  // namespace

TEST_CASE("a STAN is earlier than those of the half in front of it, also where they begin again") {
  CHECK(codec::is_earlier_stan("000001", "000002"));
  CHECK_FALSE(codec::is_earlier_stan("000002", "000002"));
  CHECK_FALSE(codec::is_earlier_stan("000002", "000001"));
  CHECK(codec::is_earlier_stan("999999", "000001"));
  CHECK_FALSE(codec::is_earlier_stan("000001", "999999"));
  CHECK(codec::is_earlier_stan("7", "000008"));
}

TEST_CASE("a confirmation means no transaction that its amount, time or RRN contradicts") {
  auto m = confirmation();
  CHECK(may_confirm(m));
  m.set(4, "1000");
  m.set(12, codec::format_local_time(support::noon));
  m.set(37, "000000000007");
  CHECK(may_confirm(m));
  CHECK(may_confirm(m, ""));
  CHECK_FALSE(may_confirm(m, "000000000008"));
  m.set(4, "000000000600");  // as approved
  CHECK(may_confirm(m));
  m.set(4, "000000001001");
  CHECK_FALSE(may_confirm(m));
  m.set(4, "000000001000");
  m.set(12, "261123120001");
  CHECK_FALSE(may_confirm(m));
}

TEST_CASE("a request confirms those before it only where the dialect says so, and a reversal or echo never") {
  auto d = support::smart_vista();
  CHECK_FALSE(codec::confirms_earlier(support::purchase(), d));
  d.confirmation.next_request = true;
  CHECK(codec::confirms_earlier(support::purchase(), d));
  CHECK_FALSE(codec::confirms_earlier(support::echo(), d));
  auto reversal = support::purchase();
  reversal.set(0, "0400");
  CHECK_FALSE(codec::confirms_earlier(reversal, d));
  d.confirmation.mtis.insert("0202");
  CHECK_FALSE(codec::confirms_earlier(confirmation(), d));
}

TEST_CASE("the answer to a confirmation says yes or no, and repeats no card data") {
  auto m = confirmation();
  m.set(35, "4850781234567891=25122011000000000000");
  const auto yes = codec::answer_to_confirmation(m, true, support::smart_vista());
  CHECK(yes.mti() == "0212");
  CHECK(yes[39] == "000");
  CHECK(yes[11] == "000001");
  CHECK_FALSE(yes.has(35));
  CHECK(codec::answer_to_confirmation(m, false, support::smart_vista())[39] == "914");
}
