#include <catch2/catch.hpp>

#include <array>
#include <string>

#include "codec/text/client_json.hpp"
#include "codec/text/latin1.hpp"

namespace {

bool is_too_deep(const std::string& text) {
  const auto read = codec::read_client_json(text);
  const auto* f = std::get_if<codec::json_fault>(&read);
  return f && f->is == codec::json_fault::kind::too_deep;
}

// So many brackets open, in turns of one kind and the other, or of one kind alone.
std::string opened(std::size_t count, const std::string& kinds) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += kinds[i % kinds.size()] == '{' ? std::string(R"({"a":)") : std::string("[");
  return text;
}

}  // namespace

TEST_CASE("brackets nest 64 deep, of whatever kind they are, and no deeper") {
  for (const auto* kinds : {"[", "{", "[{", "[[{"}) {
    INFO(kinds);
    CHECK_FALSE(is_too_deep(opened(64, kinds)));
    CHECK(is_too_deep(opened(65, kinds)));
  }
}

TEST_CASE("brackets beside each other, or in text, are not too deep") {
  std::string beside = "[";
  for (int i = 0; i < 200; ++i)
    beside += "[],{},";
  CHECK_FALSE(is_too_deep(beside + "[]]"));
  CHECK_FALSE(is_too_deep(R"({"fees":")" + std::string(200, '[') + R"("})"));
}

TEST_CASE("each byte comes through Latin-1 and back, wherever it stands in a text") {
  for (std::size_t size = 1; size <= 20; ++size)
    for (std::size_t at = 0; at < size; ++at)
      for (int byte = 0; byte < 256; ++byte) {
        std::string bytes(size, '7');
        bytes[at] = static_cast<char>(byte);
        const auto text = codec::utf8_of_latin1(bytes);
        REQUIRE(text.size() == size + (byte >= 0x80 ? 1 : 0));
        REQUIRE(codec::latin1_of_utf8(text) == bytes);
      }
}

TEST_CASE("a character that is not in Latin-1 is refused, wherever it stands in a text") {
  constexpr std::array others{"\xe2\x82\xac", "\xf0\x9f\x92\xb3", "\xc4\x80", "\x80", "\xff", "\xc3"};
  for (std::size_t before = 0; before <= 10; ++before)
    for (const auto* other : others)
      CHECK_FALSE(codec::latin1_of_utf8(std::string(before, '7') + other));
}
