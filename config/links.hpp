// The lists of a configuration file: `upstreams`, the links to hosts; `groups`, which of them lead to one
// bank; `routes`, which transactions go where.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace config {

/// Whether a configuration file has a list of this name, beside its options.
bool is_link_list(std::string_view name);

/// Reads the lists of `file` into the settings, which have all other options already: a link that does not
/// say something itself has it from them. The error is one sentence for the operator.
std::optional<std::string> read_link_lists(settings& s, const nlohmann::json& file);

/// What stands in the file beside those lists, in a form that is equal where the options are; empty where it
/// cannot be read.
std::string options_beside_links(const std::string& path);

}  // namespace config
