// When a host is dialed, and by whom. No actor.
//
// A lost link is redialed after a growing pause; a link that stays up for a while, or carries a response,
// makes the pause short again.
#pragma once

#include <memory>
#include <optional>
#include <random>

#include "actors/protocol/transaction.hpp"
#include "actors/upstream/backoff.hpp"
#include "net/link.hpp"

namespace actors {

class dialing {
public:
  dialing(std::shared_ptr<net::dialer> dialer, std::uint64_t seed) : dialer_(std::move(dialer)) {
    random_source_.seed(seed);
  }

  net::dialer& dialer() const { return *dialer_; }

  void dial(net::link_events events) {
    at_.reset();
    dialer_->dial(std::move(events));
  }

  void connected(time_point now) {
    at_.reset();
    up_since_ = now;
  }

  /// The link works, so if it falls it is dialed again at once.
  void works() { pause_.reset(); }

  /// The link, if there was one, is lost; the next dial is due after a pause.
  void lost(time_point now, bool was_open);

  bool is_pausing() const { return at_.has_value(); }
  bool is_due(time_point now) const { return at_ && *at_ <= now; }

private:
  std::shared_ptr<net::dialer> dialer_;
  backoff pause_;
  std::optional<time_point> at_;  // during a pause between dials
  time_point up_since_{};
  std::mt19937_64 random_source_;
};

}  // namespace actors
