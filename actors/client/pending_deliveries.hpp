// The approvals that were written to a client and are not known to have reached it.
//
// A session owns them. Where it stops, what is not proven is reversed, or waits for its client to ask again
// where its delivery says so. An answer is proven when its client's TCP has acknowledged the bytes up to its
// end (by position, for a busy connection never has none under way).
#pragma once

#include <deque>
#include <string>
#include <utility>

#include "actors/core/lived_clock.hpp"
#include "actors/core/timeouts.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

class pending_deliveries {
public:
  pending_deliveries() = default;
  ~pending_deliveries() { failed(); }
  pending_deliveries(const pending_deliveries&) = delete;
  pending_deliveries& operator=(const pending_deliveries&) = delete;

  void learn(const directory& d) { peers_ = d; }

  /// An approval whose last byte is at `position` of its link. `options.public_id`: of the request, where the
  /// client may come back for it.
  void add(transaction_id id, client_options options, in_hand hand, std::uint64_t position, time_point now) {
    waiting_.push_back({id, std::move(options), std::move(hand), position, clock_.look(now)});
  }

  /// One that cannot be written: its client is gone.
  void add_lost(transaction_id id, const client_options& options) { tell_failed(id, options); }

  bool empty() const { return waiting_.empty(); }

  /// Takes note of what the client's TCP has acknowledged. Whatever of the client comes in says so too, and
  /// the end of the link.
  void look(const net::link& link) {
    if (waiting_.empty())
      return;
    const auto acknowledged = link.acknowledged();
    for (; !waiting_.empty() && waiting_.front().position <= acknowledged; waiting_.pop_front())
      proven(waiting_.front());
    progress_ = acknowledged;
  }

  /// The same every second or so; true where the client has taken too long over one.
  bool overdue(const net::link& link, time_point now) {
    const auto lived = clock_.look(now);
    const auto before = progress_;
    look(link);
    if (progress_ != before || waiting_.empty())
      progress_at_ = lived;
    if (waiting_.empty())
      return false;
    const auto since = waiting_.front().since;
    return lived - std::max(since, progress_at_) >= delivery_timeout ||
           lived - since >= slow_delivery_timeout;
  }

  /// The session leaves the link, or stops: first nothing more reaches the client, then what has not reached
  /// it is given up.
  void give_up(net::link* link) {
    if (link && !waiting_.empty()) {
      link->reset();
      look(*link);
    }
    failed();
  }

  /// The client is gone, or does not read.
  void failed() {
    for (const auto& w : std::exchange(waiting_, {}))
      tell_failed(w.id, w.options);
  }

private:
  struct written {
    transaction_id id;
    client_options options;
    in_hand hand;
    std::uint64_t position;
    time_point since;
  };

  void proven(const written& w) {
    if (w.options.how == delivery::confirm)
      caf::anon_send(peers_.idempotency,
                     delivery_failed{w.options.public_id});  // its word counts, and from now on
    else
      caf::anon_send(peers_.journal, log_lazily{decision{decision::kind::delivered, w.id}});
  }

  void tell_failed(transaction_id id, const client_options& options) {
    // What has an id others may have been given too; the registry knows.
    if (options.how == delivery::tcp && options.public_id.empty())
      caf::anon_send(peers_.journal, request_reversal{id, cause::undelivered});
    else
      caf::anon_send(peers_.idempotency, delivery_failed{options.public_id});
  }

  directory peers_;
  std::deque<written> waiting_;  // by position
  lived_clock clock_;
  std::uint64_t progress_ = 0;
  time_point progress_at_{};
};

}  // namespace actors
