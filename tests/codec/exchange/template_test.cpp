#include <catch2/catch.hpp>

#include "codec/dialect/dialect_file.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/exchange/template.hpp"
#include "tests/support/dialects.hpp"

using support::smart_vista;

TEST_CASE("original data elements are a template with the original's values, filled up with zeros") {
  auto m = support::purchase();
  m.set(32, "40055");
  const auto filled = [&](std::string_view text) {
    return codec::fill_template(text, m, smart_vista(), support::noon);
  };
  CHECK(filled("{mti}{stan}{transmission_time}{32:11}{2:11}") ==
        "0200"
        "000001"
        "1123120000"
        "00000040055"
        "00000000000");
  CHECK(filled("{11}{Time, Local Transaction}") == "000001261123120000");
  CHECK(filled("400") == "400");
  CHECK(filled("") == "");
  // Longer than its width it is not cut, so the field refuses it.
  CHECK(filled("{41:4}") == "00000042");
  // A fixed field of digits that is absent is zeros.
  CHECK(filled("{9}.{35}") == "00000000.4850781234567891=25122011000000000000");
}

TEST_CASE("a template of a field that the dialect does not have is refused with its name") {
  const auto fault = [](std::string_view text) {
    return codec::template_fault(text, smart_vista()).value_or("");
  };
  CHECK(fault("{mti}{stan}{32:11}") == "");
  CHECK(fault("{mti}{acquirer}") ==
        "{acquirer}: expected a field that has a row in fields, by alias, name or number, but there is no "
        "'acquirer'");
  CHECK(fault("{stan:x}") ==
        "{stan:x}: expected behind the colon its width, 1 to 99, as in {32:11}, or ll or lll for a length in "
        "front");
  CHECK(fault("{now:HHMM}") ==
        "{now:HHMM}: expected a piece of YYMMDDhhmmss behind the colon, as in {now:MMDDhhmmss}");
  for (const auto* text : {"{32:}", "{32:x}", "{32:0}", "{32:100}", "{}"})
    CHECK_FALSE(fault(text).empty());
  for (const auto* text : {"{mti", "mti}", "{mti}}", "{"})
    CHECK(fault(text) == "expected braces in pairs, but it is \"" + std::string(text) + "\"");
}

TEST_CASE("a reversal has the original data elements that its dialect says") {
  auto d = smart_vista();
  REQUIRE_FALSE(codec::override_fields(d, "90:n:42"));
  d.reversal.set[90] = "{mti}{stan}{transmission_time}{32:11}{2:11}";
  const auto r = codec::reversal_of(support::purchase(), {}, d, support::noon, {});
  CHECK(r.mti() == "0400");
  CHECK(r[24] == "400");
  CHECK(r[90] ==
        "0200"
        "000001"
        "1123120000"
        "00000000000"
        "00000000000");
}

TEST_CASE("a template that can be longer than its field is refused, for the reversal would go without it") {
  const auto d = smart_vista();
  CHECK(codec::template_size_max("{mti}{stan}{transmission_time}{32:11}{41:11}", d) == 4 + 6 + 10 + 11 + 11);
  CHECK(codec::template_size_max("{32:ll}{now:MMDD}x", d) == 2 + 11 + 4 + 1);
}
