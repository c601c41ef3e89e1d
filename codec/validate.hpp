// What a client's message must be before anything acts on it.
#pragma once

#include <chrono>
#include <vector>

#include "codec/composite/composite.hpp"
#include "codec/dialect/dialect.hpp"

namespace codec {

/// Everything wrong with a request at the local time `now`, in field order, each with its path. Fields by
/// which its response finds it must be there, too: of money its STAN and TID, of others at least one.
std::vector<part_fault> validate(const message& m, const dialect& d, std::chrono::local_seconds now);

/// The same but for the time of day: what the dialect itself demands of a request.
std::vector<part_fault> broken_demands(const message& m, const dialect& d);

}  // namespace codec
