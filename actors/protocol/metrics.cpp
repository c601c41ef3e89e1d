// The words for what is counted and watched.

#include "actors/protocol/metrics.hpp"

namespace actors {

std::string_view to_string(message_ended::outcome o) {
  constexpr std::string_view names[] = {"approved", "declined", "answered", "refused", "unknown"};
  return names[static_cast<std::size_t>(o)];
}

std::string_view to_string(link_condition c) {
  constexpr std::string_view names[] = {"down", "opening", "up", "signed_off", "closing"};
  return names[static_cast<std::size_t>(c)];
}

}  // namespace actors
