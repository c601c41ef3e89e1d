// RRNs (field 37) of the gateway's own, in the format of the dialect.
//
// A format has pieces of the local time (Y, YY, MM, DD, DDD, hh, mm, ss), digits, and once the digits of a
// counter (N).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// An RRN of this format; nothing where it is none.
std::optional<std::string> rrn_sample(std::string_view format);

/// How many numbers the counter has, from 1 on.
std::uint64_t rrn_count(const dialect& d);

/// The RRN of this number, 1 to `rrn_count`.
std::string rrn_text(std::uint64_t number, const dialect& d, std::chrono::local_seconds now);

/// Whether the host wants an RRN in this request, and its client gave none: of classes 1 and 2.
bool needs_rrn(const message& request, const dialect& d);

/// `m` with this RRN. A message that goes on as it came has no room for it, and stays as it is.
message with_rrn(const message& m, std::string_view rrn);

}  // namespace codec
