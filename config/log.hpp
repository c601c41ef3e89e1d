// The log: lines "YYYY-MM-DD hh:mm:ss - level: text", on the console and in a file.
//
// Logging never blocks: a thread writes the lines, and when it cannot keep up the oldest are dropped and
// counted. Card data is masked before it gets here (codec/privacy/masking).
#pragma once

#include <spdlog/fmt/fmt.h>

#include <functional>
#include <string>
#include <utility>

namespace config {
struct settings;
}

namespace config::log {

enum class level { verbose, info, notice, warning, error };

/// Opens the log as `s` says. Returns an error for the operator, empty where there is none.
std::string start(const settings& s);

/// Opens the log file again, after log rotation.
void reopen();

/// Writes the remaining lines, at the end of the process; later lines are dropped. When they cannot be
/// written within five seconds, exits the process with `status`: a pipe without a reader must not keep it
/// running.
void stop(int status);

/// Whether a line of that level would be written. Check it before formatting an expensive line.
bool shows(level l);

void write(level l, std::string text);

/// Tests pass each line to `observer`; an empty function removes it.
void observe(std::function<void(level, const std::string&)> observer);

template <class... Args>
void at(level l, fmt::format_string<Args...> format, Args&&... args) {
  if (shows(l))
    write(l, fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void verbose(fmt::format_string<Args...> format, Args&&... args) {
  at(level::verbose, format, std::forward<Args>(args)...);
}

/// Shown with `--v`.
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  at(level::info, format, std::forward<Args>(args)...);
}

/// Always shown: listening ports, the end of the process. Its level reads "info".
template <class... Args>
void notice(fmt::format_string<Args...> format, Args&&... args) {
  at(level::notice, format, std::forward<Args>(args)...);
}

template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  at(level::warning, format, std::forward<Args>(args)...);
}

template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  at(level::error, format, std::forward<Args>(args)...);
}

}  // namespace config::log
