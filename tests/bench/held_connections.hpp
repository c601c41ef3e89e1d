// Many idle connections, which are finally checked by an echo each.
#pragma once

#include <boost/asio/io_context.hpp>

#include <memory>
#include <vector>

#include "tests/bench/options.hpp"
#include "tests/lab/purchase.hpp"
#include "tests/lab/stream.hpp"

namespace bench {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

class held_connections {
public:
  held_connections(asio::io_context& io, const codec::dialect& d, const lab::layout& wire, const options& o);

  /// Runs the loop until all are open, for at most the timeout.
  void open();

  /// Runs the loop until the echo of each open connection was answered or failed, for at most the timeout.
  /// Returns how many were answered.
  std::size_t echo();

  /// The number of open connections.
  std::size_t count() const;

private:
  struct held {
    std::uint64_t tid;
    std::unique_ptr<lab::stream> line;
    bool is_open = false;
    bool is_asked = false;
  };

  using step = void (held_connections::*)(held&);

  void run(step s, std::size_t at_a_time);
  void go_on();
  void one_ended();
  void connect(held& h);
  void ask(held& h);
  std::size_t take(held& h, std::string_view unread);
  std::size_t take_http(held& h, std::string_view unread);
  void refuse(held& h);
  void served(held& h);
  bool is_echo(const held& h, std::string_view reply, const lab::outline& where) const;
  void ended(held& h, const std::string& why);

  asio::io_context& io_;
  const codec::dialect& dialect_;
  const lab::layout& wire_;
  options options_;
  lab::wall_clock clock_;
  std::vector<held> all_;
  step step_ = nullptr;
  std::size_t at_a_time_ = 0;
  std::size_t next_ = 0;
  std::size_t under_way_ = 0;
  std::size_t served_ = 0;
  std::size_t ended_count_ = 0;
};

}  // namespace bench
