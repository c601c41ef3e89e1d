// Which transaction a client's own reversal means, where several look alike.

#include <catch2/catch.hpp>

#include "actors/journal/book.hpp"
#include "codec/mti.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

using namespace std::chrono_literals;
using actors::decision;
using kind = decision::kind;

namespace {

constexpr const char* other_card = "4111111111111111=25122011000000000000";

struct pages {
  actors::book book{support::one_upstream()};

  bool apply(const decision& d) { return book.apply(d, actors::time_point(1h), 1000); }

  // With a STAN of the gateway's own, which is its number.
  void begin(actors::transaction_id id, const char* track = nullptr) {
    auto m = support::purchase("00000042", "00000" + std::to_string(id));
    if (track)
      m.set(35, track);
    decision d{kind::intent, id, std::make_shared<const codec::message>(std::move(m))};
    d.client_stan = "000001";
    REQUIRE(apply(d));
  }
  void approve(actors::transaction_id id, const std::string& reference) {
    auto m = *book.find(id)->request;
    m.set(0, codec::response_mti(m.mti()));
    m.set(37, reference);
    m.set(39, "000");
    REQUIRE(apply({kind::approved, id, std::make_shared<const codec::message>(std::move(m))}));
    REQUIRE(apply({kind::delivered, id}));
  }
  void end(actors::transaction_id id, actors::lifecycle::state outcome) {
    decision d{kind::closed, id};
    d.outcome = outcome;
    REQUIRE(apply(d));
  }
};

codec::message reversal(bool with_card, const std::string& reference = "") {
  auto m = support::purchase("00000042", "000001");
  m.set(0, "0400");
  if (!with_card)
    m.erase(35);
  if (!reference.empty())
    m.set(37, reference);
  return m;
}

}  // namespace

TEST_CASE(
  "a reversal with another card, or another reference of the host, does not mean a purchase though it is "
  "alone") {
  pages b;
  b.begin(7, other_card);
  b.approve(7, "000000000008");
  CHECK_FALSE(b.book.meant_by(reversal(true)));
  CHECK_FALSE(b.book.meant_by(reversal(false, "000000000009")));
  CHECK(b.book.meant_by(reversal(false, "000000000008")) == b.book.find(7));
  CHECK(b.book.meant_by(reversal(false)) == b.book.find(7));
}

TEST_CASE(
  "of an approved purchase and one of another client that has ended, a reversal without card and reference "
  "means none") {
  using enum actors::lifecycle::state;
  for (const auto outcome : {declined, reversed, cancelled}) {
    pages b;
    b.begin(7);
    b.end(7, outcome);
    b.begin(8, other_card);
    b.approve(8, "000000000008");
    CHECK_FALSE(b.book.meant_by(reversal(false)));
    CHECK(b.book.meant_by(reversal(true)) == b.book.find(7));
    CHECK(b.book.meant_by(reversal(false, "000000000008")) == b.book.find(8));
  }
}

TEST_CASE(
  "a reversal that does not say when its purchase was means the only one of its terminal, STAN and amount") {
  pages b;
  b.begin(7);
  b.approve(7, "000000000008");
  auto m = reversal(false);
  m.erase(12);
  CHECK(b.book.meant_by(m) == b.book.find(7));
  b.begin(8);
  CHECK_FALSE(b.book.meant_by(m));
}

TEST_CASE("the time that its original data elements say decides, whatever a reversal's own time and amount") {
  const auto iso87 = codec::parse_dialect(config::built_in_dialect("iso87-ascii")).value();
  const auto hosts = actors::upstreams::only(std::make_shared<const codec::dialect>(iso87));
  actors::book book{hosts};
  const auto bought = [&](actors::transaction_id id, const std::string& sent, const std::string& at) {
    auto m = support::purchase("00000042", "000001");
    m.set(7, sent);
    m.set(12, at);
    m.set(13, "1123");
    REQUIRE(book.apply({kind::intent, id, std::make_shared<const codec::message>(std::move(m))},
                       actors::time_point(1h), 1000));
  };
  bought(7, "1123120000", "120000");
  bought(8, "1123120002", "120002");
  auto m = support::purchase("00000042", "000001");
  m.set(0, "0400");
  m.set(12, "120009");
  m.set(13, "1123");
  CHECK_FALSE(book.meant_by(m));
  for (const auto* amount : {"000000001000", "000000000400"}) {
    m.set(4, amount);
    m.set(90, "02000000011123120000" + std::string(22, '0'));
    CHECK(book.meant_by(m) == book.find(7));
    m.set(90, "02000000011123120002" + std::string(22, '0'));
    CHECK(book.meant_by(m) == book.find(8));
    m.set(90, "02000000011123120003" + std::string(22, '0'));
    CHECK_FALSE(book.meant_by(m));
  }
}

