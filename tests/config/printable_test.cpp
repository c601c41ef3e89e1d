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
