// The type names of the message that an actor handles next: for traces.
#pragma once

#include <caf/all.hpp>

#include <string>

namespace player {

/// "submit", "tick", "tick, std::string", "answer to it: answer"; "begins" where there is no message. Never
/// shows content.
std::string kind_of_next_message(caf::local_actor& actor);

}  // namespace player
