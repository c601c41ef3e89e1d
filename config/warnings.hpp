// Warns of settings that are allowed but have consequences together.
#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace config {

/// One sentence each, for the log at the start.
std::vector<std::string> warnings_of(const settings& s);

}  // namespace config
