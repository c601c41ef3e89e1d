// The framing of a story's host link.
#pragma once

#include "net/framing.hpp"
#include "scenarios/player/world.hpp"

namespace real {

/// As the options say; throws player::unmet where they are invalid.
net::framing framing_of(const player::world_settings& setup);

}  // namespace real
