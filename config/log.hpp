// The log: lines "YYYY-MM-DD hh:mm:ss - level: text" or JSON, on the console, in a file and at Logstash.
//
// Logging never blocks: each of the three has a thread that writes its lines, and what it cannot write in
// time is dropped, the oldest first, and counted (log_sink). Card data is masked before it gets here
// (codec/privacy/masking).
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace config {
struct settings;
}

namespace config::log {

enum class level { verbose, info, notice, warning, error };

/// What a line is about, as far as it is known. Masked, as the text.
struct subject {
  std::uint64_t transaction = 0;  ///< its number in the journal; 0: none
  std::string public_id = {};     ///< its id that its client has
  std::string mti = {}, tid = {}, stan = {};
};

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

/// Writes one line, whatever `text` contains.
void write(level l, std::string text, subject about = {});

/// Writes a text of several lines, which `render` makes when it is written, on a thread of the log.
void write_table(level l, std::function<std::string()> render, subject about = {});

/// So many lines have not been written since the start, for the console, the file or Logstash could not take
/// them.
struct dropped_lines {
  std::string sink;  ///< "console", "file", "logstash"
  std::uint64_t count;
};
std::vector<dropped_lines> dropped();

/// Tests pass each line to `observer`, with its subject as the text format has it; an empty function removes
/// it.
void observe(std::function<void(level, const std::string&)> observer);

template <class... Args>
void at(level l, fmt::format_string<Args...> format, Args&&... args) {
  if (shows(l))
    write(l, fmt::format(format, std::forward<Args>(args)...));
}

/// A line about a transaction: `about` becomes a subject where the line is shown.
template <std::convertible_to<subject> About, class... Args>
void at(level l, const About& about, fmt::format_string<Args...> format, Args&&... args) {
  if (shows(l))
    write(l, fmt::format(format, std::forward<Args>(args)...), about);
}

template <class... Args>
void verbose(fmt::format_string<Args...> format, Args&&... args) {
  at(level::verbose, format, std::forward<Args>(args)...);
}
template <std::convertible_to<subject> About, class... Args>
void verbose(const About& about, fmt::format_string<Args...> format, Args&&... args) {
  at(level::verbose, about, format, std::forward<Args>(args)...);
}

/// Shown with `--v`.
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  at(level::info, format, std::forward<Args>(args)...);
}
template <std::convertible_to<subject> About, class... Args>
void info(const About& about, fmt::format_string<Args...> format, Args&&... args) {
  at(level::info, about, format, std::forward<Args>(args)...);
}

/// Shown with `--v`: listening ports, links, the end of the process. Its level reads "info".
template <class... Args>
void notice(fmt::format_string<Args...> format, Args&&... args) {
  at(level::notice, format, std::forward<Args>(args)...);
}

template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  at(level::warning, format, std::forward<Args>(args)...);
}
template <std::convertible_to<subject> About, class... Args>
void warning(const About& about, fmt::format_string<Args...> format, Args&&... args) {
  at(level::warning, about, format, std::forward<Args>(args)...);
}

template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  at(level::error, format, std::forward<Args>(args)...);
}
template <std::convertible_to<subject> About, class... Args>
void error(const About& about, fmt::format_string<Args...> format, Args&&... args) {
  at(level::error, about, format, std::forward<Args>(args)...);
}

}  // namespace config::log
