// Decisions on their way to a disk and back.

#include <catch2/catch.hpp>

#include <random>

#include "actors/journal/journal_records.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/retention.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

using namespace std::chrono_literals;
using actors::decision;
using actors::lifecycle::state;
using Catch::Contains;
using kind = decision::kind;

namespace {

const auto now = actors::time_point(1h);

actors::message_ptr shared(codec::message m) { return std::make_shared<const codec::message>(std::move(m)); }

store::sealer test_sealer(unsigned char fill = 7) {
  store::sealer::key key{};
  key.fill(fill);
  return store::sealer(key);
}

// With everything that must never be read on a disk.
codec::message purchase_with_secrets(const std::string& tid = "00000042",
                                     const std::string& stan = "000001") {
  auto m = support::purchase(tid, stan);
  m.set(14, "251200");
  m.set(52, "0123456789abcdef");
  m.set(55, "5a084850781234567891");
  m.set(62, "card 4111111111111111");
  return m;
}

codec::message answer_to(codec::message m, const std::string& code = "000") {
  m.set(0, codec::response_mti(m.mti()));
  m.set(37, "000000000001");
  m.set(38, "ABC123");
  m.set(39, code);
  return m;
}

decision intent(actors::transaction_id id, const codec::message& request = purchase_with_secrets()) {
  return {kind::intent,
          id,
          shared(request),
          {actors::delivery::idempotent, "txn_" + std::to_string(id), "key", "digest"}};
}

decision renumbered_intent(actors::transaction_id id, const std::string& client_stan) {
  auto d = intent(id, purchase_with_secrets("00000051", "123456"));
  d.client_stan = client_stan;
  d.way = 0x123456789abcdef;
  return d;
}

decision approved(actors::transaction_id id) {
  return {kind::approved, id, shared(answer_to(purchase_with_secrets()))};
}

decision due(actors::transaction_id id, const std::string& why = "timed_out") {
  decision d{kind::reversal_due, id, nullptr, {}, why};
  d.because = actors::cause_called(why);
  return d;
}

decision attempt(actors::transaction_id id, int number) {
  decision d{kind::attempt, id};
  d.attempt = number;
  return d;
}

decision parked(actors::transaction_id id) {
  decision d{kind::parked, id, nullptr, {}, "the host refuses the reversal"};
  d.code = "904";
  return d;
}

decision delivered(actors::transaction_id id) { return {kind::delivered, id}; }

decision closed(actors::transaction_id id, state outcome, const std::string& who = "") {
  decision d{kind::closed, id, nullptr, {}, who.empty() ? "" : "settled by telephone", who};
  d.outcome = outcome;
  d.code = "000";
  return d;
}

// A disk without a disk.
struct paper {
  void write(const decision& d) {
    store::batch b;
    actors::write_decision(b, d, 1000 + static_cast<std::int64_t>(d.id), support::smart_vista(), *sealer);
    for (auto& r : b.records) {
      r.sequence = what.records.size() + 1;
      what.records.push_back(r);
    }
    for (auto& [id, card] : b.cards)
      what.cards[id] = card;
    for (const auto id : b.erased)
      what.cards.erase(id);
  }

  void write(const std::vector<decision>& all) {
    for (const auto& d : all)
      write(d);
  }

  std::string replay(actors::book& into) const { return actors::replay(into, what, *sealer, now); }

  store::contents what;
  std::shared_ptr<const store::sealer> sealer = std::make_shared<const store::sealer>(test_sealer());
};

std::string text_of(const codec::message& m) {
  std::string text;
  for (const auto& [number, value] : m)
    text += std::to_string(number) + "=" + std::string(value) + " ";
  return text;
}

// All that a book says, one purchase a line; but for the masked card, which goes with the sealed one.
std::string text_of(const actors::book& b) {
  std::string text;
  for (const auto& [id, p] : b.all())
    text += std::to_string(id) + " " + std::string(to_string(p.state)) + " " + text_of(*p.request) + "| " +
            p.client_stan + " " + p.options.public_id + " " + p.options.key + " " + p.options.digest + " " +
            std::to_string(static_cast<int>(p.options.how)) + " " + std::to_string(p.begun) + " " +
            std::to_string(p.way) + "| " + (p.response ? text_of(*p.response) : "") + "| " +
            text_of(p.reference_fields) + "| " + p.reversed_reference + " " + p.why + " " + p.code + " " +
            std::to_string(p.attempts) + "\n";
  return text;
}

std::string replayed(const paper& p) {
  actors::book b(support::one_upstream());
  const auto error = p.replay(b);
  return error.empty() ? text_of(b) : error;
}

// Lives that hold every kind of decision.
std::vector<decision> some_lives() {
  return {intent(1),
          approved(1),
          delivered(1),
          intent(2, purchase_with_secrets("00000043")),
          closed(2, state::declined),
          intent(3, purchase_with_secrets("00000044")),
          due(3),
          attempt(3, 1),
          attempt(3, 2),
          closed(3, state::reversed),
          intent(4, purchase_with_secrets("00000045")),
          due(4),
          attempt(4, 1),
          parked(4),
          attempt(4, 2),
          intent(5, purchase_with_secrets("00000046")),
          approved(5),
          due(5, "undelivered"),
          attempt(5, 1),
          intent(6, purchase_with_secrets("00000047")),
          approved(6),
          intent(7, purchase_with_secrets("00000048")),
          intent(8, purchase_with_secrets("00000049")),
          due(8),
          parked(8),
          closed(8, state::reversed, "anna"),
          intent(9, purchase_with_secrets("00000050")),
          closed(9, state::cancelled),
          renumbered_intent(10, "000001")};
}

}  // namespace

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
        auto parts = codec::parts_to_retain(*d.message, support::smart_vista());
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
  undetermined.message = shared(answer_to(purchase_with_secrets("00000048"), "912"));
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

