// Decisions on their way to a disk and back: what is written, and where card data lies.

#include <catch2/catch.hpp>

#include "codec/privacy/retention.hpp"
#include "tests/actors/journal/records_rig.hpp"
#include "tests/support/retained.hpp"

using actors::decision;
using actors::lifecycle::state;
using Catch::Contains;
using test::approved;
using test::attempt;
using test::closed;
using test::delivered;
using test::due;
using test::intent;
using test::now;
using test::paper;
using test::parked;
using test::purchase_with_secrets;
using test::replayed;
using test::response_to;
using test::shared;
using test::some_lives;
using test::test_sealer;
using test::text_of;
using kind = decision::kind;

TEST_CASE("what is read is what was decided, of every kind of decision") {
  for (std::size_t length = 1; length <= some_lives().size(); ++length) {
    INFO("the first " << length << " decisions");
    paper p;
    actors::book told(support::one_upstream());
    const auto lives = some_lives();
    for (std::size_t i = 0; i < length; ++i) {
      auto d = lives[i];
      p.write(d);
      // What must not be kept is not there any more.
      if (d.what == kind::intent) {
        auto parts = support::parts_to_retain(*d.message, support::smart_vista());
        for (const auto& [number, value] : parts.sealed)
          parts.open.set(number, value);
        d.message = shared(parts.open);
      }
      REQUIRE(told.apply(d, now, 1000 + static_cast<std::int64_t>(d.id)));
    }
    CHECK(replayed(p) == text_of(told));
  }
}

TEST_CASE("no card data is in anything that is written") {
  paper p;
  auto lives = some_lives();
  decision undetermined = due(7, "undetermined");
  undetermined.message = shared(response_to(purchase_with_secrets("00000048"), "912"));
  lives.push_back(undetermined);
  for (const auto& d : lives) {
    store::batch b;
    actors::write_decision(b, d, 1000, support::smart_vista(), *p.sealer);
    std::string all;
    for (const auto& r : b.records)
      all += r.content;
    for (const auto& [_, card] : b.cards)
      all += card;
    for (const auto* secret : {support::test_pan, "4850781234567891=", "25122011", "251200",
                               "0123456789abcdef", "5a084850", "4111111111111111", "485078", "7891"}) {
      INFO("a decision of kind " << static_cast<int>(d.what));
      CHECK(all.find(secret) == std::string::npos);
    }
  }
}

TEST_CASE(
  "the card lies beside the records, sealed, until its purchase has ended or its client has its approval") {
  paper p;
  p.write(intent(1));
  CHECK(p.what.cards.contains(1));
  p.write({approved(1)});
  CHECK(p.what.cards.contains(1));
  p.write({delivered(1)});
  CHECK_FALSE(p.what.cards.contains(1));
  p.write({intent(2), due(2), attempt(2, 1), parked(2)});
  CHECK(p.what.cards.contains(2));
  p.write(closed(2, state::reversed));
  CHECK_FALSE(p.what.cards.contains(2));
}

TEST_CASE("a sealed card belongs to its purchase: number, terminal, STAN and amount") {
  paper p;
  p.write({intent(1, purchase_with_secrets("00000042")), intent(2, purchase_with_secrets("00000043"))});
  auto swapped = p;
  std::swap(swapped.what.cards.at(1), swapped.what.cards.at(2));
  CHECK_THAT(replayed(swapped),
             Contains("record 1 of the journal (purchase 1)") && Contains("does not open"));
  auto other_amount = p;
  auto& content = other_amount.what.records[1].content;
  content.replace(content.find("000000001000"), 12, "000000009000");
  CHECK_THAT(replayed(other_amount),
             Contains("record 2 of the journal (purchase 2)") && Contains("does not open"));
  auto bit = p;
  bit.what.cards.at(1).back() = static_cast<char>(bit.what.cards.at(1).back() ^ 1);
  CHECK_THAT(replayed(bit), Contains("does not open"));
}

TEST_CASE(
  "an intent tells the key by which its purchase is found, when it is written and when it is read, and no "
  "other record does") {
  const auto sealer = test_sealer();
  for (const auto& d : some_lives()) {
    store::batch b;
    actors::write_decision(b, d, 1000, support::smart_vista(), sealer);
    const bool has_key = d.what == kind::intent;
    CHECK(b.keys.size() == (has_key ? 1 : 0));
    CHECK(actors::key_of(b.records.at(0), sealer) == (has_key ? "key" : ""));
    if (has_key)
      CHECK(b.keys[0] == std::pair(std::string("key"), d.id));
  }
  auto keyless = intent(1);
  keyless.options.key.clear();
  store::batch b;
  actors::write_decision(b, keyless, 1000, support::smart_vista(), sealer);
  CHECK(b.keys.empty());
  CHECK(actors::key_of(b.records.at(0), sealer) == "");
  // Keys were once written in clear.
  CHECK(actors::key_of({1, 1, 1, R"({"key":"order-1","digest":"x","wall":1})"}, sealer) ==
        sealer.fingerprint(actors::http_key("order-1")));
  CHECK(actors::key_of({1, 1, 1, R"({"key":)"}, sealer) == "");
}

