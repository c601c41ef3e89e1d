#include "config/printable.hpp"

#include <algorithm>
#include <cstdint>

namespace config {

namespace {

struct character {
  std::size_t size;  // in bytes; 1 for a byte that is not UTF-8
  bool shown;
  std::uint32_t code = 0;  // of one that is UTF-8 and has more than one byte
};

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const auto first = byte(at);
  if (first < 0x80)
    return {1, first >= 0x20 && first != 0x7f};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + size > text.size())
    return {1, false};
  auto code = first & (0xffU >> (size + 1));
  for (std::size_t i = at + 1; i < at + size; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return {1, false};
    code = code << 6 | (byte(i) & 0x3f);
  }
  if ((size == 3 && code < 0x800) || (size == 4 && code < 0x10000) || code > 0x10ffff ||
      (code >= 0xd800 && code <= 0xdfff))
    return {1, false};
  // U+0080 to U+009F are control characters that some screens obey.
  return {size, code >= 0xa0, code};
}

// What ends a line, or turns the direction of the text behind it, where a screen knows Unicode.
bool steers_text(std::uint32_t code) {
  return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xfeff || (code >= 0xfff9 && code <= 0xfffb);
}

void append_escape(std::string& out, char kind, std::uint32_t code, int digits) {
  out += '\\';
  out += kind;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    out += "0123456789abcdef"[code >> shift & 15];
}

bool is_plain(char c) { return c >= 0x20 && c < 0x7f; }

// Whether all are plain, or are `also`. Every line of the log is looked at, most of them tables, so this has
// no branch for each character.
bool are_plain(std::string_view text, char also) {
  constexpr std::size_t block = 32;
  const auto is_kept = [also](char c) { return is_plain(c) || c == also; };
  for (; text.size() >= block; text.remove_prefix(block)) {
    unsigned odd = 0;
    for (std::size_t i = 0; i < block; ++i)
      odd |= static_cast<unsigned>(!is_plain(text[i])) & static_cast<unsigned>(text[i] != also);
    if (odd != 0)
      return false;
  }
  return std::ranges::all_of(text, is_kept);
}

}  // namespace

std::size_t unprintable_at(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    if (!c.shown)
      return at;
    at += c.size;
  }
  return std::string_view::npos;
}

std::string printable(std::string_view text, char instead, bool lines) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    if (c.shown || (lines && text[at] == '\n'))
      out.append(text, at, c.size);
    else
      out += instead;
    at += c.size;
  }
  return out;
}

std::string visible(std::string text, bool lines) {
  const auto is_kept = [lines](char c) { return is_plain(c) || (lines && c == '\n'); };
  if (are_plain(text, lines ? '\n' : ' '))
    return text;
  std::string out;
  out.reserve(text.size() + 16);
  for (std::size_t at = 0; at < text.size();) {
    const auto c = character_at(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    if (is_kept(text[at]) || (c.shown && !steers_text(c.code))) {
      out.append(text, at, c.size);
    } else if (text[at] == '\n') {
      out += "\\n";
    } else if (c.code != 0) {
      append_escape(out, 'u', c.code, 4);
    } else if (byte >= 0xa0) {
      out += static_cast<char>(0xc0 | byte >> 6);
      out += static_cast<char>(0x80 | (byte & 0x3f));
    } else {
      append_escape(out, 'x', byte, 2);
    }
    at += c.size;
  }
  return out;
}

}  // namespace config
