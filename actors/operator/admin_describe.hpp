// Reads a message that an operator has pasted, as `socketqueue describe` and `detect` do.
#pragma once

#include <string>
#include <vector>

#include "actors/client/admission.hpp"
#include "actors/core/environment.hpp"
#include "actors/protocol/describe.hpp"

namespace actors {

/// Characters of the text; a message of ISO 8583 is shorter.
inline constexpr std::size_t described_text_max = 16 * 1024;

/// The dialects that can be named: those that are built in, and the gateway's own.
std::vector<std::string> described_dialects(const environment& env);

/// For one message; it keeps the seat until that is read.
admin_describe_actor spawn_admin_describe(caf::actor_system& system, environment_ptr env,
                                          admission::seat seat);

}  // namespace actors
