// The hosts of the settings: their dialects and groups.
#pragma once

#include <string>
#include <variant>

#include "actors/protocol/upstreams.hpp"

namespace actors {

/// `of_clients`: their dialect, in place of the one that the settings name. The error is a sentence for the
/// operator.
std::variant<upstreams, std::string> make_upstreams(const config::settings& s,
                                                    dialect_ptr of_clients = nullptr);

}  // namespace actors