TEST_CASE("every beginning of a journal can be read") {
  const auto lives = some_lives();
  for (std::size_t length = 0; length <= lives.size(); ++length) {
    INFO("the first " << length << " decisions");
    paper p;
    p.write({lives.begin(), lives.begin() + static_cast<std::ptrdiff_t>(length)});
    actors::book b(support::one_upstream());
    CHECK(p.replay(b) == "");
  }
}

TEST_CASE("reading changes nothing: read again, a journal says the same") {
  paper p;
  p.write(some_lives());
  const auto first = replayed(p);
  CHECK(replayed(p) == first);
  actors::book once(support::one_upstream()), twice(support::one_upstream());
  REQUIRE(p.replay(once) == "");
  once.finish_replay(now);
  REQUIRE(p.replay(twice) == "");
  twice.finish_replay(now);
  CHECK(text_of(once) == text_of(twice));
}

TEST_CASE(
  "what the process after a crash decides about interrupted purchases can be read after the next crash, and "
  "says the same") {
  // Each of them was at the host when the first process died; the second begins with all of them due, without
  // a record of that.
  paper p;
  actors::book second(support::one_upstream());
  for (actors::transaction_id id = 1; id <= 4; ++id)
    p.write(intent(id, purchase_with_secrets("0000004" + std::to_string(id))));
  p.write({approved(4)});
  const auto before = p;
  REQUIRE(p.replay(second) == "");
  second.finish_replay(now);
  const std::vector<decision> decided{attempt(1, 1), attempt(1, 2),
                                      attempt(2, 1), closed(2, state::reversed),
                                      parked(3),     due(4, "client_reversal"),
                                      attempt(4, 1)};
  for (std::size_t i = 0; i < decided.size(); ++i) {
    INFO("decision " << i);
    REQUIRE(second.apply(decided[i], now, 0));
    p.write(decided[i]);
    actors::book third(support::one_upstream());
    REQUIRE(p.replay(third) == "");
    third.finish_replay(now);
    // What a purchase has no record of yet is as begun anew.
    CHECK(text_of(third) == [&] {
      actors::book as_begun(support::one_upstream());
      REQUIRE(before.replay(as_begun) == "");
      as_begun.finish_replay(now);
      for (std::size_t earlier = 0; earlier <= i; ++earlier)
        REQUIRE(as_begun.apply(decided[earlier], now, 0));
      as_begun.finish_replay(now);
      return text_of(as_begun);
    }());
  }
}

