// What a client's message must be before anything acts on it.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// YYMMDDhhmmss; nothing where the digits are no date and time. Years are 2000 to 2099.
std::optional<std::chrono::local_seconds> parse_local_time(std::string_view digits);

/// The twelve digits YYMMDDhhmmss.
std::string format_local_time(std::chrono::local_seconds time);

/// Everything wrong with a request at the local time `now`, in field order.
/// `key_fields` must be there too, for without them its response finds nobody.
std::vector<fault> validate(const message& m, const dialect& d, const std::vector<int>& key_fields,
                            std::chrono::local_seconds now);

}  // namespace codec
