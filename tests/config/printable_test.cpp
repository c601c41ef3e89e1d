#include <catch2/catch.hpp>

#include "config/printable.hpp"

using config::printable;

TEST_CASE("text for a screen keeps the letters of all tongues and loses what steers the screen") {
  CHECK(printable("R\u00fcckgabe \u20ac \U0001f600", '?') == "R\u00fcckgabe \u20ac \U0001f600");
  CHECK(printable("a\x1b[2J\x7f\tb\n", '?') == "a?[2J??b?");
  CHECK(printable("a\n\nb\x1b", '?', true) == "a\n\nb?");
  // One for a control character of two bytes, one for each byte that is none of UTF-8.
  CHECK(printable("a\xc2\x9b"
                  "2J\x9b\xff",
                  '.') == "a.2J..");
  CHECK(printable("\xe2\x82", '?') == "??");
  CHECK(printable("\xc3(", '?') == "?(");
}

TEST_CASE("what is written too long, a surrogate, or behind the last character is no UTF-8") {
  for (const auto* text : {"\xc0\x80", "\xc1\xbf"})
    CHECK(printable(text, '?') == "??");
  for (const auto* text : {"\xe0\x80\x80", "\xed\xa0\x80"})
    CHECK(printable(text, '?') == "???");
  for (const auto* text : {"\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80"})
    CHECK(printable(text, '?') == "????");
}

TEST_CASE("the first byte that cannot be shown is found") {
  CHECK(config::unprintable_at("R\u00fcckgabe") == std::string_view::npos);
  CHECK(config::unprintable_at("\u00fc\x9b") == 2);
  CHECK(config::unprintable_at("\u00fc\n") == 2);
  CHECK(config::unprintable_at("") == std::string_view::npos);
}

TEST_CASE("a line of the log is UTF-8 whatever its bytes are, and what steers a screen can be seen in it") {
  const std::pair<std::string, std::string> rows[]{
    {"R\u00fcckgabe \u20ac \U0001f600", "R\u00fcckgabe \u20ac \U0001f600"},
    {"R\xfc"
     "ckgabe, caf\xe9",
     "R\u00fcckgabe, caf\u00e9"},                          // Latin-1
    {"a\x1b[2J\x07\x7f\tb", "a\\x1b[2J\\x07\\x7f\\x09b"},  // C0
    {"a\x9b"
     "2J\xc2\x9b"
     "2J",
     "a\\x9b"
     "2J\\u009b"
     "2J"},                    // C1, as a byte and as UTF-8
    {"a\r\nb", "a\\x0d\\nb"},  // no second line
    {"a\u2028b\u2029c\u0085", "a\\u2028b\\u2029c\\u0085"},
    {"\u202e1111\u202c \u2066x\u2069\u200f", "\\u202e1111\\u202c \\u2066x\\u2069\\u200f"},
    {"\xe2\x82", "\u00e2\\x82"},            // cut off
    {"\xed\xa0\x80", "\u00ed\u00a0\\x80"},  // a surrogate
    {std::string("a\0b", 3), "a\\x00b"},
    {"", ""},
  };
  for (const auto& [given, seen] : rows) {
    CHECK(config::visible(given) == seen);
    CHECK(config::unprintable_at(config::visible(given)) == std::string_view::npos);
  }
  CHECK(config::visible("a\nb\x1b", true) == "a\nb\\x1b");
}
