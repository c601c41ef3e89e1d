// The one event loop: every socket, timer and actor runs on its thread.
//
// Who may not see Asio sees two verbs, `post` and `alarm`.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace net {

class loop {
public:
  using clock = std::chrono::steady_clock;

  /// Belongs to the thread that makes it.
  loop();
  ~loop();
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  /// Runs `f` on the loop's thread, after what is ready now. From any thread.
  void post(std::function<void()> f);

  /// Runs `f` at `time`; a new alarm replaces the one before. Loop thread only.
  void alarm(clock::time_point time, std::function<void()> f);

  /// Calls `f` with the number of each signal of `signals`, until the loop is destroyed.
  void on_signals(std::initializer_list<int> signals, std::function<void(int)> f);

  bool here() const;

  /// Runs what is ready, waiting up to `patience` for something to be. Returns how many handlers ran.
  std::size_t run_for(clock::duration timeout);

  /// For net/ alone.
  boost::asio::io_context& io();

private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace net
