// Digits stand side by side in many messages, and one in ten numbers has a right check digit. So that alone
// makes no card number: what stands in front of it or behind it must say that it begins or ends there.

#include "codec/privacy/card_search.hpp"

#include <algorithm>

#include "codec/privacy/card_number.hpp"

namespace codec {

namespace {

unsigned byte_of(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

unsigned of_packed(unsigned byte) { return byte / 16 * 10 + byte % 16; }

// Digits as one way of writing has them, and '.' for all else.
struct digit_text {
  std::string digits;
  std::size_t per_byte;
};

digit_text packed_digits(std::string_view bytes) {
  digit_text t{{}, 2};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (const auto half : {byte_of(bytes, i) / 16, byte_of(bytes, i) % 16})
      t.digits += half < 10 ? static_cast<char>('0' + half) : half == 13 ? '=' : '.';
  return t;
}

// `zone`: the first half of a digit's byte; `signs`: what stands behind a card number in track data.
digit_text characters(std::string_view bytes, unsigned zone, std::string_view signs) {
  digit_text t{{}, 1};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto b = byte_of(bytes, i);
    t.digits += b / 16 == zone && b % 16 < 10                    ? static_cast<char>('0' + b % 16)
                : signs.find(bytes[i]) != std::string_view::npos ? '='
                                                                 : '.';
  }
  return t;
}

class search {
public:
  search(std::string_view bytes, digit_text t) : bytes_(bytes), text_(std::move(t)) {}

  // The places in the text that are to be hidden. `may_begin`: a number may begin the text, and go on to
  // something else.
  std::vector<byte_range> run(bool may_begin) const {
    std::vector<byte_range> found;
    const auto& d = text_.digits;
    for (std::size_t begin = 0, end = 0; begin < d.size(); begin = end + 1) {
      for (end = begin; end < d.size() && is_digit(d[end]); ++end) {}
      for (auto at = begin; at + pan_size_min <= end; ++at)
        for (auto size = pan_size_min; d[at] != '0' && size <= pan_size_max && at + size <= end; ++size)
          if (tells_its_ends(at, size, begin, end, may_begin) &&
              is_card_number(std::string_view(d).substr(at, size)) && !is_text_in_halves(at, size))
            found.push_back({at + pan_shown_first, at + size - pan_shown_last});
    }
    return found;
  }

private:
  bool tells_its_ends(std::size_t at, std::size_t size, std::size_t begin, std::size_t end,
                      bool may_begin) const {
    const auto behind = at + size;
    return (at == begin && behind == end) || has_its_size_in_front(at, size) ||
           (behind == end && end < text_.digits.size() && text_.digits[end] == '=') ||
           // 1 begins the type of a message of 1993.
           (may_begin && at == 0 && text_.digits[0] != '1');
  }

  bool has_its_size_in_front(std::size_t at, std::size_t size) const {
    const auto& d = text_.digits;
    if (text_.per_byte == 1) {
      if (at >= 2 && is_digit(d[at - 2]) && is_digit(d[at - 1]) &&
          static_cast<std::size_t>((d[at - 2] - '0') * 10 + (d[at - 1] - '0')) == size)
        return true;
      return at >= 1 && is_size(byte_of(bytes_, at - 1), size);
    }
    // A digit too few for a whole byte has a zero in front.
    const auto first = at % 2 == 1 && d[at - 1] == '0' ? at - 1 : at;
    if (first % 2 == 1 || first == 0)
      return false;
    const auto in_front = byte_of(bytes_, first / 2 - 1);
    return is_size(in_front, size) || in_front == (size + 1) / 2;
  }

  static bool is_size(unsigned byte, std::size_t size) { return byte == size || of_packed(byte) == size; }

  // The halves of ASCII digits are digits, too: the first half of each byte is a 3, of nearly all where a
  // letter stands among them.
  bool is_text_in_halves(std::size_t at, std::size_t size) const {
    if (text_.per_byte == 1)
      return false;
    std::size_t count = 0, threes = 0;
    for (auto half = at + at % 2; half < at + size; half += 2, ++count)
      threes += text_.digits[half] == '3' ? 1 : 0;
    return 4 * threes >= 3 * count;
  }

  std::string_view bytes_;
  digit_text text_;
};

}  // namespace

bool is_card_number(std::string_view digits) {
  if (digits.size() < pan_size_min || digits.size() > pan_size_max || !std::ranges::all_of(digits, is_digit))
    return false;
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto value = digits[digits.size() - 1 - i] - '0';
    sum += i % 2 == 0 ? value : value > 4 ? 2 * value - 9 : 2 * value;
  }
  return sum % 10 == 0;
}

std::vector<byte_range> hidden_digits_in(std::string_view bytes) {
  std::vector<byte_range> all = search(bytes, characters(bytes, 0x3, "=D^")).run(true);
  for (const auto& r : search(bytes, characters(bytes, 0xf, "\x7e\xc4\xb0")).run(true))
    all.push_back(r);
  for (const auto& r : search(bytes, packed_digits(bytes)).run(true))
    all.push_back({r.begin / 2, (r.end + 1) / 2});
  return all;
}

std::string without_card_numbers(std::string_view text) {
  std::string shown(text);
  for (const auto& r : search(text, characters(text, 0x3, "=D^")).run(text.size() > pan_size_max))
    shown.replace(r.begin, r.end - r.begin, r.end - r.begin, '*');
  return shown;
}

}  // namespace codec
