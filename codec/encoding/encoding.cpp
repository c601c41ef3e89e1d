#include "codec/encoding/encoding.hpp"

#include <algorithm>
#include <array>

#include "codec/text/hex.hpp"

namespace codec {

namespace {

constexpr std::uint8_t bit(content what) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(what));
}

// By character: the contents that have it.
constexpr auto contents_of = [] {
  std::array<std::uint8_t, 256> table{};
  const auto allow = [&table](unsigned first, unsigned last, std::uint8_t contents) {
    for (auto c = first; c <= last; ++c)
      table[c] = static_cast<std::uint8_t>(table[c] | contents);
  };
  allow(0, 255, bit(content::any));
  allow(0x20, 0x7e, bit(content::ans));
  allow(0xa0, 0xff, bit(content::ans));
  for (const auto letters : {'a', 'A'})
    allow(static_cast<unsigned>(letters), static_cast<unsigned>(letters) + 25,
          bit(content::a) | bit(content::an));
  allow(' ', ' ', bit(content::a) | bit(content::an));
  allow('0', '9', bit(content::n) | bit(content::an) | bit(content::z) | bit(content::xn));
  allow('=', '=', bit(content::z));
  allow('D', 'D', bit(content::z));
  return table;
}();

std::size_t first_no_digit(std::string_view text) {
  if (all_digits(text))
    return all_good;
  return text.find_first_not_of("0123456789");
}

}  // namespace

std::size_t first_wrong_character(std::string_view text, content what) {
  switch (what) {
    case content::any: return all_good;
    case content::n: return first_no_digit(text);
    case content::b: {
      if (is_hex(text))
        return all_good;
      const auto it = std::ranges::find_if_not(text, [](char c) { return is_hex({&c, 1}); });
      return it == text.end() ? all_good : static_cast<std::size_t>(it - text.begin());
    }
    case content::xn: {
      if (text.empty())
        return all_good;
      if (text[0] != 'C' && text[0] != 'D')
        return 0;
      const auto wrong = first_no_digit(text.substr(1));
      return wrong == all_good ? all_good : wrong + 1;
    }
    case content::a:
    case content::an:
    case content::ans:
    case content::z: break;
  }
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((contents_of[static_cast<unsigned char>(text[i])] & bit(what)) == 0)
      return i;
  return all_good;
}

std::string_view without_filling(std::string_view text, const value_form& form) {
  if (form.filled == side::right)
    return text.substr(0, text.find_last_not_of(form.filler) + 1);
  return text.substr(std::min(text.find_first_not_of(form.filler), text.size()));
}

}  // namespace codec
