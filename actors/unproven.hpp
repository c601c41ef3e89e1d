// The approvals that were written to a client of which nobody knows yet that it has them.
//
// Whoever writes them owns this, and dying it tells that it does not know: what is not proven is reversed, or waits
// for its client to come back where the contract says so.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "actors/patience.hpp"
#include "actors/protocol.hpp"

namespace actors {

class unproven {
public:
  unproven() = default;
  ~unproven() { failed(); }
  unproven(const unproven&) = delete;
  unproven& operator=(const unproven&) = delete;

  void learn(const directory& d) { offices_ = d; }

  /// `asked.transaction`: of the deal, where the client may come back for it.
  void add(purchase_id id, terms asked, time_point now) { waiting_.push_back({id, std::move(asked), now}); }

  bool empty() const { return waiting_.empty(); }

  /// The client's TCP has acknowledged them all.
  void proven() {
    for (const auto& w : std::exchange(waiting_, {})) {
      if (w.asked.how == contract::confirm)
        caf::anon_send(offices_.registry, unheard{w.asked.transaction});  // its word counts, and from now on
      else
        caf::anon_send(offices_.journal, note{decision{decision::kind::delivered, w.id}});
    }
  }

  /// The same, where that is so; for whoever is about to leave the link, or to die. None: the client is gone.
  void proven_by(const net::link* link) {
    if (link && !waiting_.empty() && link->unacknowledged() == 0)
      proven();
  }

  /// Looks at its link; true where the client has taken too long over them.
  bool overdue(const net::link& link, time_point now) {
    proven_by(&link);
    return !waiting_.empty() && now - waiting_.front().since >= delivery_patience;
  }

  /// The client is gone, or does not read.
  void failed() {
    for (const auto& w : std::exchange(waiting_, {})) {
      // What has an id others may have been given too; the registry knows.
      if (w.asked.how == contract::tcp && w.asked.transaction.empty())
        caf::anon_send(offices_.journal, undo{w.id, "undelivered"});
      else
        caf::anon_send(offices_.registry, unheard{w.asked.transaction});
    }
  }

private:
  struct written {
    purchase_id id;
    terms asked;
    time_point since;
  };

  directory offices_;
  std::vector<written> waiting_;
};

} // namespace actors
