#include "codec/privacy/masking.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "codec/composite/composite.hpp"
#include "codec/composite/tlv.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/card_number.hpp"
#include "codec/privacy/masked_bytes.hpp"
#include "codec/text/hex.hpp"

namespace codec {

namespace {

std::string stars(std::size_t count) { return std::string(count, '*'); }

// "4850781234567891=1908..." and the track 1 form "B4850781234567891^NAME^...".
std::string masked_track(std::string_view track) {
  const auto begin = track.substr(0, 1) == "B" ? std::size_t{1} : std::size_t{0};
  auto end = begin;
  while (end < track.size() && is_digit(track[end]))
    ++end;
  return std::string(track.substr(0, begin)) + masked_pan(track.substr(begin, end - begin)) +
         (end < track.size() && (track[end] == '=' || track[end] == '^')
            ? track[end] + stars(track.size() - end - 1)
            : stars(track.size() - end));
}

bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::size_t digits_at(std::string_view text, std::size_t at) {
  auto end = at;
  while (end < text.size() && is_digit(text[end]))
    ++end;
  return end - at;
}

// "%20"
bool is_escape(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text[at] == '%' && is_hex_digit(text[at + 1]) && is_hex_digit(text[at + 2]);
}

// The size of the one character at `at` where it is no digit and no letter: of one byte, or in UTF-8, or both
// as an URL has them ("%2D", "%C2%A0"; "%20" is a character and digits).
std::size_t separator_size(std::string_view text, std::size_t at) {
  auto end = at;
  if (is_escape(text, at) && (is_letter(text[at + 1]) || is_letter(text[at + 2]))) {
    for (end += 3; end - at < 12 && is_escape(text, end) && text[end + 1] >= '8'; end += 3) {}
    return end - at;
  }
  if (at >= text.size() || is_digit(text[at]) || is_letter(text[at]))
    return 0;
  const auto is_continuation = [&](std::size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
  };
  if (end = at + 1; static_cast<unsigned char>(text[at]) >= 0xc0)
    while (end - at < 4 && is_continuation(end))
      ++end;
  return end - at;
}

// The size of the sign at `at` that has track data behind it, also as an URL has it; 0: there is none.
std::size_t track_sign_size(std::string_view text, std::size_t at) {
  const auto sign = text.substr(at, 3);
  if (sign == "%3D" || sign == "%3d" || sign == "%5E" || sign == "%5e")
    return 3;
  return sign.starts_with('=') || sign.starts_with('^') ? 1 : 0;
}

// The size of what joins the `group` digits in front of `at` to those behind it, 0 where nothing does: card
// numbers are written in groups, with one character of any kind between them. Between a clock's two digits a
// colon is no such character, and behind a whole card number the signs of track data are none.
std::size_t joint_size(std::string_view text, std::size_t at, std::size_t group, bool is_pan) {
  const auto size = separator_size(text, at);
  const auto next = size == 0 ? 0 : digits_at(text, at + size);
  if (next == 0 || (is_pan && track_sign_size(text, at) != 0))
    return 0;
  return text[at] == ':' && (group <= 2 || next <= 2) ? 0 : size;
}

// What may be shown of digits in free text. Where they are more than a card number has, its last four could
// be any, so none of them is shown.
std::string masked_digits(std::string_view digits) {
  return digits.size() <= pan_size_max ? masked_pan(digits)
                                       : std::string(digits.substr(0, 6)) + stars(digits.size() - 6);
}

// The digits behind a word for a card's verification code or a PIN: "CVV2=123", "cvc: 123", "PIN%201234".
struct digits_found {
  std::size_t begin = 0, end = 0;  // equal: none
};

digits_found code_behind_word(std::string_view text, std::size_t at) {
  constexpr std::string_view words[] = {"cvv", "cvc", "cav", "csc", "pin"};
  constexpr std::size_t word_size = 3, joint_max = 3, code_min = 3, code_max = 4, pin_max = 12;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if ((lower(text[at]) != 'c' && lower(text[at]) != 'p') ||
      (at != 0 && is_letter(text[at - 1]) && (at < 3 || !is_escape(text, at - 3))))
    return {};
  const auto word = std::ranges::find_if(
    words, [&](auto w) { return std::ranges::equal(text.substr(at, w.size()), w, {}, lower); });
  if (word == std::end(words))
    return {};
  auto begin = at + word_size;
  if (text.substr(begin, 1) == "2" && digits_at(text, begin) == 1)
    ++begin;
  // What stands between them may be as an URL has it; "%201" may be a blank and 1, or a sign and 201.
  for (const auto escape_size : {std::size_t{3}, std::size_t{1}}) {
    auto code = begin;
    for (std::size_t i = 0;
         i < joint_max && code < text.size() && !is_digit(text[code]) && !is_letter(text[code]); ++i)
      code += is_escape(text, code) ? escape_size : 1;
    const auto count = digits_at(text, code);
    if (count >= code_min && count <= (*word == "pin" ? pin_max : code_max))
      return {code, code + count};
  }
  return {};
}

std::string masked_free_text(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto code = code_behind_word(text, at); code.end != code.begin) {
      out += std::string(text.substr(at, code.begin - at)) + stars(code.end - code.begin);
      at = code.end;
      continue;
    }
    auto end = at;
    std::string digits;
    for (std::size_t joint = 0, group = digits_at(text, at); group != 0;
         group = joint == 0 ? 0 : digits_at(text, end)) {
      digits += text.substr(end, group);
      end += group;
      joint = joint_size(text, end, group, digits.size() >= pan_size_min);
      end += joint;
    }
    if (end == at) {
      out += text[at++];
      continue;
    }
    const bool is_pan = digits.size() >= pan_size_min;
    out += is_pan ? masked_digits(digits) : std::string(text.substr(at, end - at));
    at = end;
    // Track data: what follows the card number belongs to it.
    if (is_pan && at < text.size() &&
        (track_sign_size(text, at) != 0 || text[at] == 'D' ||
         (text[at] == 'd' && digits_at(text, at + 1) > 0)))
      for (; at < text.size() && text[at] != ' '; ++at)
        out += '*';
  }
  return out;
}

