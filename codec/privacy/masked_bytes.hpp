// What people may see of bytes whose content is unknown.
#pragma once

#include <string>
#include <string_view>

#include "codec/composite/composite.hpp"

namespace codec {

/// Hexadecimal text with everything masked that could be a card number, in packed digits, ASCII or EBCDIC,
/// and the track data behind it: 13 digits and more, of characters also in groups.
std::string masked_bytes(std::string_view hex);

/// One part of a composite field as its own privacy says; of an unknown one what cannot be card data.
std::string part_shown(const element& e, const composite& of);

}  // namespace codec