TEST_CASE("another key opens nothing") {
  paper p;
  p.write(intent(1));
  actors::book b(support::one_upstream());
  CHECK_THAT(actors::replay(b, p.what, test_sealer(8), now),
             Contains("card data that the journal's key does not open"));
}

TEST_CASE("bytes that are no text come back as they were") {
  paper p;
  auto request = support::purchase();
  request.set(62, "caf\xe9 \x80\xff");
  auto d = intent(1, request);
  d.options.key = "k\xe9y";
  p.write(d);
  auto yes = approved(1);
  auto response = *yes.message;
  response.set(38,
               "AB\xe9"
               "123");
  yes.message = shared(response);
  p.write(yes);
  actors::book b(support::one_upstream());
  REQUIRE(p.replay(b) == "");
  const auto& read = *b.find(1);
  CHECK((*read.request)[62] == "caf\xe9 \x80\xff");
  CHECK(read.options.key == "k\xe9y");
  CHECK(read.reference_fields[38] ==
        "AB\xe9"
        "123");
  CHECK((*read.response)[38] ==
        "AB\xe9"
        "123");
}

TEST_CASE(
  "a transaction has the host that it is for on the disk too, but for the only host, which has no name") {
  const auto other = std::make_shared<const codec::dialect>(
    codec::parse_dialect(config::built_in_dialect("iso87-ascii")).value());
  config::upstream_settings named;
  named.name = "acquirer";
  const actors::upstreams two(
    {support::one_upstream().all().front(), actors::upstreams::only(other, named).all().front()});
  paper p;
  p.write(intent(1));
  auto second = intent(2, purchase_with_secrets("00000043"));
  second.upstream = "acquirer";
  p.write(second);
  p.write(approved(2));
  CHECK_THAT(p.what.records.at(1).content, Contains("acquirer"));
  CHECK_THAT(p.what.records.at(2).content, !Contains("acquirer"));

  actors::book b(two);
  REQUIRE(p.replay(b) == "");
  CHECK(b.find(1)->upstream == "");
  CHECK(b.dialect_of(*b.find(1)).name == support::smart_vista().name);
  CHECK(b.find(2)->upstream == "acquirer");
  CHECK(b.dialect_of(*b.find(2)).name == other->name);

  CHECK(replayed(p) ==
        "record 2 of the journal (purchase 2) is for the host 'acquirer', which this gateway does not have; "
        "start it with that host, or name it in `formerly` of the group that leads to the same bank");
}

TEST_CASE("the numbers that are reserved for the gateway's own STANs are read back, the last of each host") {
  paper p;
  const auto reserve = [&p](actors::transaction_id id, const std::string& host, std::uint64_t until) {
    store::batch b;
    actors::write_reservation(b, id, {host, until});
    b.records.front().sequence = p.what.records.size() + 1;
    p.what.records.push_back(b.records.front());
  };
  reserve(1, "", 1000);
  p.write(intent(2));
  reserve(3, "", 2000);
  reserve(4, "other", 77);
  actors::book b(support::one_upstream());
  REQUIRE(p.replay(b).empty());
  CHECK(b.reserved().at("").until == 2000);
  CHECK(b.reserved().at("other").until == 77);
  CHECK(b.last_id() == 4);
  CHECK(b.all().size() == 1);
  CHECK(b.forget_ended_before(now, true) == std::vector<actors::transaction_id>{1});
}

TEST_CASE("what an adopted journal has reserved says nothing, for STANs were given after it was copied") {
  paper p;
  store::batch b;
  actors::write_reservation(b, 3, {"", 1000});
  p.what.records = b.records;
  p.what.adopted = 3;
  actors::book read(support::one_upstream());
  REQUIRE(p.replay(read).empty());
  CHECK(read.reserved().at("").until == 0);
  CHECK(read.last_id() == 3);
}

TEST_CASE(
  "that a client was told of an unknown outcome is read back where nothing was processed, and never from an "
  "operator's words") {
  for (const auto outcome : {state::cancelled, state::declined}) {
    paper p;
    auto end = closed(9, outcome);
    end.because = actors::cause::failed;
    p.write({intent(9), end});
    actors::book b(support::one_upstream());
    REQUIRE(p.replay(b) == "");
    CHECK(b.find(9)->because == actors::cause::failed);
  }
  paper p;
  auto end = closed(8, state::reversed, "anna");
  end.why = "failed_unknown";
  p.write({intent(8), due(8), parked(8), end});
  actors::book b(support::one_upstream());
  REQUIRE(p.replay(b) == "");
  CHECK(b.find(8)->state == state::reversed);
  CHECK(b.find(8)->because != actors::cause::failed);
}
