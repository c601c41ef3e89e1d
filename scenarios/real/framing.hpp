// The frames of a story's host link and of its clients.
#pragma once

#include "net/framing.hpp"
#include "scenarios/player/world.hpp"

namespace real {

/// As the options say; throws player::unmet where they are invalid.
net::framing framing_of(const player::world_settings& setup);
net::framing client_framing_of(const player::world_settings& setup);

}  // namespace real
