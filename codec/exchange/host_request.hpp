// Responses to requests of the host.
#pragma once

#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// The response with this code of field 39: the request without what belongs to its card alone.
message answered_with(const message& request, std::string_view code, const dialect& d);

/// Whether it may be given again to who may have it: an advice or a notification, which asks for nothing.
bool is_repeatable(const message& request);

}  // namespace codec
