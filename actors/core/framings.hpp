// How messages travel on the links of this process, as the options say.
#pragma once

#include <string>
#include <variant>

#include "actors/core/environment.hpp"
#include "net/framing.hpp"

namespace actors {

/// On the host link, and to the bank emulator. The error is for the operator.
std::variant<net::framing, std::string> host_framing(const environment_ptr& env);

/// At the port of raw clients, and of the test clients; without functions where messages have no frame, and
/// their end is found by unpacking them. The error is for the operator.
std::variant<net::framing, std::string> client_framing(const environment& env);

}  // namespace actors
