// Dials a host by name or address; resolves the name anew for each dial.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "net/framing.hpp"
#include "net/link.hpp"
#include "net/tcp/limits.hpp"

namespace net {

class loop;

std::unique_ptr<dialer> make_connector(loop& on, std::string host, std::uint16_t port, framing how,
                                       tcp_limits limits = {});

}  // namespace net
