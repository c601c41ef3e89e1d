#include "codec/privacy/masked_bytes.hpp"

#include <vector>

#include "codec/privacy/card_number.hpp"

namespace codec {

namespace {

// Hides digits at these places: all but the first six and last four, and where they are more than a card
// number has, all behind the first six, for its last four could be any.
void hide_digits(std::string& text, const std::vector<std::size_t>& places, std::size_t width) {
  const auto end = places.size() <= pan_size_max ? places.size() - pan_shown_last : places.size();
  for (auto i = pan_shown_first; i < end; ++i)
    text.replace(places[i], width, width, '*');
}

// Packed digits: half bytes, at any of which a number may begin. Track data goes on behind a D.
void mask_packed(std::string_view hex, std::string& text) {
  for (std::size_t at = 0; at < hex.size();) {
    std::vector<std::size_t> places;
    for (; at < hex.size() && is_digit(hex[at]); ++at)
      places.push_back(at);
    if (places.size() >= pan_size_min) {
      hide_digits(text, places, 1);
      if (at < hex.size() && (hex[at] == 'd' || hex[at] == 'D'))
        for (++at; at < hex.size() && (is_digit(hex[at]) || hex[at] == 'd' || hex[at] == 'D'); ++at)
          text[at] = '*';
    }
    if (places.empty())
      ++at;
  }
}

// How one character set writes digits and what ends a card number in track data.
struct character_set {
  char digit;  ///< the first half of a digit's byte
  std::string_view separators[3], space;
};

constexpr character_set character_sets[] = {{'3', {"3d", "44", "5e"}, "20"}, {'f', {"7e", "c4", "b0"}, "40"}};

void mask_characters(std::string_view hex, const character_set& set, std::string& text) {
  const auto digit_at = [&](std::size_t at) {
    return at + 1 < hex.size() && (hex[at] | 0x20) == (set.digit | 0x20) && is_digit(hex[at + 1]);
  };
  const auto is_separator = [&](std::size_t at) {
    for (const auto s : set.separators)
      if (hex.substr(at, 2) == s)
        return true;
    return false;
  };
  for (std::size_t at = 0; at < hex.size();) {
    std::vector<std::size_t> places;
    // One character of any kind may stand between groups, but none of track data behind a whole number.
    for (; digit_at(at) ||
           (!places.empty() && digit_at(at + 2) && !(places.size() >= pan_size_min && is_separator(at)));
         at += 2)
      if (digit_at(at))
        places.push_back(at);
    if (places.size() >= pan_size_min) {
      hide_digits(text, places, 2);
      if (at < hex.size() && is_separator(at))
        for (at += 2; at < hex.size() && hex.substr(at, 2) != set.space; at += 2)
          text.replace(at, 2, "**");
    }
    if (places.empty())
      at += 2;
  }
}

}  // namespace

std::string masked_bytes(std::string_view hex) {
  std::string text(hex);
  mask_packed(hex, text);
  for (const auto& set : character_sets)
    mask_characters(hex, set, text);
  return text;
}

}  // namespace codec
