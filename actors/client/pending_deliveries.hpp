// The approvals that were written to a client and are not known to have reached it.
//
// A session owns them. Where it stops, what is not proven is reversed, or waits for its client to ask again
// where its delivery says so. An answer is proven when its client's TCP has acknowledged the bytes up to its
// end (by position, for a busy connection never has none under way).
#pragma once

#include <deque>

#include "actors/core/lived_clock.hpp"
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
  void add(transaction_id id, client_options&& options, in_hand&& hand, std::uint64_t position,
           time_point now);

  /// One that cannot be written: its client is gone.
  void add_lost(transaction_id id, const client_options& options) { tell_failed(id, options); }

  bool empty() const { return waiting_.empty(); }

  /// Takes note of what the client's TCP has acknowledged. Whatever of the client comes in says so too, and
  /// the end of the link.
  void look(const net::link& link);

  /// The same every second or so; true where the client has taken too long over one.
  bool overdue(const net::link& link, time_point now);

  /// The session leaves the link, or stops: first nothing more reaches the client, then what has not reached
  /// it is given up.
  void give_up(net::link* link);

  /// The client is gone, or does not read.
  void failed();

private:
  struct written {
    transaction_id id = 0;
    client_options options = {};
    in_hand hand = {};
    std::uint64_t position = 0;
    time_point since = {};
  };

  void proven(const written& w);
  void tell_failed(transaction_id id, const client_options& options);

  directory peers_;
  std::deque<written> waiting_;  // by position
  lived_clock clock_;
  std::uint64_t progress_ = 0;
  time_point progress_at_{};
};

}  // namespace actors
