// RRNs of the gateway's own.

#include <catch2/catch.hpp>

#include "codec/exchange/reversal.hpp"
#include "codec/exchange/rrn.hpp"
#include "codec/validate.hpp"
#include "tests/support/dialects.hpp"

namespace {

codec::dialect filling(const char* format) {
  auto d = support::smart_vista();
  d.rrn = {true, format};
  return d;
}

}  // namespace

TEST_CASE("an RRN has the pieces of its format, and the last digits of its number") {
  struct row {
    const char* format;
    std::uint64_t number;
    const char* text;
  };
  // 2026-11-23 is day 327.
  const auto r =
    GENERATE(row{"YDDDhhNNNNNN", 7, "632712000007"}, row{"YYMMDDNNNNNN", 999999, "261123999999"},
             row{"NNNNNNNNNNNN", 12345678901, "012345678901"}, row{"77hhmmNNNNNN", 1, "771200000001"});
  const auto d = filling(r.format);
  CHECK(codec::rrn_text(r.number, d, support::noon) == r.text);
  CHECK(codec::rrn_sample(r.format)->size() == 12);
}

TEST_CASE("what is no format of RRNs is none") {
  for (const auto* format :
       {"", "YDDDhh", "NNNNN", "NNNNNNNNNNNNN", "NNNNNNYNNNNNN", "DNNNNNNNN", "xNNNNNN"}) {
    INFO(format);
    CHECK_FALSE(codec::rrn_sample(format));
  }
}

TEST_CASE("a counter has as many numbers as its digits") {
  CHECK(codec::rrn_count(filling("YDDDhhNNNNNN")) == 999999);
  CHECK(codec::rrn_count(filling("NNNNNNNNNNNN")) == 999999999999);
}

TEST_CASE("a financial request without an RRN needs one where the dialect says so, and no other") {
  const auto d = filling("NNNNNNNNNNNN");
  auto m = support::purchase();
  CHECK(codec::needs_rrn(m, d));
  CHECK_FALSE(codec::needs_rrn(m, support::smart_vista()));
  CHECK_FALSE(codec::needs_rrn(support::echo(), d));
  CHECK_FALSE(codec::needs_rrn(codec::with_rrn(m, "000000000001"), d));
  m.set(0, "0400");
  CHECK_FALSE(codec::needs_rrn(m, d));
}

TEST_CASE(
  "a reversal repeats the RRN of the gateway's own, whatever the dialect leaves out and the host says") {
  const auto d = filling("NNNNNNNNNNNN");
  const auto request = codec::with_rrn(support::purchase(), "000000000007");
  codec::message heard("0210");
  heard.set(37, "000000009999");
  for (const auto& response : {codec::message(), heard})
    CHECK(codec::reversal_of(request, response, d, support::noon, {})[37] == "000000000007");
  CHECK(codec::reversal_of(request, heard, support::smart_vista(), support::noon, {})[37] == "000000009999");
}

TEST_CASE("a client need not give an RRN that the gateway gives") {
  auto d = filling("NNNNNNNNNNNN");
  d.mandatory["0200"].push_back(37);
  CHECK(codec::validate(support::purchase(), d, support::noon).empty());
  d.rrn.fill = false;
  CHECK(codec::validate(support::purchase(), d, support::noon).size() == 1);
}
