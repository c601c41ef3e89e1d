// The demo's clients: each buys now and then, over a connection for each purchase, and knows what it was
// shown.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "actors/protocol/upstreams.hpp"
#include "net/link.hpp"

namespace net {
class loop;
}

namespace demo {

struct purchase {
  enum class state { open, approved, declined, failed };

  std::size_t client;  ///< from 1
  std::string tid, stan;
  std::int64_t amount;  ///< in hundredths
  state is = state::open;
  std::string code = {};  ///< of the response
  std::chrono::milliseconds took{};
};
using purchase_ptr = std::shared_ptr<const purchase>;

class clients {
public:
  using clock = std::chrono::steady_clock;

  /// They connect to this port of this machine.
  clients(net::loop& on, actors::dialect_ptr dialect, std::uint16_t port,
          std::function<std::chrono::local_seconds()> local_time);

  /// This client buys for so much.
  purchase_ptr buy(std::size_t client, std::int64_t amount);

  /// Lets clients with nothing to do buy, some three times a second, while they are `busy`; dials again for
  /// those that found no gateway.
  void tick();
  bool busy = false;

  /// Called when a purchase has ended.
  std::function<void(const purchase&)> on_end;

  /// All of them so far.
  const std::list<purchase_ptr>& all() const { return all_; }
  bool have_open() const { return !open_.empty(); }

private:
  struct visit;

  void dial(const std::shared_ptr<visit>& v);
  void take(const std::shared_ptr<visit>& v);
  void end(const std::shared_ptr<visit>& v, purchase::state is);

  net::loop& loop_;
  actors::dialect_ptr dialect_;
  std::uint16_t port_;
  std::function<std::chrono::local_seconds()> local_time_;
  std::list<std::shared_ptr<visit>> open_, ended_;
  std::list<purchase_ptr> all_;
  std::size_t stan_ = 0;
  clock::time_point next_buy_{};
  std::mt19937_64 random_{1};
};

inline constexpr std::size_t clients_count = 10;

}  // namespace demo
