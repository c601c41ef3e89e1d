// Real time.
#pragma once

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>

namespace real {

std::chrono::local_seconds local_time_now();

/// Runs the loop for that long.
void run_for(boost::asio::io_context& io, std::chrono::milliseconds time);

/// Runs the loop until `what` is true; false where it is not within `patience`.
bool run_until(boost::asio::io_context& io, const std::function<bool()>& what, std::chrono::milliseconds patience);

} // namespace real
