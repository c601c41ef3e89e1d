// Which request a reject of the host may mean.

#include <catch2/catch.hpp>

#include <algorithm>

#include "codec/exchange/matching.hpp"
#include "codec/exchange/reject.hpp"
#include "tests/support/dialects.hpp"

namespace {

codec::dialect rejecting(std::initializer_list<const char*> mtis) {
  auto d = support::smart_vista();
  for (const auto* mti : mtis)
    d.rejects.mtis.insert(mti);
  return d;
}

bool may_mean(codec::message reject, const char* mti, const codec::message& request,
              const codec::dialect& d) {
  reject.set(0, mti);
  const auto keys = codec::rejected_keys(reject, d);
  return std::ranges::find(keys, codec::pairing_key(request, d)) != keys.end();
}

}  // namespace

TEST_CASE("an administrative reject may mean a request of any class, one of a class only its own") {
  const auto d = rejecting({"0620", "9200"});
  const auto purchase = support::purchase();
  auto reversal = purchase, advice = purchase;
  reversal.set(0, "0400");
  advice.set(0, "0220");
  CHECK(may_mean(purchase, "0620", purchase, d));
  CHECK(may_mean(purchase, "0620", reversal, d));
  CHECK(may_mean(purchase, "0620", advice, d));
  CHECK(may_mean(purchase, "9200", purchase, d));
  CHECK_FALSE(may_mean(purchase, "9200", reversal, d));
  CHECK_FALSE(may_mean(purchase, "9200", advice, d));
  CHECK_FALSE(may_mean(purchase, "9210", purchase, rejecting({"9210"})));
}

TEST_CASE("a message of a refused frame means itself, whether it is the request or its response") {
  const auto d = rejecting({});
  const auto purchase = support::purchase();
  CHECK(may_mean(purchase, "0200", purchase, d));
  CHECK(may_mean(purchase, "0210", purchase, d));
  CHECK_FALSE(may_mean(purchase, "0400", purchase, d));
  CHECK_FALSE(may_mean(purchase, "0620", purchase, d));
}

TEST_CASE("a reject of another terminal or STAN, or without one of them, means no request") {
  const auto d = rejecting({"0620"});
  const auto purchase = support::purchase("00000042", "000001");
  CHECK_FALSE(may_mean(support::purchase("00000043", "000001"), "0620", purchase, d));
  CHECK_FALSE(may_mean(support::purchase("00000042", "000002"), "0620", purchase, d));
  auto partial = purchase;
  partial.erase(41);
  partial.set(0, "0620");
  CHECK(codec::rejected_keys(partial, d).empty());
  CHECK(codec::rejected_keys(codec::message("06"), d).empty());
}
