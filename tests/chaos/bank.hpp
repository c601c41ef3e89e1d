// A bank with an exact ledger behind a bad network: it loses, delays and repeats messages, answers "do not
// know" and hangs up. There may be several ways to it, which lead to the same ledger.
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
#include <vector>

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

  /// Opens one more way to this bank; each has one connection at a time. Returns an error, empty where there
  /// is none.
  std::string listen(std::uint16_t port);

  /// Closes the way that was opened as this number, from 0, and refuses its calls until `reopen`.
  void close(std::size_t number);
  /// Returns an error, empty where there is none.
  std::string reopen(std::size_t number);

  /// Does what it is asked for over this way, and says nothing there.
  void silence(std::size_t number, bool is) { lines_[number]->is_silent = is; }

  /// From now on it answers everything at once, and correctly.
  void behave() { behaves_ = true; }

  /// How often it misbehaves, in percent of the usual odds.
  void misbehave(int percent) { percent_ = percent; }

private:
  struct line {
    line(bank& b, std::uint16_t p);

    std::uint16_t port;
    tcp::acceptor acceptor;
    lab::stream stream;
    int connection = 0;  // the bank's connections are numbered
    bool is_connected = false;
    bool is_silent = false;
  };

  std::string open(line& l);
  void accept(line& l);
  void hang_up(line& l);
  void schedule_hang_up();
  std::size_t take(line& from, std::string_view unread);
  void take_message(const codec::message& m);
  void take_transaction(const codec::message& m);
  void take_reversal(const codec::message& m);
  void check_order(const trace& t);
  void book(const trace& t);
  void answer(codec::message m, const std::string& code);
  void send(const codec::message& m, line* over, int connection);
  void later(std::chrono::milliseconds pause, std::function<void()> what);
  bool happens(int in_a_thousand);
  std::chrono::milliseconds some(int least, int most);

  asio::io_context& io_;
  const codec::dialect& dialect_;
  books& books_;
  std::mt19937_64 random_;
  std::vector<std::unique_ptr<line>> lines_;
  line* from_ = nullptr;  // of the message that is being taken
  int connections_ = 0;
  asio::steady_timer hang_up_timer_;
  bool behaves_ = false;
  int percent_ = 100;
  std::uint64_t reference_ = 100'000'000'000;
};

}  // namespace chaos
