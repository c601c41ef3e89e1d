#include "codec/masking.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "codec/hex.hpp"
#include "codec/tlv.hpp"

namespace codec {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string stars(std::size_t count) { return std::string(count, '*'); }

// The shortest card number in use has 13 digits (ISO/IEC 7812-1 allows 8 to 19).
constexpr std::size_t pan_size_min = 13;

// "4850781234567891=1908..." and the track 1 form "B4850781234567891^NAME^...".
std::string masked_track(std::string_view track) {
  const auto begin = track.substr(0, 1) == "B" ? std::size_t{1} : std::size_t{0};
  auto end = begin;
  while (end < track.size() && is_digit(track[end]))
    ++end;
  return std::string(track.substr(0, begin)) + masked_pan(track.substr(begin, end - begin)) +
         (end < track.size() && (track[end] == '=' || track[end] == '^') ? track[end] + stars(track.size() - end - 1)
                                                                        : stars(track.size() - end));
}

// Whether `text` at `at` is one space or dash between two digits: card numbers are written in groups.
bool joins_digits(std::string_view text, std::size_t at) {
  return (text[at] == ' ' || text[at] == '-') && at > 0 && is_digit(text[at - 1]) && at + 1 < text.size() && is_digit(text[at + 1]);
}

std::string masked_free_text(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    std::string digits;
    for (; end < text.size() && (is_digit(text[end]) || (end > at && joins_digits(text, end))); ++end)
      if (is_digit(text[end]))
        digits += text[end];
    if (end == at) {
      out += text[at++];
      continue;
    }
    const bool is_pan = digits.size() >= pan_size_min;
    out += is_pan ? masked_pan(digits) : std::string(text.substr(at, end - at));
    at = end;
    // Track data: what follows the card number belongs to it.
    if (is_pan && at < text.size() && (text[at] == '=' || text[at] == 'D' || text[at] == '^'))
      for (; at < text.size() && text[at] != ' '; ++at)
        out += '*';
  }
  return out;
}

// EMV Book 3, annex A, and the card schemes' own: tags that carry a card number,
// track data, the cardholder's name, or the PIN.
constexpr std::array<std::string_view, 10> withheld_tags{"56", "57",   "5a",   "5f20", "5f24",
                                                         "99", "9f0b", "9f1f", "9f20", "9f6b"};

bool withheld(std::string_view tag) { return std::ranges::find(withheld_tags, tag) != withheld_tags.end(); }

// All tags of one level; nothing where the bytes are no TLV.
std::optional<std::string> masked_tlv(std::string_view bytes) {
  const auto items = split_tlv(bytes);
  if (!items)
    return {};
  std::string out;
  for (const auto& item : *items) {
    const auto value = masked_emv_value(item);
    if (!value)
      return {};
    out += to_hex(item.head) + *value;
  }
  return out;
}

std::string masked_emv(std::string_view hex) {
  const auto bytes = from_hex(hex);
  const auto text = bytes ? masked_tlv(*bytes) : std::nullopt;
  return text ? *text : "(" + std::to_string(hex.size() / 2) + " bytes, no EMV tags)";
}

std::string printable(std::string text) {
  // A peer's text must not be able to forge a line of the log.
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

} // namespace

std::string masked_pan(std::string_view pan) {
  if (pan.size() < pan_size_min)
    return stars(pan.size());
  return std::string(pan.substr(0, 6)) + stars(pan.size() - 10) + std::string(pan.substr(pan.size() - 4));
}

std::string masked_text(std::string_view text) { return printable(masked_free_text(text)); }

std::string shown(std::string_view value, const field_spec& spec, exposure e) {
  if (e == exposure::everything)
    return printable(std::string(value));
  switch (spec.shown) {
    case privacy::open: return printable(std::string(value));
    case privacy::pan: return masked_pan(value);
    case privacy::track: return printable(masked_track(value));
    case privacy::emv: return masked_emv(value);
    case privacy::free: return masked_text(value);
    case privacy::secret: break;
  }
  return stars(value.size());
}

std::optional<std::string> masked_emv_value(const tlv& item) {
  if (withheld(item.tag))
    return stars(2 * item.value.size());
  return item.constructed ? masked_tlv(item.value) : to_hex(item.value);
}

std::string label(const message& m) {
  std::string text(m.mti());
  if (m.has(41))
    text += " TID " + printable(std::string(m[41]));
  if (m.has(11))
    text += " STAN " + printable(std::string(m[11]));
  return text;
}

} // namespace codec
