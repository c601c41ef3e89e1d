// A line of the log before it is written, and its forms.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "config/log.hpp"

namespace config::log {

/// All sinks share it; the first one that needs the text makes it.
class record {
public:
  record(level l, std::string text, subject about);
  record(level l, std::function<std::string()> render, subject about);

  /// Valid UTF-8, and one line, but of a table.
  const std::string& text() const;

  /// About how many bytes it takes in memory.
  std::size_t size() const { return size_; }

  std::chrono::system_clock::time_point at;
  level of;
  subject about;

private:
  bool is_table_;
  std::size_t size_;
  mutable std::mutex making_;  // not std::call_once, which makes a system call for every line
  mutable bool is_made_ = false;
  mutable std::string text_;
  mutable std::function<std::string()> render_;
};

using record_ptr = std::shared_ptr<const record>;

/// The old program's: "YYYY-MM-DD hh:mm:ss - level: text", in local time, the subject as "[txn 7]" at the end
/// of the first line that has text.
void append_text(std::string& out, const record& r);

/// The text and the subject alone.
std::string text_and_subject(const record& r);

/// A JSON object in a line: time (RFC 3339, UTC, with milliseconds), level, message, and of the subject what
/// is known: transaction, public_id, mti, tid, stan.
void append_json(std::string& out, const record& r);

/// The same for Logstash, with the old program's keys: level, label, message, timestamp; and @timestamp.
void append_logstash(std::string& out, const record& r, std::string_view node);

/// Puts the priority of journald, "<4>", in front of each line of `out` behind `from` (sd-daemon(3)).
void add_priority(std::string& out, std::size_t from, level l);

}  // namespace config::log
