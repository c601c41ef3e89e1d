// Bytes -> message.
//
// Reading is incremental: a prefix of a good message is `truncated`, never
// anything worse, and a wrong byte is a fault as soon as it is there. So bare
// messages can be cut out of a stream whatever its segments.
#pragma once

#include <string_view>
#include <vector>

#include "codec/dialect/dialect.hpp"

namespace codec {

struct unpacked {
  message value;
  std::size_t size;  ///< bytes taken from the front of the input
};

/// The message at the front of `in`; bytes behind it are left alone.
result<unpacked> unpack_front(std::string_view in, const dialect& d);

/// How many bytes of `in` stand behind the message at its front; 0 where they may belong to it.
std::size_t size_behind_message(std::string_view in, const dialect& d);

/// The message that `in` is, to its last byte.
result<message> unpack(std::string_view in, const dialect& d);

struct readable {
  message value;
  std::vector<fault> faults = {};  ///< what the dialect could not read; empty: all was read
  int stopped_at = field_max + 1;  ///< the field at which reading ended before the message did
};

/// As much of `in` as can be read. Reading goes on over a value that is not as the dialect has it, for its
/// length is known: blanks around digits are cut off, other text stays as it is, and a value of blanks alone
/// counts as absent. It ends at a field that the dialect does not know, or whose length cannot be told. Where
/// anything was not read, the value keeps its bytes (`wire`). A fault where there is no MTI or no bitmap.
result<readable> unpack_what_can_be_read(std::string_view in, const dialect& d);

}  // namespace codec
