// The one event loop: all sockets, timers and actors run on its thread.
//
// Code that may not include Asio uses `post` and `alarm`.
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

  /// Belongs to the thread that constructs it.
  loop();
  ~loop();
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  /// Runs `f` on the loop's thread, after the handlers that are ready now. May be called from any thread.
  void post(std::function<void()> f);

  /// Runs `f` at `time`; a new alarm replaces the old one. Loop thread only.
  void alarm(clock::time_point time, std::function<void()> f);

  /// Calls `f` with the signal's number each time one of `signals` arrives, until the loop is destroyed.
  void on_signals(std::initializer_list<int> signals, std::function<void(int)> f);

  bool here() const;

  /// Runs the handlers that are ready, waiting up to `timeout` for the first. Returns how many handlers ran.
  std::size_t run_for(clock::duration timeout);

  /// For net/ alone.
  boost::asio::io_context& io();

private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace net
