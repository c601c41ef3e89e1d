// How a story's messages travel on the host link.
#pragma once

#include "net/framing.hpp"
#include "scenarios/player/theatre.hpp"

namespace real {

/// As the options say; throws player::unmet where they make no sense.
net::framing framing_of(const player::playbill& bill);

}  // namespace real
