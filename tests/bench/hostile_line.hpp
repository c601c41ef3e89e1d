// Sends replies as a busy bank and a bad network would: late, out of order, joined and in random pieces, but
// every byte once.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include <random>
#include <string>
#include <vector>

#include "tests/lab/stream.hpp"

namespace bench {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;

class hostile_line {
public:
  hostile_line(asio::io_context& io, lab::stream& out, std::uint64_t seed);

  void take(std::string reply);

private:
  void wait_for_more();
  void shuffle_out();
  void write_soon();
  void write_pieces();
  std::size_t random(std::size_t least, std::size_t most);

  lab::stream& out_;
  std::mt19937_64 random_;
  asio::steady_timer batch_timer_;
  asio::steady_timer write_timer_;
  std::vector<std::string> replies_;  // not yet in `line_`
  std::string line_;
  bool is_waiting_ = false;
  bool is_writing_ = false;
};

}  // namespace bench
