// Requests that move no money and whose hosts may still respond, for the first time or once more. No actor.
//
// The journal has no transaction of them, but their responses may come late, also to a later process or link,
// where a purchase with the same TID and STAN may wait for its own.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/protocol/journal.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

class unanswered_requests {
public:
  /// How many are remembered; the oldest is dropped first.
  static constexpr std::size_t count_max = 100'000;

  /// `wall`: seconds since 1970. Ids ascend.
  void add(const request_without_money& r, const codec::dialect& d, time_point now, std::int64_t wall);

  /// Its response has come, and may come once more. Unknown ids change nothing.
  void answered(transaction_id id, time_point now);

  /// Whether one with the TID and STAN of `request` may still get a response like that of `request`.
  bool has(const codec::message& request, const std::string& upstream, const codec::dialect& d,
           time_point now, std::int64_t wall) const;

  /// Removes those that no response may come to any more, or are too many.
  std::vector<transaction_id> take_old(time_point now, std::int64_t wall);

private:
  struct one {
    std::string key;
    time_point since;
    std::int64_t wall;
    std::optional<time_point> answered = {};
  };

  static std::string key_of(const codec::message& request, const std::string& upstream,
                            const codec::dialect& d);
  static bool is_owed(const one& r, time_point now, std::int64_t wall);

  void remove(transaction_id id);

  std::map<transaction_id, one> all_;
  std::deque<std::pair<time_point, transaction_id>> answered_;  // of all_, and of some that were removed
  std::unordered_multimap<std::string, transaction_id> by_key_;
};

}  // namespace actors
