// What of a request may be written to a disk, and what of it only sealed.

#include <catch2/catch.hpp>

#include "codec/privacy/retention.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/retained.hpp"

using codec::message;
using support::full_purchase;
using support::purchase;
using support::smart_vista;

namespace {

constexpr int never_kept[]{35, 36, 45, 52, 53, 55};

codec::field_spec field(int number, codec::privacy shown) {
  codec::field_spec spec;
  spec.number = number;
  spec.shown = shown;
  spec.name = spec.alias = "x";
  codec::set_type(spec, "ll-an", 255);
  return spec;
}

}  // namespace

TEST_CASE("what is written down is what a reversal needs, and the card only where it is sealed") {
  const auto parts = support::parts_to_retain(full_purchase(), smart_vista());
  for (const int number : {0, 3, 4, 7, 11, 12, 22, 24, 25, 32, 41, 42, 49})
    CHECK(parts.open[number] == full_purchase()[number]);
  for (const int number : {2, 14, 46, 54, 62}) {
    INFO("field " << number);
    CHECK_FALSE(parts.open.has(number));
    CHECK(parts.sealed[number] == full_purchase()[number]);
  }
}

TEST_CASE(
  "tracks, PIN, security and chip data are never written down, not even sealed, whatever the dialect says of "
  "them") {
  for (const auto shown : {codec::privacy::open, codec::privacy::pan, codec::privacy::free,
                           codec::privacy::track, codec::privacy::secret}) {
    auto d = smart_vista();
    auto m = full_purchase();
    for (const int number : never_kept) {
      auto& spec = d.fields[static_cast<std::size_t>(number)];
      spec = field(number, shown);
      if (!m.has(number))
        m.set(number, "secret");
    }
    const auto parts = support::parts_to_retain(m, d);
    for (const int number : never_kept) {
      INFO("field " << number);
      CHECK_FALSE(parts.open.has(number));
      CHECK_FALSE(parts.sealed.has(number));
    }
  }
}

TEST_CASE("what the dialect calls secret, or does not know, is not written down") {
  auto d = smart_vista();
  d.fields[48] = field(48, codec::privacy::secret);
  auto m = purchase();
  m.set(48, "a password");
  m.set(99, "unknown");
  const auto parts = support::parts_to_retain(m, d);
  for (const int number : {48, 99}) {
    CHECK_FALSE(parts.open.has(number));
    CHECK_FALSE(parts.sealed.has(number));
  }
}

TEST_CASE("a card number that only track 2 had becomes field 2, sealed") {
  const auto parts = support::parts_to_retain(purchase(), smart_vista());
  CHECK(parts.sealed[2] == support::test_pan);
  CHECK_FALSE(parts.open.has(2));

  auto both = purchase();
  both.set(2, "4111111111111111");
  CHECK(support::parts_to_retain(both, smart_vista()).sealed[2] == "4111111111111111");

  auto without_card = purchase();
  without_card.erase(35);
  CHECK_FALSE(support::parts_to_retain(without_card, smart_vista()).sealed.has(2));
}

TEST_CASE("of a card people see the first six and the last four digits, from field 2 or from a track") {
  CHECK(codec::masked_card(purchase()) == "485078******7891");
  message m("0200");
  CHECK(codec::masked_card(m).empty());
  m.set(45, "");
  CHECK(codec::masked_card(m).empty());
  m.set(45, "B4850781234567891^TEST/CARD^2512201");
  CHECK(codec::masked_card(m) == "485078******7891");
  m.set(2, "4111111111111111");
  CHECK(codec::masked_card(m) == "411111******1111");
}

TEST_CASE("a card number that only track 1 had is kept sealed, as one of track 2 is") {
  auto m = purchase();
  m.erase(35);
  REQUIRE_FALSE(m.has(2));
  m.set(45, "B4850781234567891^TEST/CARD^2512201");
  const auto parts = support::parts_to_retain(m, smart_vista());
  CHECK(parts.sealed[2] == "4850781234567891");
  CHECK_FALSE(parts.sealed.has(45));
  CHECK_FALSE(parts.open.has(2));
}
