// What messages of network management mean, by the rules of a dialect.
#pragma once

#include "codec/dialect/dialect.hpp"

namespace codec {

/// What a request of network management is for. Without the field that tells it, it is an echo; so is each
/// one where the dialect says nothing of this.
network_kind kind_of(const message& request, const dialect& d);

/// The code of field 39 that declines such a request.
const std::string& declines_with(const dialect& d);

}  // namespace codec
