// What looks like a card number in bytes that nobody can read for certain.

#include <catch2/catch.hpp>

#include "codec/privacy/card_search.hpp"
#include "codec/text/hex.hpp"

namespace {

constexpr const char* pan = "4111111111111111";

// The bytes as hexadecimal, with stars for those that are hidden.
std::string seen(const std::string& hex) {
  std::string blankless;
  for (const char c : hex)
    if (c != ' ')
      blankless += c;
  const auto bytes = codec::from_hex(blankless);
  REQUIRE(bytes);
  for (const auto& r : codec::hidden_digits_in(*bytes))
    blankless.replace(2 * r.begin, 2 * (r.end - r.begin), 2 * (r.end - r.begin), '*');
  return blankless;
}

std::string ascii(const std::string& text) { return codec::to_hex(text); }

bool is_hidden(const std::string& hex) { return seen(hex).find('*') != std::string::npos; }

}  // namespace

TEST_CASE("a card number has 13 to 19 digits, the last of which is right") {
  for (const auto* good : {"4111111111111111", "378282246310005", "4222222222222", "6304000000000000000"})
    CHECK(codec::is_card_number(good));
  for (const auto* bad : {"4111111111111112", "1411111111111111", "424242424242", "41111111111111111111",
                          "411111111111111a", ""})
    CHECK_FALSE(codec::is_card_number(bad));
}

TEST_CASE("a card number in bytes is hidden but for what a mask shows, however it is written") {
  CHECK(seen(ascii("16" + std::string(pan) + "000000")) ==
        ascii("16411111") + "************" + ascii("1111000000"));
  CHECK(seen("f1f6 f4f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1 f0f0") == "f1f6f4f1f1f1f1f1************f1f1f1f1f0f0");
  CHECK(seen("16 4111111111111111 000000") == "16411111******1111000000");              // a length in digits
  CHECK(seen("10 4111111111111111 000000") == "10411111******1111000000");              // in a byte
  CHECK(seen("9f2602aabb 5a08 4111111111111111") == "9f2602aabb5a08411111******1111");  // of bytes
  CHECK(is_hidden("15 0378282246310005 000000"));  // half a byte is filled
  CHECK(is_hidden("10" + ascii(pan) + ascii("000000")));
}

TEST_CASE("a card number in bytes is known by what stands around it") {
  CHECK(is_hidden(ascii("A" + std::string(pan) + "B")));          // it stands alone
  CHECK(is_hidden(ascii(std::string(pan) + "00000012345")));      // it begins the message
  CHECK(is_hidden(ascii("37" + std::string(pan) + "=2512201")));  // track data
  CHECK(is_hidden("25 4111111111111111 d2512201"));
  CHECK(is_hidden("aa 4111111111111111 ff"));
  // Of digits side by side one in ten has a right check digit, wherever it begins and ends.
  CHECK_FALSE(is_hidden(ascii("0200" + std::string(pan) + "000000")));
  CHECK_FALSE(is_hidden(ascii("A4111111111111112B")));
  CHECK_FALSE(is_hidden(ascii("164111111111111112")));
  CHECK_FALSE(is_hidden(""));
}

TEST_CASE(
  "a value with a card number is masked where that is a number of its own, or has its size in front") {
  CHECK(codec::without_card_numbers(pan) == "411111******1111");
  CHECK(codec::without_card_numbers("AB" + std::string(pan) + " 17") == "AB411111******1111 17");
  CHECK(codec::without_card_numbers("16" + std::string(pan) + "0012") == "16411111******11110012");
  CHECK(codec::without_card_numbers("000000001000") == "000000001000");
  CHECK(codec::without_card_numbers("4850781234567891") == "4850781234567891");  // its check digit is wrong
  CHECK(codec::without_card_numbers("") == "");
}
