// What becomes due in the book by time alone.
#pragma once

#include <set>
#include <vector>

#include "actors/journal/book.hpp"
#include "actors/protocol/journal.hpp"
#include "config/settings.hpp"

namespace actors {

class sweep {
public:
  struct due {
    std::vector<request_reversal> to_reverse;
    std::vector<transaction_id> to_end;  ///< unconfirmed ones, to be closed as approved
  };

  /// Call it about once a second. `age`: how long this process has run (lived_clock).
  due look(const book& pages, const config::delivery_settings& policy, caf::timespan age);

private:
  void find_abandoned(const book& pages, due& found);
  void find_unconfirmed(const book& pages, due& found);
  void find_aged(const book& pages, due& found);

  std::set<transaction_id> abandoned_;  // in the last sweep
  bool looked_at_unconfirmed_ = false;
  transaction_id aged_to_ = 0;
};

}  // namespace actors
