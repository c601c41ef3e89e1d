#include "actors/core/routes.hpp"

#include <algorithm>

#include "codec/exchange/matching.hpp"
#include "codec/fields.hpp"
#include "config/route_ranges.hpp"

namespace actors {

namespace {

namespace fields = codec::fields;

// Of field 2, or of a track; empty where the message has neither.
std::string_view card_of(const codec::message& m) {
  if (m.has(fields::pan))
    return m[fields::pan];
  auto track = m[fields::track2];
  if (track.empty() && m.has(fields::track1))
    track = m[fields::track1].substr(1);  // behind the format code
  return track.substr(0, std::min(track.find_first_not_of("0123456789"), track.size()));
}

}  // namespace

const std::string* routes::group_of(const codec::message& request) const {
  if (all_.empty())
    return nullptr;
  const auto card = card_of(request);
  const auto terminal = codec::terminal_of(request);
  const auto fits = [&](const config::route_settings& r) {
    return config::has_card(r.cards, card) && config::has_terminal(r.terminals, terminal);
  };
  const auto found = std::ranges::find_if(all_, fits);
  return found == all_.end() ? &all_.back().group : &found->group;
}

}  // namespace actors
