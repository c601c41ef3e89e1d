// Bytes -> message.
//
// Reading is incremental: a prefix of a good message is `truncated`, never
// anything worse, and a wrong byte is a fault as soon as it is there. So bare
// messages can be cut out of a stream whatever its segments.
#pragma once

#include <string_view>

#include "codec/dialect.hpp"

namespace codec {

struct unpacked {
  message value;
  std::size_t size;  ///< bytes taken from the front of the input
};

/// The message at the front of `in`; bytes behind it are left alone.
result<unpacked> unpack_front(std::string_view in, const dialect& d);

/// The message that `in` is, to its last byte.
result<message> unpack(std::string_view in, const dialect& d);

} // namespace codec
