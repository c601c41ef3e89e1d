// Sends a request to a running gateway on this machine, for the command line.
#pragma once

#include <chrono>
#include <string>
#include <variant>

namespace net {

/// Connects to the socket at `path`, sends `request_line` and an end of line, and reads until the gateway
/// hangs up. The first alternative is the reply, the second an error for the operator. Blocks for at most
/// `timeout`; not for a thread that runs a loop.
std::variant<std::string, std::string> ask_local(const std::string& path, const std::string& request_line,
                                                 std::chrono::milliseconds timeout);

/// Whether a process listens at this path now.
bool is_listened_at(const std::string& path);

}  // namespace net
