// Free ports of this machine.
#pragma once

#include <cstdint>

namespace real {

/// Below the range of outgoing connections, which could take the port before it is used. Each process begins
/// at a different port.
std::uint16_t free_port();

}  // namespace real
