// What all test terminals share: the books, the dice, and whether they shall go on.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <random>

#include "codec/dialect.hpp"
#include "tests/bench/purchase.hpp"
#include "tests/bench/stream.hpp"
#include "tests/chaos/books.hpp"

namespace chaos {

namespace asio = boost::asio;
using asio::ip::tcp;

struct world {
  asio::io_context& io;
  const codec::dialect& dialect;
  const bench::layout& wire;
  books& all;
  tcp::endpoint raw, http;  ///< of the gateway
  bool closing = false;  ///< no new purchase; what is begun is brought to its end
  bench::wall_clock clock = {};
};

/// More than there are at a time.
inline constexpr std::uint64_t terminals_apart = 1000;

class terminal {
public:
  terminal(world& w, std::uint64_t tid, std::uint64_t first_stan, std::uint64_t seed) : world_(w), tid_(tid), stan_(first_stan), dice_(seed), timer_(w.io) {}
  virtual ~terminal() = default;

  /// Begins the next purchase; there is always one until the world closes.
  virtual void begin() = 0;

  bool is_idle() const { return idle_; }

protected:
  void think() {
    idle_ = world_.closing;
    if (!idle_)
      after(random(0, 250), [this] { idle_ = world_.closing; if (!idle_) begin(); });
  }

  void after(int milliseconds, std::function<void()> then) {
    timer_.expires_after(std::chrono::milliseconds(milliseconds));
    timer_.async_wait([then = std::move(then)](boost::system::error_code cancelled) {
      if (!cancelled)
        then();
    });
  }

  int random(int least, int most) { return std::uniform_int_distribution<int>(least, most)(dice_); }
  bool happens(int in_a_thousand) { return random(0, 999) < in_a_thousand; }

  // A reversal that waits a minute keeps its terminal waiting, and each new life of the gateway begins the minute anew. The
  // cashier takes another terminal: so the load stays what it is, however many are held.
  bool moves_on(bool was_served) {
    unserved_ = was_served ? 0 : unserved_ + 1;
    if (unserved_ < 2)
      return false;
    unserved_ = 0;
    tid_ += terminals_apart;
    return true;
  }

  world& world_;
  std::uint64_t tid_;
  std::uint64_t stan_;

private:
  std::mt19937_64 dice_;
  asio::steady_timer timer_;
  int unserved_ = 0;
  bool idle_ = false;
};

} // namespace chaos
