// What all test clients share: the books, random numbers, and whether to go on.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <random>
#include <set>
#include <string>

#include "codec/dialect/dialect.hpp"
#include "tests/chaos/books.hpp"
#include "tests/lab/purchase.hpp"
#include "tests/lab/stream.hpp"

namespace chaos {

namespace asio = boost::asio;
using asio::ip::tcp;

/// How clients reach the gateway: directly, or through a proxy.
struct way {
  tcp::endpoint to;
  bool through_proxy = false;  ///< the proxy's TCP acknowledges, not the client's
  std::function<std::string(tcp::socket&)> open =
    {};                  ///< opens the socket where that needs more than a connect; returns an error
  int disturbances = 0;  ///< how often the proxy was killed or reloaded
  std::set<std::uint16_t> harmed = {};  ///< client ports whose connections the proxy has reset
};

struct world {
  asio::io_context& io;
  const codec::dialect& dialect;
  const lab::layout& wire;
  books& all;
  way raw, http;         ///< directly to the gateway
  bool closing = false;  ///< no new purchase; those begun are brought to their end
  lab::wall_clock clock = {};
  std::chrono::seconds timeout{
    40};  ///< how long a client waits for a response; longer than the gateway may take for it
};

/// More than the number of terminals at a time.
inline constexpr std::uint64_t terminals_apart = 1000;

class client {
public:
  client(world& w, std::uint64_t tid, std::uint64_t first_stan, std::uint64_t seed)
    : world_(w), tid_(tid), stan_(first_stan), random_(seed), timer_(w.io), timeout_(w.io) {}
  virtual ~client() = default;

  /// Begins the next purchase; there is always one until the world closes.
  virtual void begin() = 0;

  bool is_idle() const { return idle_; }

protected:
  void think() {
    timeout_.cancel();
    idle_ = world_.closing;
    if (!idle_)
      after(random(0, 250), [this] {
        idle_ = world_.closing;
        if (!idle_)
          begin();
      });
  }

  void after(int milliseconds, std::function<void()> then) {
    timer_.expires_after(std::chrono::milliseconds(milliseconds));
    timer_.async_wait([then = std::move(then)](boost::system::error_code cancelled) {
      if (!cancelled)
        then();
    });
  }

  /// Limits the wait, because a connection may be lost without notice.
  void wait_at_most(std::chrono::seconds time, std::function<void()> then) {
    timeout_.expires_after(time);
    timeout_.async_wait([then = std::move(then)](boost::system::error_code cancelled) {
      if (!cancelled)
        then();
    });
  }
  void cancel_timeout() { timeout_.cancel(); }

  int random(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }
  bool happens(int in_a_thousand) { return random(0, 999) < in_a_thousand; }

  // A parked reversal keeps its terminal waiting, and each start of the gateway begins the minute anew. The
  // client changes to another terminal, so that the load stays the same however many wait.
  bool moves_on(bool was_served) {
    unserved_ = was_served ? 0 : unserved_ + 1;
    if (unserved_ < 2)
      return false;
    unserved_ = 0;
    tid_ += terminals_apart;
    return true;
  }

  /// A purchase begins on this way.
  void begin_on(const trace& t, const way& on) {
    disturbances_ = on.disturbances;
    world_.all.at_client(t).behind_proxy = on.through_proxy;
  }

  /// The connection on this way has ended without a response.
  void lost(const trace& t, const way& on, std::uint16_t port) {
    const bool harmed = on.through_proxy && (disturbances_ != on.disturbances || on.harmed.contains(port));
    world_.all.at_client(t).way_broken |= harmed;
    world_.all.log(t,
                   harmed ? "its client's connection ends with the proxy" : "its client's connection ends");
  }

  world& world_;
  std::uint64_t tid_;
  std::uint64_t stan_;

private:
  std::mt19937_64 random_;
  asio::steady_timer timer_, timeout_;
  int unserved_ = 0;
  int disturbances_ = 0;
  bool idle_ = false;
};

}  // namespace chaos
