// `socketqueue --check`: would a start with this configuration succeed?
#pragma once

#include <iosfwd>

#include "config/load.hpp"

namespace actors {

/// Writes all faults, or that there is none; with the option `json` as JSON. Returns the exit status, 0 or 2.
/// Changes, makes and contacts nothing.
int check_configuration(const config::loaded& all, std::ostream& out, std::ostream& err);

}  // namespace actors
