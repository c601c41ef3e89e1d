// Settings that are allowed, and of which an operator should know what they mean together.
#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace config {

/// A sentence each, for the log of a start.
std::vector<std::string> warnings_of(const settings& s);

}  // namespace config
