// What tells an operator's changed host from the one that a transaction was sent to.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "config/settings.hpp"

namespace actors {

/// By the name of their upstreams; never 0. See `environment::mark_of`. Files of dialects are read anew.
std::map<std::string, std::uint64_t> marks_of_hosts(const config::settings& s);

}  // namespace actors