TEST_CASE(
  "a reversal is unclear where what it may mean is at two banks, until it says the card or the time") {
  const auto host = [](const char* name) {
    return std::make_shared<const actors::upstream>(
      actors::upstream{name, support::shared_smart_vista(), config::upstream_settings{}});
  };
  const actors::upstreams hosts({host("visa"), host("rest")});
  actors::book book{hosts};
  const auto bought = [&](actors::transaction_id id, const std::string& bank, const char* at) {
    auto m = support::purchase("00000042", "000001");
    m.set(12, at);
    if (bank == "rest")
      m.set(35, other_card);
    decision d{kind::intent, id, std::make_shared<const codec::message>(m)};
    d.upstream = bank;
    REQUIRE(book.apply(d, actors::time_point(1h), 1000));
    m.set(0, "0210");
    m.set(39, "000");
    REQUIRE(book.apply({kind::approved, id, std::make_shared<const codec::message>(m)},
                       actors::time_point(1h), 1000));
  };
  bought(7, "visa", "261123120000");
  auto m = reversal(false);
  m.erase(12);
  CHECK_FALSE(book.may_mean_several_hosts(m));
  bought(8, "rest", "261123120002");
  CHECK(book.may_mean_several_hosts(m));
  CHECK_FALSE(book.meant_by(m));
  auto with_time = m;
  with_time.set(12, "261123120002");
  CHECK_FALSE(book.may_mean_several_hosts(with_time));
  CHECK(book.meant_by(with_time) == book.find(8));
  m.set(35, std::string(support::purchase()[35]));
  CHECK_FALSE(book.may_mean_several_hosts(m));
  CHECK(book.meant_by(m) == book.find(7));
}

TEST_CASE("a reversal of the amount that the host has approved or of more takes back all, of less a part") {
  pages b;
  decision d{kind::intent, 7,
             std::make_shared<const codec::message>(support::purchase("00000042", "000001"))};
  d.options.public_id = "id";
  d.options.key = "key";
  REQUIRE(b.apply(d));
  auto m = *b.book.find(7)->request;
  m.set(0, "0210");
  m.set(39, "000");
  m.set(4, "000000000600");
  REQUIRE(b.apply({kind::approved, 7, std::make_shared<const codec::message>(std::move(m))}));
  REQUIRE(b.apply({kind::delivered, 7}));
  auto r = reversal(true);
  for (const auto& [amount, is_part] :
       {std::pair("000000001000", false), std::pair("000000000600", false), std::pair("000000000000", false),
        std::pair("000000000400", true), std::pair("000000000601", false), std::pair("000000002000", false),
        std::pair("000000000099", true)}) {
    r.set(4, amount);
    INFO(amount);
    CHECK(actors::takes_back_a_part(r, *b.book.find(7), b.book.dialect_of(*b.book.find(7))) == is_part);
    CHECK(b.book.meant_by(r) == b.book.find(7));
    auto without_time = r;
    without_time.erase(12);
    const bool is_more = amount > std::string("000000000600") && amount != std::string("000000001000");
    const bool is_none = amount == std::string("000000000000");
    CHECK((b.book.meant_by(without_time) == b.book.find(7)) == !(is_more || is_none));
  }
}

TEST_CASE("what was approved is known of a purchase that nobody can ask for, also when it has long ended") {
  pages b;
  b.begin(7);
  auto m = *b.book.find(7)->request;
  m.set(0, "0210");
  m.set(4, "000000000600");
  m.set(39, "002");
  REQUIRE(b.apply({kind::approved, 7, std::make_shared<const codec::message>(std::move(m))}));
  REQUIRE(b.apply({kind::delivered, 7}));
  auto r = reversal(true);
  r.set(4, "000000000600");
  CHECK(b.book.meant_by(r) == b.book.find(7));
  CHECK_FALSE(actors::takes_back_a_part(r, *b.book.find(7), b.book.dialect_of(*b.book.find(7))));
  r.set(4, "000000000599");
  CHECK(actors::takes_back_a_part(r, *b.book.find(7), b.book.dialect_of(*b.book.find(7))));
}

