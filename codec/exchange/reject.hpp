// Messages by which the host says that it does not take a request.
//
// They carry the request, or those of its fields by which a response finds it.
#pragma once

#include <string>
#include <vector>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// Whether the MTI says that it is one.
bool is_reject(const message& m, const dialect& d);

/// The pairing keys of the requests that may be meant: by an administrative message (class 6) those of any
/// MTI, else of its own class. None where it lacks a pairing field: it must be certain which one is meant.
std::vector<std::string> rejected_keys(const message& reject, const dialect& d);

}  // namespace codec
