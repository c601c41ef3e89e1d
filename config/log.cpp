#include "config/log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <spdlog/async.h>
#include <spdlog/details/file_helper.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "config/printable.hpp"
#include "config/settings.hpp"

namespace config::log {

namespace {

constexpr std::size_t waiting_max = 16384;

// The old program's level names. It has no `notice`, so a notice is written as "info".
const char* name_of(spdlog::level::level_enum l) {
  switch (l) {
    case spdlog::level::trace: return "verbose";
    case spdlog::level::debug:
    case spdlog::level::info: return "info";
    case spdlog::level::warn: return "warn";
    default: return "error";
  }
}

spdlog::level::level_enum spdlog_level(level l) {
  switch (l) {
    case level::verbose: return spdlog::level::trace;
    case level::info: return spdlog::level::debug;
    case level::notice: return spdlog::level::info;
    case level::warning: return spdlog::level::warn;
    case level::error: break;
  }
  return spdlog::level::err;
}

class level_name final : public spdlog::custom_flag_formatter {
public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    const std::string_view name = name_of(message.level);
    out.append(name.data(), name.data() + name.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<level_name>(); }
};

class file_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit file_sink(std::string path) : path_(std::move(path)), file_(opened()) {}

  // Keeps the old file when the new one cannot be opened.
  void reopen() {
    auto anew = opened();
    const std::lock_guard lock(mutex_);
    file_ = std::move(anew);
  }

protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    file_->write(line);
  }
  void flush_() override { file_->flush(); }

private:
  std::unique_ptr<spdlog::details::file_helper> opened() const {
    auto file = std::make_unique<spdlog::details::file_helper>();
    file->open(path_);
    return file;
  }

  std::string path_;
  std::unique_ptr<spdlog::details::file_helper> file_;
};

std::shared_ptr<spdlog::logger> logger;
std::shared_ptr<file_sink> file;
level least = level::warning;
std::function<void(level, const std::string&)> observer_;
volatile std::sig_atomic_t status_at_the_end = 0;

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
  std::ifstream existing(path, std::ios::binary);
  char beginning[512];
  existing.read(beginning, sizeof beginning);
  return std::any_of(beginning, beginning + existing.gcount(), [](char c) { return c == '\0'; });
}

}  // namespace

std::string start(const settings& s) {
  // The file's sink comes first: a line on the console is in the file already.
  std::vector<spdlog::sink_ptr> sinks;
  if (!s.log.file.empty() && is_pipe_without_reader(s.log.file))
    return "cannot write the logFile '" + s.log.file + "': it is a pipe that no process reads";
  if (struct stat is{}; !s.log.file.empty() && ::stat(s.log.file.c_str(), &is) == 0 && S_ISREG(is.st_mode) &&
                        is_no_text(s.log.file))
    return "cannot write the logFile '" + s.log.file +
           "': there is something other than a log in it; give another path, or move that file away";
  try {
    if (!s.log.file.empty())
      sinks.push_back(file = std::make_shared<file_sink>(s.log.file));
  } catch (const spdlog::spdlog_ex&) {
    return "cannot write the logFile '" + s.log.file + "'";
  }
  if (!s.log.silent)
    sinks.push_back(std::make_shared<spdlog::sinks::stdout_sink_mt>());
  spdlog::init_thread_pool(waiting_max, 1);
  logger =
    std::make_shared<spdlog::async_logger>("socketqueue", sinks.begin(), sinks.end(), spdlog::thread_pool(),
                                           spdlog::async_overflow_policy::overrun_oldest);
  least = s.log.verbose ? level::verbose : s.log.info ? level::info : level::notice;
  logger->set_level(spdlog_level(least));
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<level_name>('*').set_pattern("%Y-%m-%d %H:%M:%S - %*: %v");
  logger->set_formatter(std::move(formatter));
  // Errors of a sink are ignored: a full disk must not fill the console or fail the actor that logs.
  logger->set_error_handler([](const std::string&) {});
  spdlog::register_logger(logger);
  spdlog::flush_every(std::chrono::seconds(1));
  return {};
}

void reopen() {
  if (!file)
    return;
  try {
    file->reopen();
  } catch (const spdlog::spdlog_ex& failed) {
    error("cannot open the log file anew: {}", failed.what());
  }
}

void stop(int status) {
  if (!logger)
    return;
  status_at_the_end = status;
  std::signal(SIGALRM, [](int) { std::_Exit(status_at_the_end); });
  alarm(5);
  if (const auto dropped = spdlog::thread_pool()->overrun_counter(); dropped != 0)
    error("{} lines of this log were dropped, for they came faster than they could be written", dropped);
  logger->flush();
  logger.reset();
  spdlog::shutdown();
  file.reset();
  alarm(0);
}

bool shows(level l) { return observer_ || (logger && l >= least); }

void write(level l, std::string text) {
  // All log text passes here, so no text from a peer can send control characters to a screen.
  text = printable(text, '?', true);
  if (observer_)
    observer_(l, text);
  if (logger)
    logger->log(spdlog_level(l), text);
}

void observe(std::function<void(level, const std::string&)> observer) { observer_ = std::move(observer); }

}  // namespace config::log
