// The hosts of the settings: their dialects and groups.
#pragma once

#include <string>
#include <variant>

#include "actors/protocol/upstreams.hpp"

namespace actors {

/// The error is a sentence for the operator.
std::variant<upstreams, std::string> make_upstreams(const config::settings& s);

}  // namespace actors
