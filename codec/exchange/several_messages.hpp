// Where a frame has more than one message, though its sender says that it is one.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// How many bytes of `in`, which cannot be read whole, are its first message. All of them, unless another one
/// stands right behind its end: an MTI of the same edition, a bitmap, and a card number or a STAN and a
/// terminal. What stands elsewhere is never one: a field may echo a client's text, and a client could forge a
/// response there.
std::size_t size_of_first_message(std::string_view in, const dialect& d);

/// Where another message begins in what cannot be read of the one at the front of `in`: right behind its end
/// one as above, elsewhere one of the same edition, with a STAN and a terminal, of which nothing is odd. None
/// where none is found. It may be forged, or a field's text, so it must decide nothing.
std::optional<std::size_t> other_message_in(std::string_view in, const dialect& d);

}  // namespace codec
