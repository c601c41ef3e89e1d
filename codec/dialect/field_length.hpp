// The length of one field's content, read from its prefix and refused before
// anyone allocates or copies by it: the peer chose this number.
#pragma once

#include <string_view>

#include "codec/dialect/field_spec.hpp"

namespace codec {

/// In units of `length_max` (digits, characters or bytes).
result<std::size_t> field_length(std::string_view in, std::size_t offset, const field_spec& spec);

/// The prefix of a variable field whose content has `length` units; empty for a fixed one.
std::string length_prefix(std::size_t length, const field_spec& spec);

}  // namespace codec
