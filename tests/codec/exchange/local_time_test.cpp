// The local time of a transaction, in one field or in several.

#include <catch2/catch.hpp>

#include "codec/exchange/local_time.hpp"
#include "tests/support/dialects.hpp"

using namespace std::chrono_literals;
using codec::message;

namespace {

// Time in field 12, date in field 13, as in the 1987 edition.
codec::dialect apart() {
  auto d = support::smart_vista();
  d.local_time.parts = {{13, 2, 4}, {12, 6, 6}};
  return d;
}

message with(const char* field_12, const char* field_13 = "") {
  message m("0200");
  if (*field_12 != '\0')
    m.set(12, field_12);
  if (*field_13 != '\0')
    m.set(13, field_13);
  return m;
}

std::string read(const message& m, const codec::dialect& d, const char* now) {
  const auto t = codec::local_time_of(m, d, *codec::parse_local_time(now));
  return t ? codec::format_local_time(*t) : "none";
}

}  // namespace

TEST_CASE("a local time is read from the fields that the dialect says") {
  CHECK(read(with("261123120000"), support::smart_vista(), "261123120001") == "261123120000");
  CHECK(read(with("120000", "1123"), apart(), "261123120001") == "261123120000");
  CHECK(read(with(""), apart(), "261123120001") == "none");
  CHECK(read(with("250000", "1123"), apart(), "261123120001") == "none");
  CHECK(read(with("1200", "1123"), apart(), "261123120001") == "none");
}

TEST_CASE("what is missing of a date is that which is nearest") {
  CHECK(read(with("235959", "1231"), apart(), "270101000001") == "261231235959");
  CHECK(read(with("000001", "0101"), apart(), "261231235959") == "270101000001");
  CHECK(read(with("235959"), apart(), "261123000001") == "261122235959");
  CHECK(read(with("000001"), apart(), "261123235959") == "261124000001");
}

TEST_CASE("the fields of a local time that are absent are set") {
  auto m = with("", "1122");
  codec::set_local_time(m, apart(), support::noon);
  CHECK(m[12] == "120000");
  CHECK(m[13] == "1122");
}

TEST_CASE("one transaction is known by all digits of its local time, and a day by those of its date") {
  CHECK(codec::local_time_text(with("120000", "1123"), apart()) == "1123120000");
  CHECK(codec::local_day_text(with("120000", "1123"), apart()) == "1123");
  CHECK(codec::local_day_text(with("261123120000"), support::smart_vista()) == "261123");
  auto dateless = with("120000");
  dateless.set(7, "1124120000");
  CHECK(codec::local_day_text(dateless, apart()) == "1124");
  CHECK(codec::moment_text(dateless, apart()) == "120000");
  dateless.erase(12);
  CHECK(codec::moment_text(dateless, apart()) == "1124120000");
}

TEST_CASE("a form of a time is a piece of YYMMDDhhmmss, from one pair of digits to another") {
  CHECK(codec::time_form("MMDD")->from == 2);
  CHECK(codec::time_form("hhmmss")->size == 6);
  for (const auto* text : {"", "YYYY", "MDD", "DDMM", "Y", "hhmmssx"})
    CHECK_FALSE(codec::time_form(text));
}

TEST_CASE("requests may be one transaction where the digits that both say are equal") {
  const auto d = apart();
  const auto may_be = [&d](const message& a, const message& b) { return codec::may_be_same_moment(a, b, d); };
  CHECK(may_be(with("120000", "1123"), with("120000", "1123")));
  CHECK_FALSE(may_be(with("120000", "1123"), with("120000", "1124")));
  CHECK(may_be(with("120000"), with("120000", "1123")));
  CHECK_FALSE(may_be(with("120001"), with("120000", "1123")));
  auto a = with(""), b = with("");
  CHECK(may_be(a, b));
  a.set(7, "1123120000");
  b.set(7, "1123120001");
  CHECK_FALSE(may_be(a, b));
}

TEST_CASE("a response says the time of its request where it has all of it") {
  const auto d = apart();
  CHECK(codec::says_time_of(with("120000", "1123"), with("120000", "1123"), d));
  CHECK(codec::says_time_of(with("120000", "1123"), with("120000"), d));
  CHECK_FALSE(codec::says_time_of(with("120000"), with("120000", "1123"), d));
  CHECK_FALSE(codec::says_time_of(with("120000", "1123"), with(""), d));
  CHECK_FALSE(codec::says_time_of(with(""), with("120000", "1123"), d));
}
