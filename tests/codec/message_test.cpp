#include <catch2/catch.hpp>

#include "codec/pack.hpp"
#include "codec/text/hex.hpp"
#include "codec/unpack.hpp"
#include "tests/support/dialects.hpp"

using codec::message;
using support::smart_vista;

namespace {

message received(const message& m) {
  return codec::unpack(*codec::pack(m, smart_vista()), smart_vista()).value();
}

message with_chip() {
  auto m = support::purchase();
  m.set(52, "0123456789abcdef");
  m.set(55, "9f2608571f1e10d4fa4aac");
  return m;
}

}  // namespace

TEST_CASE("a message that came in goes on as its bytes, until a field is changed") {
  const auto bytes = *codec::pack(with_chip(), smart_vista());
  auto m = *codec::unpack(bytes, smart_vista());
  CHECK(m.received() == bytes);
  CHECK(m.wire().empty());
  CHECK(*codec::pack(m, smart_vista()) == bytes);

  m.set(4, "000000002000");
  CHECK(m.received().empty());
  auto changed = with_chip();
  changed.set(4, "000000002000");
  CHECK(m == changed);
  CHECK(*codec::pack(m, smart_vista()) == *codec::pack(changed, smart_vista()));

  m.erase(52);
  changed.erase(52);
  CHECK(*codec::pack(m, smart_vista()) == *codec::pack(changed, smart_vista()));
}

TEST_CASE("a message goes on in another dialect as that one has it") {
  auto other = smart_vista();
  REQUIRE_FALSE(codec::override_fields(other, "1:bitmap-hex:8,49:ans:4,55:ll-an:255"));
  auto m = received(support::purchase());
  const auto bytes = codec::pack(m, other);
  REQUIRE(bytes.ok());
  CHECK(bytes->substr(4, 16) == "3230058020C08000");
  CHECK(bytes->substr(bytes->size() - 4) == " 643");
  CHECK((*codec::unpack(*bytes, other))[42] == m[42]);
}

TEST_CASE("values stay where they are while nothing is changed, also those that are not text in the bytes") {
  const auto m = received(with_chip());
  const auto pin = m[52], chip = m[55], terminal = m[41];
  CHECK(m[52].data() == pin.data());
  CHECK(m[55].data() == chip.data());
  CHECK(pin == "0123456789abcdef");
  CHECK(chip == "9f2608571f1e10d4fa4aac");
  CHECK(terminal == "00000042");
  const auto copy = m;
  CHECK(copy[52] == pin);
  CHECK(copy[52].data() != pin.data());
  CHECK(copy == m);
}

TEST_CASE("a field may be set to a view of the message itself, longer, shorter and again") {
  auto m = received(with_chip());
  m.set(37, m[55]);
  CHECK(m[37] == "9f2608571f1e10d4fa4aac");
  m.set(55, m[52]);
  CHECK(m[55] == "0123456789abcdef");
  m.set(37, m[37].substr(2, 4));
  CHECK(m[37] == "2608");
  m.set(37, std::string(400, 'x'));
  CHECK(m[37] == std::string(400, 'x'));
  m.set(2, m[37]);
  CHECK(m[2] == m[37]);
  CHECK(m[41] == "00000042");
}

TEST_CASE("what is erased is not left in the memory of the message") {
  auto m = received(with_chip());
  const auto whole = m.received();
  const auto at = whole.find(*codec::from_hex("0123456789abcdef"));
  REQUIRE(at != std::string_view::npos);
  const char* const pin = whole.data() + at;
  m.erase(52);
  CHECK_FALSE(m.has(52));
  CHECK(m[52].empty());
  CHECK(std::string_view(pin, 8) == std::string(8, '\0'));
}

TEST_CASE("fields come in ascending order, whatever the order in which they were set") {
  message m("0800");
  for (const int number : {41, 3, 192, 2, 70, 3})
    m.set(number, std::to_string(number));
  std::vector<int> numbers;
  for (const auto& [number, value] : m) {
    numbers.push_back(number);
    CHECK(value == (number == 0 ? "0800" : std::to_string(number)));
  }
  CHECK(numbers == std::vector{0, 2, 3, 41, 70, 192});
}
