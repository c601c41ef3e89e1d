// Serves one connection to the control socket: lists open cases, or carries out decisions about some.
#pragma once

#include <functional>
#include <string>

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// Reads one line, replies with one line of JSON and closes the connection:
///
///   pending [after=ID] [cases=3-17,20] [state=..] [older=..] [amount=..] [tid=..]
///     {"cases":[..],"next":ID}; `next` where there is more
///   retry IDS | reverse IDS WHY | resolve IDS WHY, IDS as 3,4,20
///     {"results":[{"case":ID,"done":BOOL,"text":".."}]}
///   reload
///     what `reload` returns: the report of a configuration that was read again
///
/// or {"error":".."}. A reply to `pending` is one page of cases; `next` is the `after` of the next page.
session_actor spawn_operator_session(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                                     directory peers, std::function<std::string()> reload = {});

}  // namespace actors
