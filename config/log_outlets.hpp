// The console, a file and Logstash, as what the log's sinks write to.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "config/log_sink.hpp"

namespace config::log {

/// Standard output. A pipe that nobody reads takes nothing, and holds up no one else.
std::unique_ptr<outlet> to_console();

/// Appends to the file. Returns an error where it cannot be opened.
std::variant<std::unique_ptr<outlet>, std::string> to_file(const std::string& path);

/// A TCP connection, which is made anew where it was lost.
std::unique_ptr<outlet> to_logstash(const std::string& host, std::uint16_t port);

/// Whether standard output is journald's, which reads priorities in front of lines.
bool console_is_journal();

}  // namespace config::log
