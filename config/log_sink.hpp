// A place where the log's lines go, with a thread and a queue of its own: one that blocks or fails holds up
// neither the process nor the other places.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "config/log_record.hpp"

namespace config::log {

/// Where a sink writes to. Used by its thread alone, but for `reopen`.
class outlet {
public:
  outlet() = default;
  virtual ~outlet() = default;
  outlet(const outlet&) = delete;
  outlet& operator=(const outlet&) = delete;

  /// Writes as much of the beginning of `bytes` as it takes now, waits for at most a tenth of a second where
  /// it takes nothing, and returns how many bytes it took. `why`: why it failed; else it stays empty.
  virtual std::size_t write(std::string_view bytes, std::string& why) = 0;

  /// Whether a line that was written in part before it failed is written anew as a whole.
  virtual bool repeats_lines() const { return false; }

  /// Opens the file anew, by another thread. Returns why it cannot, and then keeps the old one.
  virtual std::string reopen() { return {}; }

  /// From here on writes go into the file that was opened anew.
  virtual void use_reopened() {}
};

class sink {
public:
  using format = std::function<void(std::string& out, const record& r)>;
  /// Tells the other sinks that this one cannot write, or can again.
  using report = std::function<void(const std::string& text)>;

  struct options {
    std::string name;   ///< for the metrics
    std::string title;  ///< for people
    format as;
    report tell;
    std::chrono::milliseconds pause_max;  ///< between two attempts of one that fails; the first is 1 s
    /// So long a few lines wait for more, because waking a thread costs more than a line.
    std::chrono::milliseconds gathering{5};
  };

  static constexpr std::size_t lines_max = 16384, bytes_max = 16 * 1024 * 1024;

  sink(std::unique_ptr<outlet> to, options o);

  const std::string& name() const { return options_.name; }

  /// Never waits. Drops the oldest lines where there is no room.
  void put(record_ptr r);

  /// Since the start.
  std::uint64_t dropped() const;

  /// Opens the file anew for the lines from here on, and for what it could not write. Returns why it cannot.
  std::string reopen();

  /// Takes no more lines and writes what waits, until then.
  void begin_stop(std::chrono::steady_clock::time_point until);

  /// Waits for that. False: its thread is still writing.
  bool has_stopped(std::chrono::steady_clock::time_point until);

  /// Begins the thread, which keeps `self` alive.
  static void run(std::shared_ptr<sink> self);

private:
  using lock = std::unique_lock<std::mutex>;

  void work();
  bool take(std::string& batch, std::size_t& lines);
  bool write(std::string_view batch);
  bool wait_for_retry(lock& l);
  void tell_dropped(std::string& batch);
  void tell_state(const std::string& why);
  void drop_oldest();

  const options options_;
  const std::unique_ptr<outlet> to_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<record_ptr> waiting_;  // null: the lines behind it are for the file that was opened anew
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0, told_ = 0;
  std::chrono::steady_clock::time_point told_at_{};
  std::string failing_;      // why; empty while it works
  std::string why_dropped_;  // of the lines that are not told
  std::chrono::milliseconds pause_{};
  bool retry_now_ = false, ended_ = false;
  std::optional<std::chrono::steady_clock::time_point> stop_at_;
};

}  // namespace config::log
