#include "tests/bench/crowd.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <utility>

namespace bench {

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t first_tid = 10'000'000;
constexpr auto look_period = 250ms;

// How many errors of each kind are printed; the rest is only counted.
constexpr std::size_t printed_max = 3;

}  // namespace

double tally::milliseconds_at(double share) const {
  if (latencies.empty())
    return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(latencies.size())));
  return latencies[std::clamp<std::size_t>(rank, 1, latencies.size()) - 1] / 1000.0;
}

crowd::crowd(asio::io_context& io, const codec::dialect& d, const lab::layout& wire, const options& o)
  : io_(io),
    options_(o),
    rules_{tcp::endpoint(asio::ip::address_v4::loopback(), o.target_port), o.depth, o.one_shot, o.http,
           o.timeout},
    clock_timer_(io),
    set_time_(io) {
  work_source& us = *this;
  for (std::size_t i = 0; i < o.clients; ++i)
    clients_.push_back(std::make_unique<client>(io, d, wire, rules_, us, first_tid + i));
}

bool crowd::connect() {
  if (options_.one_shot)
    return true;
  is_connecting_ = true;
  for (auto& c : clients_)
    c->connect();
  io_.restart();
  io_.run_for(options_.timeout);
  return !std::exchange(is_connecting_, false);
}

tally crowd::run(std::size_t count) {
  tally_ = {};
  if (count == 0)
    return {};
  tally_.latencies.reserve(count);
  given_ = 0;
  wanted_ = count;
  look_at_clock();
  io_.restart();
  began_ = steady::now();
  due_ = options_.rate == 0 ? count : 0;
  if (options_.rate == 0)
    for (auto& c : clients_)
      c->work();
  else
    send_at_set_times();
  io_.run();
  tally_.took = steady::now() - began_;
  clock_timer_.cancel();
  std::ranges::sort(tally_.latencies);
  return std::move(tally_);
}

std::optional<work_source::task> crowd::next() {
  if (given_ == due_)
    return {};
  const auto due = options_.rate == 0 ? steady::now() : set_time_of(given_);
  ++given_;
  return task{++amount_, due};
}

steady::time_point crowd::set_time_of(std::size_t number) const {
  return began_ + std::chrono::nanoseconds(1'000'000'000 * number / options_.rate);
}

// Clients take turns. Where all have a purchase in flight, the first one that is free takes what is due.
void crowd::send_at_set_times() {
  for (const auto now = steady::now(); due_ < wanted_ && set_time_of(due_) <= now;) {
    ++due_;
    for (std::size_t asked = 0; given_ < due_ && asked < clients_.size(); ++asked)
      clients_[turn_++ % clients_.size()]->work();
  }
  if (due_ == wanted_)
    return;
  set_time_.expires_at(set_time_of(due_));
  set_time_.async_wait([this](error_code) { send_at_set_times(); });
}

void crowd::connected() {
  if (++connected_ == clients_.size() && std::exchange(is_connecting_, false))
    io_.stop();
}

void crowd::right(steady::duration took) {
  ++tally_.ok;
  tally_.latencies.push_back(
    static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  stop_when_done();
}

void crowd::wrong(const std::string& why) {
  ++tally_.wrong;
  print_error(why);
  stop_when_done();
}

void crowd::lost(std::size_t count, const std::string& why) {
  tally_.lost += count;
  print_error(why);
  stop_when_done();
}

void crowd::complaint(const std::string& why) {
  ++tally_.complaints;
  print_error(why);
}

void crowd::look_at_clock() {
  for (auto& c : clients_)
    c->look_at_clock(steady::now());
  clock_timer_.expires_after(look_period);
  clock_timer_.async_wait([this](error_code cancelled) {
    if (!cancelled)
      look_at_clock();
  });
}

void crowd::stop_when_done() {
  if (tally_.ok + tally_.wrong + tally_.lost == wanted_)
    io_.stop();
}

void crowd::print_error(const std::string& why) {
  if (const auto count = ++printed_[why]; count <= printed_max)
    std::cerr << "sq_load: " << why << (count == printed_max ? " (and no more of this kind is told)" : "")
              << "\n";
}

}  // namespace bench
