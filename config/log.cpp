#include "config/log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "config/log_outlets.hpp"
#include "config/log_record.hpp"
#include "config/log_sink.hpp"
#include "config/settings.hpp"

namespace config::log {

namespace {

constexpr auto stop_max = std::chrono::seconds(5);

// What cannot be written is tried again after at most this.
constexpr std::chrono::milliseconds disk_pause_max{1000}, logstash_pause_max{30000};

std::vector<std::shared_ptr<sink>> sinks;
level least = level::warning;
std::function<void(level, const std::string&)> observer_;

// Opening such a pipe would block forever.
bool is_pipe_without_reader(const std::string& path) {
  struct stat is {};
  if (::stat(path.c_str(), &is) != 0 || !S_ISFIFO(is.st_mode))
    return false;
  const int pipe = ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (pipe >= 0)
    ::close(pipe);
  return pipe < 0 && errno == ENXIO;
}

// A mistyped path must not append lines to a database or a key. What a log never has is in either.
bool is_no_text(const std::string& path) {
  struct stat is {};
  if (::stat(path.c_str(), &is) != 0 || !S_ISREG(is.st_mode))
    return false;
  std::ifstream existing(path, std::ios::binary);
  char beginning[512];
  existing.read(beginning, sizeof beginning);
  return std::any_of(beginning, beginning + existing.gcount(), [](char c) { return c == '\0'; });
}

// A sink that cannot write says so in the others.
void write_in_others(const std::string& name, const std::string& text) {
  const auto r = std::make_shared<const record>(level::warning, text, subject{});
  for (const auto& s : sinks)
    if (s->name() != name)
      s->put(r);
}

void add(const std::string& name, const std::string& title, std::unique_ptr<outlet> to, sink::format as,
         std::chrono::milliseconds pause_max) {
  sinks.push_back(std::make_shared<sink>(
    std::move(to),
    sink::options{name, title, std::move(as),
                  [name](const std::string& text) { write_in_others(name, text); }, pause_max}));
}

std::string add_sinks(const log_settings& s) {
  const sink::format lines = s.format == log_format::json ? append_json : append_text;
  if (!s.file.empty()) {
    const auto cannot = "cannot write the logFile '" + s.file + "'";
    if (is_pipe_without_reader(s.file))
      return cannot + ": it is a pipe that no process reads";
    if (is_no_text(s.file))
      return cannot +
             ": there is something other than a log in it; give another path, or move that file away";
    auto file = to_file(s.file);
    if (std::holds_alternative<std::string>(file))
      return cannot;
    add("file", "the logFile", std::get<std::unique_ptr<outlet>>(std::move(file)), lines, disk_pause_max);
  }
  if (!s.silent) {
    const auto with_priority = [lines](std::string& out, const record& r) {
      const auto from = out.size();
      lines(out, r);
      add_priority(out, from, r.of);
    };
    add("console", "the console", to_console(), console_is_journal() ? sink::format(with_priority) : lines,
        disk_pause_max);
  }
  if (!s.logstash_host.empty())
    add(
      "logstash", "Logstash at " + s.logstash_host + ":" + std::to_string(s.logstash_port),
      to_logstash(s.logstash_host, s.logstash_port),
      [node = s.logstash_node](std::string& out, const record& r) { append_logstash(out, r, node); },
      logstash_pause_max);
  return {};
}

void put(level l, const record_ptr& r) {
  if (observer_)
    observer_(l, text_and_subject(*r));
  for (const auto& s : sinks)
    s->put(r);
}

}  // namespace

std::string start(const settings& s) {
  sinks.clear();
  if (auto why = add_sinks(s.log); !why.empty()) {
    sinks.clear();
    return why;
  }
  least = s.log.verbose ? level::verbose : s.log.info ? level::info : level::warning;
  for (const auto& each : sinks)
    sink::run(each);
  return {};
}

void reopen() {
  for (const auto& s : sinks)
    if (const auto why = s->reopen(); !why.empty())
      error("cannot open the log file anew: {}", why);
}

void stop(int status) {
  const auto until = std::chrono::steady_clock::now() + stop_max;
  for (const auto& s : sinks)
    s->begin_stop(until);
  // A thread that is stuck, as in the resolution of a name, would use what main() destroys at its end.
  constexpr auto last_write = std::chrono::milliseconds(200);
  for (const auto& s : sinks)
    if (!s->has_stopped(until + last_write))
      std::_Exit(status);
}

bool shows(level l) { return observer_ || (!sinks.empty() && l >= least); }

void write(level l, std::string text, subject about) {
  put(l, std::make_shared<const record>(l, std::move(text), std::move(about)));
}

void write_table(level l, std::function<std::string()> render, subject about) {
  put(l, std::make_shared<const record>(l, std::move(render), std::move(about)));
}

std::vector<dropped_lines> dropped() {
  std::vector<dropped_lines> all;
  for (const auto& s : sinks)
    all.push_back({s->name(), s->dropped()});
  return all;
}

void observe(std::function<void(level, const std::string&)> observer) { observer_ = std::move(observer); }

}  // namespace config::log
