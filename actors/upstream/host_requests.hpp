// What the host and the gateway ask each other.
#pragma once

#include <chrono>
#include <random>

#include "codec/dialect/dialect.hpp"

namespace actors {

/// Asks whether it is there; the dialect has an example of that.
codec::message echo_to_host(std::uint64_t stan, const codec::dialect& d, std::chrono::local_seconds now);

/// The answer to a request of network management (class 8): approved.
codec::message answer_to_host(const codec::message& request, const codec::dialect& d,
                              std::chrono::local_seconds now, std::mt19937_64& random_source);

}  // namespace actors
