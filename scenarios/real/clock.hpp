// Real time.
#pragma once

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <optional>

namespace real {

/// The wall clock for the dates of a story's messages. As in virtual time, it stands still but for `time
/// passes`: one message said twice is the same message.
class story_clock {
public:
  std::chrono::local_seconds local_time() const;
  void pass(std::chrono::milliseconds time) { passed_ += time; }

private:
  /// The system's, when it is first asked for.
  mutable std::optional<std::chrono::local_seconds> begin_;
  mutable std::chrono::milliseconds passed_{0};
};

/// Runs the loop for that long.
void run_for(boost::asio::io_context& io, std::chrono::milliseconds time);

/// Runs the loop until `what` is true; false where it is not within `patience`.
bool run_until(boost::asio::io_context& io, const std::function<bool()>& what,
               std::chrono::milliseconds timeout);

}  // namespace real
