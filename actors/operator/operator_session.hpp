// An operator at the control socket: asks for the open cases, or for something to be done about some.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// Reads one line, answers with one line of JSON and hangs up:
///
///   pending [after=ID] [cases=3-17,20] [state=..] [older=..] [amount=..] [tid=..]
///     {"cases":[..],"next":ID}; `next` where there is more
///   retry IDS | reverse IDS WHY | resolve IDS WHY, IDS as 3,4,20
///     {"results":[{"case":ID,"done":BOOL,"text":".."}]}
///
/// or {"error":".."}. However many cases there are, an answer is a page of them: the next page is asked for
/// with `next`.
session_actor spawn_operator_desk(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                                  directory peers);

/// How many cases one line may name.
inline constexpr std::size_t cases_named_max = 100;

}  // namespace actors
