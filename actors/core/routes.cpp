#include "actors/core/routes.hpp"

#include <algorithm>

#include "codec/exchange/matching.hpp"
#include "codec/privacy/card_number.hpp"
#include "config/route_ranges.hpp"

namespace actors {

const std::string* routes::group_of(const codec::message& request) const {
  if (all_.empty())
    return nullptr;
  const auto card = codec::card_of(request);
  const auto terminal = codec::terminal_of(request);
  const auto fits = [&](const config::route_settings& r) {
    return config::has_card(r.cards, card) && config::has_terminal(r.terminals, terminal);
  };
  const auto found = std::ranges::find_if(all_, fits);
  return found == all_.end() ? &all_.back().group : &found->group;
}

}  // namespace actors
