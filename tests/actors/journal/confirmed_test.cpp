// Which approvals a raw client says that it has.

#include <catch2/catch.hpp>

#include "actors/journal/book.hpp"
#include "codec/mti.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

using namespace std::chrono_literals;
using actors::decision;
using kind = decision::kind;

namespace {

using ids = std::vector<std::string>;

struct pages {
  actors::book book{support::one_upstream()};

  bool apply(const decision& d) { return book.apply(d, actors::time_point(1h), 1000); }

  void begin(actors::transaction_id id, codec::message m,
             actors::delivery how = actors::delivery::confirm_by_message) {
    REQUIRE(apply({kind::intent,
                   id,
                   std::make_shared<const codec::message>(std::move(m)),
                   {how, "txn_" + std::to_string(id), "key", "digest"}}));
  }
  void approve(actors::transaction_id id, const std::string& reference = "000000000001") {
    auto m = *book.find(id)->request;
    m.set(0, codec::response_mti(m.mti()));
    m.set(37, reference);
    m.set(39, "000");
    REQUIRE(apply({kind::approved, id, std::make_shared<const codec::message>(std::move(m))}));
  }
  void close(actors::transaction_id id, actors::lifecycle::state outcome) {
    decision d{kind::closed, id};
    d.outcome = outcome;
    REQUIRE(apply(d));
  }

  ids confirmed(codec::message m) {
    m.set(0, "0202");
    return book.confirmed(m, false);
  }
  ids confirmed_before(const codec::message& request) { return book.confirmed(request, true); }
};

codec::message at(const char* time, const std::string& stan = "000001") {
  auto m = support::purchase("00000042", stan);
  m.set(12, time);
  return m;
}

codec::message without_time(codec::message m) {
  m.erase(12);
  return m;
}

}  // namespace

TEST_CASE(
  "a confirmation means the approval of its terminal and STAN, and no intent, decline or other client's") {
  pages b;
  b.begin(1, at("261123120000"));
  CHECK(b.confirmed(at("261123120000")).empty());
  b.approve(1);
  CHECK(b.confirmed(at("261123120000")) == ids{"txn_1"});
  CHECK(b.confirmed(without_time(at("261123120000"))) == ids{"txn_1"});
  CHECK(b.confirmed(at("261123120001")).empty());
  CHECK(b.confirmed(at("261123120000", "000002")).empty());
  auto amount = at("261123120000");
  amount.set(4, "000000009999");
  CHECK(b.confirmed(amount).empty());
  b.begin(2, at("261123120000", "000003"), actors::delivery::confirm);
  b.approve(2);
  CHECK(b.confirmed(at("261123120000", "000003")).empty());
}

TEST_CASE("a confirmed approval may be confirmed again, one that is being reversed not") {
  pages b;
  b.begin(1, at("261123120000"));
  b.approve(1);
  const bool is_reversed = GENERATE(false, true);
  if (is_reversed) {
    decision d{kind::reversal_due, 1};
    d.because = actors::cause::undelivered;
    REQUIRE(b.apply(d));
  } else {
    REQUIRE(b.apply({kind::delivered, 1}));
  }
  CHECK(b.confirmed(at("261123120000")) == (is_reversed ? ids{} : ids{"txn_1"}));
}

TEST_CASE(
  "a confirmation that may mean two approvals of one STAN means none, and its time or RRN tells them apart") {
  pages b;
  b.begin(1, at("261123120000"));
  b.approve(1, "000000000001");
  REQUIRE(b.apply({kind::delivered, 1}));
  b.begin(2, at("261123120100"));
  b.approve(2, "000000000002");
  CHECK(b.confirmed(without_time(at("261123120100"))).empty());
  CHECK(b.confirmed(at("261123120100")) == ids{"txn_2"});
  auto reference = without_time(at("261123120100"));
  reference.set(37, "000000000002");
  CHECK(b.confirmed(reference) == ids{"txn_2"});
}

TEST_CASE("a STAN whose first purchase was declined or never sent is certain") {
  pages b;
  b.begin(1, at("261123120000"));
  b.close(1, GENERATE(actors::lifecycle::state::declined, actors::lifecycle::state::cancelled));
  b.begin(2, at("261123120100"));
  b.approve(2);
  CHECK(b.confirmed(without_time(at("261123120100"))) == ids{"txn_2"});
}

TEST_CASE("a terminal's next request means its own approvals with earlier STANs that are not confirmed") {
  pages b;
  for (const auto id : {1, 2, 3}) {
    b.begin(static_cast<actors::transaction_id>(id), at("261123120000", "00000" + std::to_string(id)));
    b.approve(static_cast<actors::transaction_id>(id));
  }
  REQUIRE(b.apply({kind::delivered, 1}));
  CHECK(b.confirmed_before(at("261123120100", "000003")) == ids{"txn_2"});
  CHECK(b.confirmed_before(at("261123120100", "000004")) == ids{"txn_2", "txn_3"});
  CHECK(b.confirmed_before(support::purchase("00000043", "000004")).empty());
  b.book.finish_replay(actors::time_point(2h));
  CHECK(b.confirmed_before(at("261123120100", "000004")) == ids{"txn_2", "txn_3"});
}
