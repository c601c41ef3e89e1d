// All clients together: gives out the purchases and counts the results.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>

#include "tests/bench/client.hpp"
#include "tests/bench/options.hpp"

namespace bench {

struct tally {
  std::size_t ok = 0;
  std::size_t wrong = 0;
  std::size_t lost = 0;
  std::size_t complaints = 0;  ///< other errors
  steady::duration took{};
  std::vector<std::uint32_t> latencies;  ///< of successful ones, in microseconds, sorted

  double milliseconds_at(double share) const;
};

class crowd final : private work_source {
public:
  crowd(asio::io_context& io, const codec::dialect& d, const lab::layout& wire, const options& o);

  /// Runs the loop until every client is connected, for at most the timeout.
  bool connect();

  /// Runs the loop until `count` purchases have ended, successfully or not.
  tally run(std::size_t count);

private:
  std::optional<task> next() override;
  void connected() override;
  void right(steady::duration took) override;
  void wrong(const std::string& why) override;
  void lost(std::size_t count, const std::string& why) override;
  void complaint(const std::string& why) override;
  std::string_view local_time() override { return clock_.now(); }

  void look_at_clock();
  void send_at_set_times();
  void stop_when_done();
  steady::time_point set_time_of(std::size_t number) const;
  void print_error(const std::string& why);

  asio::io_context& io_;
  options options_;
  client_rules rules_;
  lab::wall_clock clock_;
  std::vector<std::unique_ptr<client>> clients_;
  asio::steady_timer clock_timer_;
  asio::steady_timer set_time_;  // with --rate: of the next purchase
  tally tally_;
  std::size_t connected_ = 0;
  bool is_connecting_ = false;
  std::size_t given_ = 0;  // of `wanted_`
  std::size_t due_ = 0;    // of `wanted_`
  std::size_t turn_ = 0;   // with --rate: whose purchase is next
  steady::time_point began_;
  std::size_t wanted_ = 0;
  std::uint64_t amount_ = 0;
  std::map<std::string, std::size_t> printed_;  // how often each error occurred
};

}  // namespace bench
