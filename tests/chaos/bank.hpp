// A bank with an exact ledger behind a bad network: it loses, delays and repeats messages, answers "do not
// know" and hangs up.
//
// Only messages are disturbed. The ledger is exact: a purchase is booked once, and a reversal reverses its
// own original and may be repeated.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <random>
#include <string>

#include "codec/dialect/dialect.hpp"
#include "codec/message.hpp"
#include "tests/chaos/books.hpp"
#include "tests/lab/stream.hpp"

namespace chaos {

namespace asio = boost::asio;
using asio::ip::tcp;

class bank {
public:
  bank(asio::io_context& io, const codec::dialect& d, books& b, std::uint64_t seed);

  /// Returns an error, empty where there is none.
  std::string listen(std::uint16_t port);

  /// From now on it answers everything at once, and correctly.
  void behave() { behaves_ = true; }

  /// How often it misbehaves, in percent of the usual odds.
  void misbehave(int percent) { percent_ = percent; }

private:
  void accept();
  void start_connection(tcp::socket socket);
  void schedule_hang_up();
  std::size_t take(std::string_view unread);
  void take_message(const codec::message& m);
  void take_transaction(const codec::message& m);
  void take_reversal(const codec::message& m);
  void check_order(const trace& t);
  void book(const trace& t);
  void answer(codec::message m, const std::string& code);
  void send(const codec::message& m, bool over_any_link, int link);
  void later(std::chrono::milliseconds pause, std::function<void()> what);
  bool happens(int in_a_thousand);
  std::chrono::milliseconds some(int least, int most);

  asio::io_context& io_;
  const codec::dialect& dialect_;
  books& books_;
  std::mt19937_64 random_;
  tcp::acceptor acceptor_;
  lab::stream line_;
  asio::steady_timer hang_up_timer_;
  int link_ = 0;
  bool is_connected_ = false;
  bool behaves_ = false;
  int percent_ = 100;
  std::uint64_t reference_ = 100'000'000'000;
};

}  // namespace chaos
