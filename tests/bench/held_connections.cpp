#include "tests/bench/held_connections.hpp"

#include <algorithm>
#include <iostream>

#include "tests/bench/http_text.hpp"
#include "tests/lab/purchase.hpp"

namespace bench {

namespace {

constexpr std::uint64_t first_held_tid = 20'000'000;

// By default a gateway has room for 100 messages at a time.
constexpr std::size_t echoes_at_a_time = 50;
constexpr std::size_t dials_at_a_time = 200;

constexpr std::size_t told_max = 3;

}  // namespace

held_connections::held_connections(asio::io_context& io, const codec::dialect& d, const lab::layout& wire,
                                   const options& o)
  : io_(io), dialect_(d), wire_(wire), options_(o), all_(o.connections) {
  for (std::size_t i = 0; i < all_.size(); ++i) {
    auto& h = all_[i];
    h.tid = first_held_tid + i;
    h.line = std::make_unique<lab::stream>(
      io, o.http ? 2048 : 256,
      lab::stream::events{[this, &h](std::string_view unread) {
                            return options_.http ? take_http(h, unread) : take(h, unread);
                          },
                          [this, &h](const std::string& why) { ended(h, why); }});
  }
}

void held_connections::open() { run(&held_connections::connect, dials_at_a_time); }

std::size_t held_connections::echo() {
  served_ = 0;
  run(&held_connections::ask, echoes_at_a_time);
  return served_;
}

std::size_t held_connections::count() const {
  return static_cast<std::size_t>(std::ranges::count(all_, true, &held::is_open));
}

void held_connections::run(step s, std::size_t at_a_time) {
  step_ = s;
  at_a_time_ = at_a_time;
  next_ = under_way_ = 0;
  io_.restart();
  go_on();
  if (under_way_ != 0)
    io_.run_for(options_.timeout);
  step_ = nullptr;
}

void held_connections::go_on() {
  while (under_way_ < at_a_time_ && next_ < all_.size()) {
    ++under_way_;
    (this->*step_)(all_[next_++]);
  }
}

void held_connections::one_ended() {
  if (step_ == nullptr)
    return;
  --under_way_;
  go_on();
  if (under_way_ == 0)
    io_.stop();
}

void held_connections::connect(held& h) {
  h.line->connect(tcp::endpoint(asio::ip::address_v4::loopback(), options_.target_port), [this, &h] {
    h.is_open = true;
    one_ended();
  });
}

void held_connections::ask(held& h) {
  if (!h.is_open) {
    --under_way_;
    return;
  }
  h.is_asked = true;
  const auto stan = h.tid % lab::stan_max + 1;
  h.line->queue(options_.http ? http_echo(h.tid, stan, clock_.now())
                              : lab::echo_test(dialect_, h.tid, stan, clock_.now()));
  h.line->flush();
}

std::size_t held_connections::take(held& h, std::string_view unread) {
  lab::outline where;
  const auto read = wire_.read(unread, where);
  if (read == lab::reading::more_needed)
    return 0;
  if (!h.is_asked || read == lab::reading::bad || !is_echo(h, unread, where)) {
    refuse(h);
    return 0;
  }
  served(h);
  return where.size;
}

std::size_t held_connections::take_http(held& h, std::string_view unread) {
  http_reply reply;
  const auto read = read_http(unread, reply);
  if (read == lab::reading::more_needed)
    return 0;
  if (!h.is_asked || read == lab::reading::bad || reply.field("0") != 810U || reply.field("39") != 0U ||
      reply.field("41") != h.tid) {
    refuse(h);
    return 0;
  }
  served(h);
  return reply.size;
}

void held_connections::refuse(held& h) {
  h.line->close();
  ended(h, "it got something else than its echo");
}

void held_connections::served(held& h) {
  h.is_asked = false;
  ++served_;
  one_ended();
}

bool held_connections::is_echo(const held& h, std::string_view reply, const lab::outline& where) const {
  return reply.starts_with("0810") && lab::read_digits(where.field(reply, 41)) == h.tid &&
         where.field(reply, 39) == "000" &&
         lab::read_digits(where.field(reply, 11)) == h.tid % lab::stan_max + 1;
}

void held_connections::ended(held& h, const std::string& why) {
  if (++ended_count_ <= told_max)
    std::cerr << "sq_load: a held connection ended: " << (why.empty() ? "it was closed" : why)
              << (ended_count_ == told_max ? " (and no more of this kind is told)\n" : "\n");
  const bool was_step = h.is_asked || !h.is_open;
  h.is_open = h.is_asked = false;
  if (was_step)
    one_ended();
}

}  // namespace bench
