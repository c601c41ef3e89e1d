// One client: sends purchases and checks each reply completely.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "tests/bench/http_text.hpp"
#include "tests/lab/purchase.hpp"
#include "tests/lab/stream.hpp"

namespace bench {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

using steady = std::chrono::steady_clock;

/// Gives out the work and collects the results.
class work_source {
public:
  virtual ~work_source() = default;

  struct task {
    std::uint64_t amount;    ///< unique to the purchase
    steady::time_point due;  ///< its latency counts from here
  };

  /// The next purchase. None when enough are under way, or none is due.
  virtual std::optional<task> next() = 0;

  virtual void connected() = 0;
  virtual void right(steady::duration took) = 0;
  virtual void wrong(const std::string& why) = 0;
  virtual void lost(std::size_t count, const std::string& why) = 0;
  /// An error that is not the end of a purchase.
  virtual void complaint(const std::string& why) = 0;
  virtual std::string_view local_time() = 0;
};

struct client_rules {
  tcp::endpoint target;
  std::size_t depth;
  bool one_shot;
  bool http;
  steady::duration timeout;
};

class client {
public:
  client(asio::io_context& io, const codec::dialect& d, const lab::layout& wire, const client_rules& rules,
         work_source& o, std::uint64_t tid);

  void connect();

  /// Sends while there is work and room; connects where there is no connection.
  void work();

  /// Gives up purchases that have waited too long.
  void look_at_clock(steady::time_point now);

private:
  struct sent {
    std::uint64_t stan;
    std::uint64_t amount;
    steady::time_point at;
  };

  std::size_t take(std::string_view unread);
  std::size_t take_http(std::string_view unread);
  bool take_reply(std::string_view reply, const lab::outline& where);
  std::string fault(std::string_view reply, const lab::outline& where, const sent& request) const;
  std::string fault(const http_reply& reply, const sent& request) const;
  void complete(std::vector<sent>::iterator request);
  bool draw();
  void send(const sent& s);
  void served();
  void refuse(const std::string& why);
  void ended(const std::string& why);
  void lose(const std::string& why);

  const lab::layout& wire_;
  const client_rules& rules_;
  work_source& work_;
  lab::purchase purchase_;
  std::uint64_t terminal_;
  std::string tid_;
  lab::stream line_;
  std::vector<sent> in_flight_;  // in the order of sending
  std::uint64_t stan_ = 0;
  std::optional<steady::time_point> served_at_;  // with --one-shot: the gateway should hang up now
  bool is_connected_ = false;
};

}  // namespace bench
