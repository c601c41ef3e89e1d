// Asks a running gateway of this machine, for the command line.
#pragma once

#include <chrono>
#include <string>
#include <variant>

namespace net {

/// Sends `request_line`, to which it adds the end of line, to the door at `path` and reads until the gateway
/// hangs up. The first alternative is what it answered, the second why there is no answer, for the operator.
/// Blocks up to `timeout`; never for a thread that runs a loop.
std::variant<std::string, std::string> ask_local(const std::string& path, const std::string& request_line,
                                                 std::chrono::milliseconds timeout);

}  // namespace net
