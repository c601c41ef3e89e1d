// The log: "YYYY-MM-DD hh:mm:ss - level: text", on the console and in a file.
//
// Writing never blocks: lines wait for a thread of their own, and where it
// cannot keep up the oldest are dropped and counted. Card data comes here only
// through codec/masking.
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

/// Opens the log that `s` asks for. Returns what is wrong, if anything.
std::string start(const settings& s);

/// Opens the log file anew, for whoever rotates it.
void reopen();

/// Writes out what waits, at the end of the process; nothing is logged behind it. Where nobody takes it
/// within five seconds, the process ends here with `status`: a pipe that is not read must not keep it.
void stop(int status);

/// Whether a line of that level would be written; ask before making an expensive one.
bool shows(level l);

void write(level l, std::string text);

/// Tests read along; an empty function ends that.
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

/// What `--v` shows.
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  at(level::info, format, std::forward<Args>(args)...);
}

/// What everybody should see once: ports opened, the end of the process. Its level reads "info".
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
