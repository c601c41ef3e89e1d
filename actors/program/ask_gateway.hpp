// How a command on this machine asks the running gateway.
#pragma once

#include <chrono>
#include <string>
#include <variant>

namespace actors {

/// Sends one line to the gateway whose journal is in `directory`, and reads its reply. The first alternative
/// is the reply, the second a sentence for the operator, also where a gateway has the journal and does not
/// listen yet. Blocks for at most `timeout`.
std::variant<std::string, std::string> ask_gateway(const std::string& directory, const std::string& line,
                                                   std::chrono::milliseconds timeout);

}  // namespace actors
