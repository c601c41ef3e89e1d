#include "sender/request.hpp"

#include <catch2/catch.hpp>

#include "codec/dialect/dialect_file.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/validate.hpp"
#include "config/dialects.hpp"
#include "tests/support/dialects.hpp"

namespace fields = codec::fields;
using Catch::Contains;

namespace {

constexpr std::chrono::local_seconds now{std::chrono::seconds(1'795'000'000)};

auto made(const std::string& kind, const std::vector<std::string>& words, const codec::dialect& d) {
  return sender::make_request(kind, words, d, now, "000777");
}

codec::message request(const std::string& kind, const std::vector<std::string>& words = {},
                       const codec::dialect& d = support::smart_vista()) {
  auto m = made(kind, words, d);
  if (const auto* why = std::get_if<std::string>(&m))
    FAIL(*why);
  return std::get<codec::message>(std::move(m));
}

std::string refused(const std::string& kind, const std::vector<std::string>& words) {
  const auto m = made(kind, words, support::smart_vista());
  return std::holds_alternative<std::string>(m) ? std::get<std::string>(m) : "";
}

}  // namespace

TEST_CASE("a purchase and an echo of each built-in dialect are what it demands") {
  for (const auto& file : config::built_in_dialects()) {
    CAPTURE(file.name);
    const auto d = codec::parse_dialect(file.text);
    REQUIRE(d);
    for (const auto* kind : {"purchase", "echo"}) {
      CAPTURE(kind);
      const auto m = request(kind, {}, *d);
      CHECK(codec::validate(m, *d, now).empty());
      CHECK(codec::pack(m, *d));
    }
  }
}

TEST_CASE("fields are given by alias, number, path or the short names of the stories") {
  const auto m = request("purchase", {"amount=10.50", "tid=00000042", "42=000000000000007", "55.9f36=0001"});
  CHECK(m[fields::amount] == "000000001050");
  CHECK(m[fields::tid] == "00000042");
  CHECK(m[fields::merchant] == "000000000000007");
  CHECK(m[fields::icc] == "9f36020001");
  CHECK(m[fields::stan] == "000777");
  CHECK(request("purchase", {"currency=392", "amount=1050"})[fields::amount] == "000000001050");
  CHECK(request("purchase", {"amount=3", "currency=392"})[fields::amount] == "000000000003");
}

TEST_CASE("a field without a value is left out, and a card that is given takes the place of the track") {
  CHECK_FALSE(request("purchase", {"track2="}).has(fields::track2));
  const auto m = request("purchase", {"pan=4111111111111111"});
  CHECK(m[fields::pan] == "4111111111111111");
  CHECK_FALSE(m.has(fields::track2));
}

TEST_CASE("an MTI has the fields that are given and no others") {
  const auto m = request("0800", {"stan=000001"});
  CHECK(m.mti() == "0800");
  CHECK(m.index().size() == 2);
}

TEST_CASE("a reversal is what the dialect makes of the purchase that it names") {
  const auto m = request("reversal", {"rrn=123456789012", "tid=00000042", "amount=10.00"});
  CHECK(m.mti() == "0400");
  CHECK(m[fields::reference] == "123456789012");
  CHECK(m[fields::function_code] == "400");
  CHECK_THAT(refused("reversal", {"tid=00000042"}), Contains("rrn="));
}

TEST_CASE("a wrong word is answered with the nearest one, and no value is repeated") {
  CHECK_THAT(refused("purchase", {"amuont=10.00"}), Contains("did you mean 'amount'?"));
  CHECK_THAT(refused("puchase", {}), Contains("did you mean 'purchase'?"));
  CHECK_THAT(refused("purchase", {"tid"}), Contains("name=value"));
  CHECK_THAT(refused("purchase", {"tid=00000001", "41=00000002"}), Contains("given twice"));
  CHECK_THAT(refused("purchase", {"mti=0100"}), Contains("first word"));
  CHECK_THAT(refused("0210", {}), Contains("no request"));
  const auto card = refused("purchase", {"tid=4111111111111111"});
  CHECK_THAT(card, Contains("at most 8 digits") && !Contains("4111111111111111"));
  CHECK_THAT(refused("4111111111111111", {}), !Contains("4111111111111111"));
  CHECK_THAT(refused("purchase", {"4111111111111111"}), !Contains("4111111111111111"));
}
