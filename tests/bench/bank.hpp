// The bank: approves everything at once, and reports what a bank must never receive.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <vector>

#include "tests/bench/hostile_line.hpp"
#include "tests/bench/options.hpp"
#include "tests/lab/stream.hpp"
#include "tests/lab/wire.hpp"

namespace bench {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

class bank {
public:
  bank(asio::io_context& io, const options& o, const lab::layout& wire);

  /// Returns an error, empty where there is none.
  std::string listen();

  /// Runs the loop until a gateway has connected, for at most the timeout. A relay connects only when its
  /// clients do.
  bool wait_for_gateway();

  /// How often something came that was no message, or a purchase came twice.
  std::size_t complaints() const { return complaints_; }

private:
  // One connection. Never removed, because handlers point to it.
  struct caller {
    std::unique_ptr<lab::stream> line;
    std::unique_ptr<hostile_line> hostile;
  };

  struct delayed {
    std::chrono::steady_clock::time_point due;
    caller* to;
    std::string replies;
  };

  void accept();
  void start_connection(tcp::socket socket);
  std::size_t take(caller& from, std::string_view unread);
  std::size_t take_frames(caller& from, std::string_view unread);
  std::size_t take_bare(caller& from, std::string_view unread);
  void answer_frame(caller& to, std::string_view request, const lab::outline& of);
  void send(caller& to);
  void send_delayed();
  void note(std::string_view request, const lab::outline& of);
  std::size_t report_error(caller& of, const char* why);

  asio::io_context& io_;
  options options_;
  const lab::layout& wire_;
  tcp::acceptor acceptor_;
  std::vector<std::unique_ptr<caller>> callers_;
  std::vector<bool> seen_;  // by amount, which is unique to each purchase
  std::string replies_;
  std::deque<delayed> delayed_;  // in the order of their times
  asio::steady_timer delay_timer_;
  bool waits_for_gateway_ = false;
  std::size_t complaints_ = 0;
};

}  // namespace bench
