#include <catch2/catch.hpp>

#include "codec/exchange/matching.hpp"
#include "codec/mti.hpp"
#include "tests/support/dialects.hpp"

namespace {

codec::message response_to(codec::message m) {
  m.set(0, codec::response_mti(m.mti()));
  return m;
}

std::string key(const codec::message& m) { return codec::pairing_key(m, support::smart_vista()); }

}  // namespace

TEST_CASE("a response has its request's key, a message of another class or terminal has not") {
  const auto request = support::purchase("00000042", "000001");
  CHECK(key(request) == key(response_to(request)));
  CHECK(key(request) != key(support::purchase("00000043", "000001")));
  CHECK(key(request) != key(support::purchase("00000042", "000002")));
  auto reversal = request;
  reversal.set(0, "0400");
  CHECK(key(request) != key(response_to(reversal)));
  CHECK(key(support::echo("00000042", "000001")) != key(request));
  auto repeat = request;
  repeat.set(0, "0201");
  CHECK(key(repeat) == key(response_to(request)));
  // 0212 answers 0202.
  for (const auto* mti : {"0211", "0212", "0230", "1210"}) {
    auto other = request;
    other.set(0, mti);
    CHECK(key(other) != key(request));
  }
}

TEST_CASE("keys are compared as values, and never run into each other") {
  auto a = support::purchase(), b = a;
  b.set(41, "42");
  CHECK(key(a) == key(b));
  a.set(11, "000001"), a.set(41, "00000023");
  b.set(11, "000012"), b.set(41, "00000003");
  CHECK(key(a) != key(b));
}

TEST_CASE("a response echoes amount, time, merchant and currency where it has them") {
  const auto request = support::purchase();
  const auto changed = [&](int number, const char* value) {
    auto r = response_to(request);
    r.set(number, value);
    return codec::echoes(r, request, support::smart_vista());
  };
  CHECK(codec::echoes(response_to(request), request, support::smart_vista()));
  CHECK(changed(7, "1123120001"));  // the time of sending is the sender's own
  CHECK_FALSE(changed(4, "000000002000"));
  CHECK_FALSE(changed(12, "261123120001"));
  CHECK_FALSE(changed(42, "000000000000999"));
  CHECK_FALSE(changed(49, "840"));
  auto without = response_to(request);
  without.erase(42);
  CHECK(codec::echoes(without, request, support::smart_vista()));
}

TEST_CASE(
  "a response says as its request does whether it is of an inquiry, where it says so, whatever the "
  "accounts") {
  const auto echoed = [](const char* asked, const char* answered) {
    auto request = support::purchase();
    request.set(3, asked);
    auto response = response_to(request);
    response.erase(12);
    if (answered)
      response.set(3, answered);
    else
      response.erase(3);
    return codec::echoes(response, request, support::smart_vista());
  };
  CHECK(echoed("000000", "001000"));
  CHECK(echoed("310000", "313000"));
  CHECK(echoed("000000", nullptr));
  CHECK(echoed("310000", nullptr));
  CHECK_FALSE(echoed("000000", "310000"));
  CHECK_FALSE(echoed("310000", "000000"));
}

TEST_CASE("message types: requests have an even third digit, responses the odd one behind it") {
  CHECK(codec::is_request("0200"));
  CHECK(codec::is_request("0421"));
  CHECK(codec::is_response("0210"));
  CHECK_FALSE(codec::is_request("0210"));
  CHECK_FALSE(codec::is_request("20"));
  CHECK_FALSE(codec::is_response("02a0"));
  CHECK(codec::response_mti("0800") == "0810");
  CHECK(codec::response_mti("0201") == "0210");
  CHECK(codec::response_mti("0420") == "0430");
}

TEST_CASE("the answer to a balance inquiry, and a partial approval, may have another amount") {
  auto inquiry = support::purchase("00000042", "000001", "000000000000");
  inquiry.set(3, "310000");
  auto answer = response_to(inquiry);
  answer.set(4, "000000012345");
  CHECK(codec::echoes(answer, inquiry, support::smart_vista()));
  const auto request = support::purchase();
  auto partial = response_to(request);
  partial.set(4, "000000000500");
  partial.set(39, "000");
  CHECK_FALSE(codec::echoes(partial, request, support::smart_vista()));
  partial.set(39, "002");
  CHECK(codec::echoes(partial, request, support::smart_vista()));
  partial.set(4, "000000009999");
  CHECK_FALSE(codec::echoes(partial, request, support::smart_vista()));
}

TEST_CASE(
  "the answer to a reversal may name what was asked for or what was approved of it, and nothing else") {
  const char *asked = "000000001006", *approved = "000000000600", *other = "000000000300";
  const auto* code = GENERATE("000", "400", "002");
  const auto echoed = [code](const char* reversed, const char* answered, codec::amounts_of_original of) {
    auto request = support::purchase("00000042", "000001", reversed);
    request.set(0, "0400");
    auto response = request;
    response.set(0, "0410");
    response.set(4, answered);
    response.set(39, code);
    return codec::echoes(response, request, support::smart_vista(), of);
  };
  const codec::amounts_of_original partial{asked, approved}, whole{asked, asked}, unheard{asked, {}};
  for (const auto* amount : {asked, approved}) {
    CHECK(echoed(amount, asked, partial));
    CHECK(echoed(amount, approved, partial));
    CHECK(echoed(amount, amount, {}));
    CHECK_FALSE(echoed(amount, other, partial));
    CHECK_FALSE(echoed(amount, "000000000000", partial));
  }
  CHECK(echoed(asked, "1006", whole));
  CHECK(echoed(asked, "600", partial));
  CHECK_FALSE(echoed(asked, approved, whole));
  CHECK_FALSE(echoed(asked, approved, {}));
  // The approval was lost: nobody knows how much it was.
  CHECK(echoed(asked, approved, unheard));
  CHECK_FALSE(echoed(asked, "000000000000", unheard));
  CHECK_FALSE(echoed(approved, asked, unheard));
  // A part is taken back by its own amount.
  CHECK(echoed(other, other, partial));
  CHECK_FALSE(echoed(other, asked, partial));
  CHECK_FALSE(echoed(other, approved, partial));
}

TEST_CASE("a terminal is one, however its number is filled up") {
  codec::message m("0800");
  m.set(41, "00000042");
  CHECK(codec::terminal_of(m) == "42");
  m.set(41, "42");
  CHECK(codec::terminal_of(m) == "42");
}
