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

struct option;

/// Whether a link of `upstreams` may have it as its own.
bool is_option_of_a_link(const option& o);

/// Reads the lists of `file` into the settings, which have all other options already: a link that does not
/// say something itself has it from them. The error is one sentence for the operator.
std::optional<std::string> read_link_lists(settings& s, const nlohmann::json& file);

/// Why the links of `to` cannot take the place of those of `from` in a running gateway: one of another
/// group leads to the bank of a group now, by its name or address, so reversals would go to a wrong bank.
/// Empty: they can.
std::string why_links_cross(const settings& from, const settings& to);

}  // namespace config
