// Finds what looks like a card number in bytes or text whose fields are not known.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace codec {

/// 13 to 19 digits, the last of which is the check digit of the others (ISO/IEC 7812-1, annex B).
bool is_card_number(std::string_view digits);

/// From the byte at `begin` to the one in front of `end`.
struct byte_range {
  std::size_t begin, end;
};

/// The bytes of a message that have those digits of a card number that no mask shows: all but its first six
/// and last four. A card number is one by its check digit, and by what stands around it: it is a run of
/// digits of its own, or its length stands in front of it, or the sign of track data behind it, or it begins
/// the message. Packed, in ASCII or in EBCDIC.
std::vector<byte_range> hidden_digits_in(std::string_view bytes);

/// A value as people may see it: what looks like a card number in it by the same signs is masked.
std::string without_card_numbers(std::string_view text);

}  // namespace codec
