// Serves one connection to the emulator's control socket: one command, one line.
#pragma once

#include <memory>

#include "actors/core/environment.hpp"
#include "actors/emulator/bank_misbehaviour.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// Reads a command of `read_misbehaviour` and replies "now: ..", in words, or "error: ..", with what was
/// expected.
session_actor spawn_bank_control(caf::actor_system& system, net::link_ptr link, dialect_ptr dialect,
                                 std::shared_ptr<bank_misbehaviour> misbehaviour);

}  // namespace actors
