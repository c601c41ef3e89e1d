#include "sender/amount.hpp"

#include <catch2/catch.hpp>

namespace {

// The digits, or "wrong".
std::string units_of(std::string_view amount, std::string_view currency) {
  const auto read = sender::in_units(amount, currency);
  const auto* units = std::get_if<sender::units>(&read);
  return units ? units->digits : "wrong";
}

}  // namespace

TEST_CASE("an amount with a point is in the currency's units, digits alone are in its smallest unit") {
  struct row {
    const char *amount, *currency, *units;
  };
  const row rows[] = {{"10.00", "643", "1000"},   {"10.0", "643", "1000"},  {"0.05", "840", "5"},
                      {"0.00", "840", "0"},       {"1000", "643", "1000"},  {"10", "392", "10"},
                      {"10.0", "392", "wrong"},   {"1.234", "414", "1234"}, {"1.2", "414", "1200"},
                      {"1.234", "643", "wrong"},  {"10.", "643", "wrong"},  {".50", "643", "wrong"},
                      {"-1.00", "643", "wrong"},  {"1,00", "643", "wrong"}, {"", "643", "wrong"},
                      {"1.2345", "990", "12345"}, {"1.0.0", "643", "wrong"}};
  for (const auto& r : rows) {
    CAPTURE(r.amount, r.currency);
    CHECK(units_of(r.amount, r.currency) == r.units);
  }
}

TEST_CASE("a wrong amount is answered with one that its currency has") {
  CHECK_THAT(std::get<std::string>(sender::in_units("1.234", "643")), Catch::Contains("as 10.00,"));
  CHECK_THAT(std::get<std::string>(sender::in_units("1.5", "392")), Catch::Contains("as 10,"));
}
