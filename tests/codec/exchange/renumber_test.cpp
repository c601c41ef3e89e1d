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

TEST_CASE("original data elements say where their STAN stands, if what is in front of it has a fixed size") {
  const auto d = dialect_called("iso87-ascii");
  CHECK(codec::place_of_stan("{mti}{stan}{transmission_time}", d) == 4);
  CHECK(codec::place_of_stan("A{now:MMDD}{stan}", d) == 5);
  CHECK(codec::place_of_stan("{32:11}{stan}", d) == 11);
  CHECK_FALSE(codec::place_of_stan("{32:ll}{stan}", d));
  CHECK_FALSE(codec::place_of_stan("{mti}{transmission_time}", d));
  CHECK_FALSE(codec::place_of_stan("400", d));
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