TEST_CASE(
  "whatever lives and deaths of processes decide, the next start can read it, and begins with what the last "
  "one knew") {
  const auto seed = GENERATE(range(1, 150));
  std::mt19937 random_source(static_cast<std::mt19937::result_type>(seed));
  const auto any = [&random_source](int below) {
    return static_cast<int>(random_source() % static_cast<unsigned>(below));
  };
  constexpr state outcomes[]{state::approved, state::declined, state::reversed, state::cancelled};
  paper p;
  auto alive = std::make_unique<actors::book>(support::one_upstream());
  for (int step = 0; step < 120; ++step) {
    const auto id = static_cast<actors::transaction_id>(1 + any(8));
    decision d{static_cast<kind>(1 + any(7)), id};
    d.outcome = outcomes[any(4)];
    d.attempt = 1 + any(11);
    d.why = any(3) == 0 ? "undetermined" : "why";
    if (d.what == kind::reversal_due)
      d.because = actors::cause_called(d.why);
    if (d.what == kind::intent)
      d = intent(id, support::purchase("0000004" + std::to_string(id)));
    else if (d.what == kind::approved || any(3) == 0)
      d.message =
        shared(answer_to(support::purchase("0000004" + std::to_string(id)), any(2) == 0 ? "000" : "912"));
    const auto written = d;
    if (d.what == kind::intent) {
      auto parts = codec::parts_to_retain(*d.message, support::smart_vista());
      for (const auto& [number, value] : parts.sealed)
        parts.open.set(number, value);
      d.message = shared(parts.open);
    }
    if (alive->apply(d, now, 1000 + static_cast<std::int64_t>(id)))
      p.write(written);
    if (any(6) != 0)
      continue;
    INFO("step " << step);
    auto next = std::make_unique<actors::book>(support::one_upstream());
    REQUIRE(p.replay(*next) == "");
    next->finish_replay(now);
    alive->finish_replay(now);
    CHECK(text_of(*next) == text_of(*alive));
    alive = std::move(next);
  }
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

TEST_CASE("a record that cannot be read, or is of an unknown kind or outcome, is named") {
  paper p;
  p.write({intent(1), due(1), closed(1, state::reversed)});
  const auto with = [&p](std::size_t at, auto change) {
    auto damaged = p;
    change(damaged.what.records[at]);
    return replayed(damaged);
  };
  CHECK_THAT(with(1, [](store::record& r) { r.content = "{"; }),
             Contains("record 2 of the journal (purchase 1) cannot be read"));
  CHECK_THAT(with(1, [](store::record& r) { r.content = "[]"; }),
             Contains("record 2 ") && Contains("cannot be read"));
  CHECK_THAT(with(0, [](store::record& r) { r.content = "{\"fields\":{\"x\":\"1\"},\"wall\":1}"; }),
             Contains("record 1 ") && Contains("cannot be read"));
  CHECK_THAT(with(0, [](store::record& r) { r.content = "{\"fields\":{\"4\":1},\"wall\":1}"; }),
             Contains("record 1 ") && Contains("cannot be read"));
  CHECK_THAT(with(0, [](store::record& r) { r.content = "{\"wall\":1}"; }),
             Contains("record 1 ") && Contains("does not follow"));
  CHECK_THAT(with(1, [](store::record& r) { r.kind = 99; }),
             Contains("record 2 ") && Contains("does not follow"));
  CHECK_THAT(with(2, [](store::record& r) { r.content = "{\"outcome\":\"vanished\"}"; }),
             Contains("record 3 ") && Contains("cannot be read"));
  CHECK_THAT(with(2, [](store::record& r) { r.content = "{\"outcome\":\"due\"}"; }),
             Contains("record 3 ") && Contains("cannot be read"));
}

TEST_CASE(
  "a record that is cut off or has an item that this program does not know is named, not guessed at") {
  paper p;
  p.write({intent(1), due(1), attempt(1, 300), closed(1, state::reversed)});
  for (std::size_t at = 0; at < p.what.records.size(); ++at) {
    const auto whole = p.what.records[at].content;
    for (std::size_t length = 0; length < whole.size(); ++length) {
      INFO("record " << at + 1 << ", its first " << length << " bytes");
      auto cut = p;
      cut.what.records[at].content = whole.substr(0, length);
      const auto why = replayed(cut);
      // Where an item ends, what is left may be a record of another meaning; the store's checksum excludes
      // it.
      if (why.find("cannot be read") == std::string::npos && why.find("does not open") == std::string::npos)
        CHECK_NOTHROW(actors::read_record(cut.what.records[at], *cut.sealer));
    }
    auto unknown = p;
    unknown.what.records[at].content += std::string("\xff\x00", 2);
    CHECK_THAT(replayed(unknown),
               Contains("record " + std::to_string(at + 1) + " ") && Contains("cannot be read"));
    auto newer = p;
    newer.what.records[at].content.front() = 2;
    CHECK_THAT(replayed(newer),
               Contains("record " + std::to_string(at + 1) + " ") && Contains("cannot be read"));
  }
}

TEST_CASE("a record that does not follow from those before it is named") {
  for (const auto& [first, wrong] : std::vector<std::pair<std::vector<decision>, decision>>{
         {{}, approved(1)},
         {{}, attempt(1, 1)},
         {{intent(1)}, intent(1)},
         {{intent(1)}, delivered(1)},
         {{intent(1), closed(1, state::declined)}, approved(1)},
         {{intent(1), approved(1), delivered(1)}, due(1)},
         {{intent(1), due(1)}, delivered(1)},
         {{intent(1), approved(1)}, attempt(1, 1)}}) {
    paper p;
    p.write(first);
    p.write(wrong);
    CHECK_THAT(replayed(p), Contains("record " + std::to_string(first.size() + 1) +
                                     " of the journal (purchase 1) does not follow from those before it"));
  }
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
