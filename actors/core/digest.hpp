// SHA-256, to tell what was asked from what was asked before.
#pragma once

#include <string>
#include <string_view>

namespace actors {

/// As hexadecimal.
std::string digest_of(std::string_view text);

}  // namespace actors
