// What the admin port's streams are told, once a second while someone listens.
//
//   admin_service -next_event-> admin_events -status-> stats
//                                            |-links, terminals, ...-> overview
//                                            '-cases_after-> journal
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "actors/protocol/common.hpp"

namespace actors {

/// The next event, please. Replied to when there is one with another number; 0: the first one.
struct next_event {
  std::uint64_t after;
};

/// How the gateway is, in one text for all who listen.
struct live_event {
  std::uint64_t number;
  std::shared_ptr<const std::string> text;  ///< a line of JSON
};

/// Asks the other parts and makes one text of their replies. It does nothing until a stream waits for the
/// next.
using admin_events_actor = caf::typed_actor<caf::replies_to<next_event>::with<live_event>,
                                            caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::next_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::live_event)