TEST_CASE("a purchase is taken back when the parts that its client has reversed are all of it") {
  // The amounts of reversals that the host has answered with a code, and whether nothing is left.
  struct step {
    const char *amount, *code;
    bool is_all;
  };
  const std::vector<std::vector<step>> rows{
    {{"000000000400", "000", false}, {"000000000600", "000", true}},
    {{"000000000400", "000", false}, {"000000000400", "000", false}, {"000000000600", "000", true}},
    {{"000000000500", "000", false}, {"000000000500", "000", false}},
    {{"000000000400", "000", false}, {"000000000600", "914", false}, {"000000000601", "000", true}},
    {{"000000000400", "000", false}, {"000000001000", "000", true}},
    {{"000000001000", "000", true}},
    {{"000000002000", "000", true}},
  };
  for (const auto& row : rows) {
    pages b;
    REQUIRE(b.apply(
      {kind::intent, 1, std::make_shared<const codec::message>(support::purchase("00000042", "000001"))}));
    b.approve(1, "000000000008");
    actors::transaction_id id = 1;
    for (const auto& s : row) {
      auto m = reversal(true);
      m.set(4, s.amount);
      decision d{kind::intent, ++id, std::make_shared<const codec::message>(m)};
      d.original = 1;
      REQUIRE(b.apply(d));
      m.set(0, "0410");
      m.set(39, s.code);
      decision end{kind::closed, id, std::make_shared<const codec::message>(std::move(m))};
      end.outcome = actors::lifecycle::state::reversed;
      REQUIRE(b.apply(end));
      INFO(s.amount << " " << s.code << ", the step " << id - 1 << " of " << row.size());
      CHECK(b.book.is_taken_back(1) == s.is_all);
    }
  }
}

TEST_CASE(
  "a reversal with a STAN of the gateway's own is found by its client's when it is repeated, another part "
  "not") {
  const auto iso87 = codec::parse_dialect(config::built_in_dialect("iso87-ascii")).value();
  const auto hosts = actors::upstreams::only(std::make_shared<const codec::dialect>(iso87));
  actors::book book{hosts};
  auto m = support::purchase("00000042", "000009");
  m.set(0, "0400");
  m.set(7, "1123120009");
  m.set(4, "000000000400");
  m.set(12, "120009");
  m.set(13, "1123");
  m.set(90, "02000000011123120000" + std::string(22, '0'));
  auto at_host = m;
  at_host.set(11, "700001");
  decision d{kind::intent, 7, std::make_shared<const codec::message>(at_host)};
  d.client_stan = "000009";
  REQUIRE(book.apply(d, actors::time_point(1h), 1000));
  CHECK(book.repeated_by(m) == book.find(7));
  decision due{kind::reversal_due, 7};
  due.because = actors::cause::timed_out;
  REQUIRE(book.apply(due, actors::time_point(1h), 1000));
  CHECK(book.original_of(m) == book.find(7));
  for (const auto& [field, value] :
       {std::pair(4, "000000000300"), std::pair(11, "000010"), std::pair(12, "120010")}) {
    auto other = m;
    other.set(field, value);
    INFO("field " << field);
    CHECK_FALSE(book.repeated_by(other));
  }
}

TEST_CASE("a reversal that names a STAN apart from its own, and no time, means that whatever its own time") {
  const auto iso87 = codec::parse_dialect(config::built_in_dialect("iso87-ascii")).value();
  const auto hosts = actors::upstreams::only(std::make_shared<const codec::dialect>(iso87));
  actors::book book{hosts};
  auto m = support::purchase("00000042", "000001");
  m.set(12, "120000");
  m.set(13, "1123");
  REQUIRE(
    book.apply({kind::intent, 7, std::make_shared<const codec::message>(m)}, actors::time_point(1h), 1000));
  m.set(0, "0400");
  m.set(12, "120009");
  m.set(90, "0200000001" + std::string(32, '0'));
  CHECK_FALSE(book.meant_by(m));
  m.set(11, "000009");
  CHECK(book.meant_by(m) == book.find(7));
  m.set(4, "000000001001");
  CHECK_FALSE(book.meant_by(m));
}

TEST_CASE(
  "of two with one STAN and time a reversal means that of its amount, also where it names that time") {
  const auto iso87 = codec::parse_dialect(config::built_in_dialect("iso87-ascii")).value();
  const auto hosts = actors::upstreams::only(std::make_shared<const codec::dialect>(iso87));
  actors::book book{hosts};
  for (const actors::transaction_id id : {7, 8}) {
    auto m = support::purchase("00000042", "70000" + std::to_string(id));
    m.set(4, id == 7 ? "000000001000" : "000000000500");
    decision d{kind::intent, id, std::make_shared<const codec::message>(m)};
    d.client_stan = "000001";
    REQUIRE(book.apply(d, actors::time_point(1h), 1000));
  }
  auto m = support::purchase("00000042", "000001");
  m.set(0, "0400");
  m.set(4, "000000000500");
  for (const auto* time : {"0000000000", "1123120000"}) {
    m.set(90, "0200000001" + std::string(time) + std::string(22, '0'));
    INFO(time);
    CHECK(book.meant_by(m) == book.find(8));
    auto without_card = m;
    without_card.erase(35);
    CHECK_FALSE(book.meant_by(without_card));
  }
  m.set(4, "000000000400");
  CHECK_FALSE(book.meant_by(m));
}
