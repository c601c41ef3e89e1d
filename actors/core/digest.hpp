// SHA-256, to compare a request with an earlier one.
#pragma once

#include <string>
#include <string_view>

namespace actors {

/// 64 hexadecimal digits.
std::string digest_of(std::string_view text);

/// HMAC-SHA-256 with this secret, in hexadecimal.
std::string keyed_digest_of(std::string_view text, std::string_view secret);

}  // namespace actors
