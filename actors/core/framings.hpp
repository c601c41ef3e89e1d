// How messages travel on the links of this process, as the options say.
#pragma once

#include <string>
#include <variant>

#include "actors/protocol/upstreams.hpp"
#include "net/framing.hpp"

namespace actors {

/// Of messages to a host. The error is for the operator.
std::variant<net::framing, std::string> host_framing(const config::frame_settings& s,
                                                     const dialect_ptr& dialect);

/// At a port of raw clients, and of the test clients; without functions where messages have no frame, and
/// their end is found by unpacking them. The error is for the operator.
std::variant<net::framing, std::string> client_framing(const config::frame_settings& s,
                                                       const codec::dialect& dialect);

}  // namespace actors