// EMV Book 3, annex A, and the card schemes' own: tags that carry a card number,
// track data, the cardholder's name, or the PIN.
constexpr std::array<std::string_view, 10> withheld_tags{"56", "57",   "5a",   "5f20", "5f24",
                                                         "99", "9f0b", "9f1f", "9f20", "9f6b"};

// What a private tag holds (ISO 7816-4: its first two bits are 1) only its owner knows.
bool is_private(std::string_view tag) {
  return !tag.empty() && (tag[0] == 'c' || tag[0] == 'd' || tag[0] == 'e' || tag[0] == 'f');
}

bool withheld(std::string_view tag) {
  return is_private(tag) || std::ranges::find(withheld_tags, tag) != withheld_tags.end();
}

bool append_masked_tlv(std::string& out, std::string_view bytes);

bool append_masked_value(std::string& out, const tlv& item) {
  if (withheld(item.tag))
    out.append(2 * item.value.size(), '*');
  else if (item.constructed)
    return append_masked_tlv(out, item.value);
  else
    append_hex(item.value, out);
  return true;
}

// All tags of one level. False where the bytes are no TLV.
bool append_masked_tlv(std::string& out, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto item = first_tlv(bytes);
    if (!item)
      return false;
    append_hex(item->head, out);
    if (!append_masked_value(out, *item))
      return false;
    bytes.remove_prefix(item->head.size() + item->value.size());
  }
  return true;
}

std::string masked_emv(std::string_view hex) {
  const auto bytes = from_hex(hex);
  std::string text;
  text.reserve(hex.size());
  return bytes && append_masked_tlv(text, *bytes)
           ? text
           : "(" + std::to_string(hex.size() / 2) + " bytes, no EMV tags)";
}

// As the field itself may be shown, for nothing is known of the part.
std::string unknown_shown(std::string_view text, content what) {
  return what == content::b ? masked_bytes(text) : masked_text(text);
}

// "2=0007713856, 3={1=A}": each part as its own privacy says.
std::string parts_shown(std::string_view bytes, const composite& c, int depth) {
  constexpr int depth_max = 16;
  const auto parts =
    depth < depth_max ? split(bytes, c) : result<std::vector<element>, part_fault>(part_fault{});
  if (!parts)
    return "(" + std::to_string(bytes.size()) + " bytes that are not as the dialect has them)";
  std::string out;
  for (const auto& e : *parts) {
    if (e.name.empty())
      continue;
    out += (out.empty() ? "" : ", ") + e.name + "=";
    if (e.spec && e.spec->parts && e.spec->shown != privacy::secret && e.spec->shown != privacy::emv)
      out += "{" + parts_shown(e.value, *e.spec->parts, depth + 1) + "}";
    else
      out += part_shown(e, c);
  }
  return out;
}

std::string printable(std::string text) {
  // A peer's text must not be able to forge a line of the log.
  std::ranges::replace_if(
    text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

}  // namespace

std::string masked_pan(std::string_view pan) {
  if (pan.size() < pan_size_min)
    return stars(pan.size());
  std::string masked(pan);
  std::fill(masked.begin() + 6, masked.end() - 4, '*');
  return masked;
}

std::string masked_text(std::string_view text) {
  // Too short for a card number, and without the first letter of a word for a code: most TIDs and STANs.
  const auto begins_word = [](char c) { return c == 'c' || c == 'C' || c == 'p' || c == 'P'; };
  if (text.size() < pan_size_min && std::ranges::none_of(text, begins_word))
    return printable(std::string(text));
  return printable(masked_free_text(text));
}

std::string shown(std::string_view value, const field_spec& spec, exposure e) {
  if (e == exposure::everything)
    return printable(std::string(value));
  const bool is_bytes = spec.form.what == content::b;
  if (spec.parts && (spec.shown == privacy::open || spec.shown == privacy::free) &&
      !value_fault(value, spec)) {
    std::string bytes;
    append_value(bytes, value, spec);
    return printable(parts_shown(std::string_view(bytes).substr(spec.prefix_size()), *spec.parts, 0));
  }
  switch (spec.shown) {
    case privacy::open: return is_bytes ? masked_bytes(value) : printable(std::string(value));
    case privacy::pan: return masked_pan(value);
    case privacy::track: return printable(masked_track(value));
    case privacy::emv: return masked_emv(value);
    case privacy::free: return unknown_shown(value, spec.form.what);
    case privacy::secret: break;
  }
  return stars(value.size());
}

std::optional<std::string> masked_emv_value(const tlv& item) {
  std::string text;
  return append_masked_value(text, item) ? std::optional(std::move(text)) : std::nullopt;
}

std::string part_shown(const element& e, const composite& of) {
  const auto text = text_of(e, of);
  if (e.spec)
    return shown(text, *e.spec);
  if (of.kind != composite_kind::ber)
    return unknown_shown(text, unknown_value(of).form.what);
  return masked_emv_value({to_hex(*from_hex(e.name)), e.head, e.value, e.constructed})
    .value_or(stars(text.size()));
}

std::string label(const message& m) {
  std::string text(m.mti());
  if (m.has(fields::tid))
    text += " TID " + masked_text(m[fields::tid]);
  if (m.has(fields::stan))
    text += " STAN " + masked_text(m[fields::stan]);
  return text;
}

}  // namespace codec
