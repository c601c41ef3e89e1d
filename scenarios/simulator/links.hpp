// Gateways with two links to their bank.
#pragma once

#include <cstdint>
#include <optional>

#include "actors/protocol/upstreams.hpp"
#include "config/settings.hpp"

namespace simulator {

/// Gives the gateway two links, also of different dialects; `count`: 1 or 2, or 0, as the seed has it. Drawn
/// apart, so that the other runs stay what they are.
void choose_links(config::settings& s, std::uint64_t seed, std::uint64_t count);

/// Nothing where there is no list of links. `d`: the dialect of clients.
std::optional<actors::upstreams> links_of(const config::settings& s, const codec::dialect& d);

}  // namespace simulator
