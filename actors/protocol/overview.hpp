// The collector of what is seen of the gateway from outside.
//
//   admin_service, inspector -summary, links, ...-> overview -view, changed_transactions-> stats
//                                            | -children-> gateway
//                                            '-cases_after-> journal
#pragma once

#include "actors/protocol/common.hpp"
#include "actors/protocol/inspection.hpp"

namespace actors {

/// What a terminal waits for whose transactions may not be sent before a reversal has ended.
inline constexpr const char* blocked_by_reversal = "blocked by an open reversal";

/// Asks the other parts at most twice a second, and only while somebody asks it.
using overview_actor = inspection::inspector_actor::extend<caf::reacts_to<directory>>;

}  // namespace actors
