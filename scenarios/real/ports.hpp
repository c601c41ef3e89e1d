// Ports of this machine that nobody uses.
#pragma once

#include <cstdint>

namespace real {

/// Below those that the system gives to outgoing connections: theirs could take a port between our look and
/// its use. Each process begins somewhere else.
std::uint16_t free_port();

}  // namespace real
