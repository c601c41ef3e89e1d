#include <catch2/catch.hpp>

#include "codec/exchange/renumber.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/exchange/template.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/support/dialects.hpp"

namespace {

codec::dialect dialect_called(const char* name) {
  return codec::parse_dialect(config::built_in_dialect(name)).value();
}

// Its original data elements name a STAN.
codec::message reversal_with(const std::string& stan, const std::string& named) {
  codec::message m("0400");
  m.set(11, stan);
  m.set(41, "00000042");
  m.set(90, "0200" + named + "1123120000" + std::string(22, '0'));
  return m;
}

}  // namespace

TEST_CASE("a number of a counter is a STAN of six digits") {
  CHECK(codec::stan_text(1) == "000001");
  CHECK(codec::stan_text(999999) == "999999");
}

TEST_CASE("another STAN changes nothing else of a message") {
  auto expected = support::purchase("00000042", "000001");
  const auto renumbered = codec::with_stan(expected, "123456");
  expected.set(11, "123456");
  CHECK(renumbered == expected);
}

TEST_CASE("of a message that goes on as it came, only the bytes of the STAN change") {
  for (const char* name : {"smartvista", "iso87-bcd", "iso87-ebcdic"}) {
    INFO(name);
    const auto d = dialect_called(name);
    codec::message m("0800");
    m.set(7, "1123120000");
    m.set(11, "000001");
    const auto with = [&](const std::string& stan) {
      auto other = m;
      other.set(11, stan);
      return codec::pack(other, d).value() + "behind its end";
    };
    const auto read = codec::unpack_what_can_be_read(with("000001"), d);
    REQUIRE(read.ok());
    REQUIRE_FALSE(read->value.wire().empty());
    const auto renumbered = codec::with_stan(read->value, "123456");
    CHECK(renumbered.wire() == with("123456"));
    CHECK(renumbered[11] == "123456");
  }
}

TEST_CASE("a field stands at a place of a template, if what is in front of it has a fixed size") {
  const auto d = dialect_called("iso87-ascii");
  using place = codec::text_place;
  CHECK(codec::place_of(11, "{mti}{stan}{transmission_time}", d) == place{4, 6});
  CHECK(codec::place_of(7, "{mti}{stan}{transmission_time}", d) == place{10, 10});
  CHECK(codec::place_of(11, "A{now:MMDD}{stan}", d) == place{5, 6});
  CHECK(codec::place_of(11, "{32:11}{stan}", d) == place{11, 6});
  CHECK_FALSE(codec::place_of(11, "{32:ll}{stan}", d));
  CHECK_FALSE(codec::place_of(11, "{mti}{transmission_time}", d));
  CHECK_FALSE(codec::place_of(11, "400", d));
}

TEST_CASE("a reversal names its original's time where its original data elements say one") {
  const auto d = dialect_called("iso87-ascii");
  auto m = reversal_with("000007", "000001");
  m.set(90,
        "0200000001"
        "1123120000" +
          std::string(22, '0'));
  CHECK(codec::named_value(m, 7, d) == "1123120000");
  CHECK(codec::named_value(m, 12, d).empty());
  m.set(90, "0200000001" + std::string(32, '0'));
  CHECK(codec::named_value(m, 7, d).empty());
  m.set(90, "0200000001");
  CHECK(codec::named_value(m, 7, d).empty());
  m.erase(90);
  CHECK(codec::named_value(m, 7, d).empty());
  const auto d93 = dialect_called("iso93-ascii");
  auto other = support::purchase();
  other.set(0, "1420");
  other.set(56,
            "1200000001261123120000"
            "00");
  CHECK(codec::named_value(other, 12, d93) == "261123120000");
}

TEST_CASE("a reversal names its original by its original data elements, or else by its own STAN") {
  const auto d = dialect_called("iso87-ascii");
  CHECK(codec::named_stan(reversal_with("000007", "000001"), d) == "000001");
  CHECK(codec::named_stan(reversal_with("000007", "000000"), d) == "000007");
  auto without = reversal_with("000007", "000001");
  without.erase(90);
  CHECK(codec::named_stan(without, d) == "000007");
}

TEST_CASE("a reversal that names another original has that STAN wherever it named the first") {
  const auto d = dialect_called("iso87-ascii");
  CHECK(codec::naming_original(reversal_with("000001", "000001"), "123456", "654321", d) ==
        reversal_with("123456", "123456"));
  CHECK(codec::naming_original(reversal_with("000007", "000001"), "123456", "654321", d) ==
        reversal_with("654321", "123456"));
}
