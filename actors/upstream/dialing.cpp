#include "actors/upstream/dialing.hpp"

#include "config/log.hpp"

namespace actors {

void dialing::lost(time_point now, bool was_open) {
  if (was_open && now - up_since_ >= backoff::health)
    pause_.reset();
  if (dialer_->waits())
    return;
  const auto wait = pause_.next(random_source_);
  at_ = now + wait;
  config::log::info("Dialing {} again in {} ms", dialer_->target(), wait.count());
}

}  // namespace actors
