// The messages of clients that have ended, the last ones, for people and programs that watch the gateway. No
// actor.
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "actors/protocol/metrics.hpp"
#include "actors/protocol/upstreams.hpp"

namespace actors {

class last_transactions {
public:
  void add(const message_ended& m, time_point now);

  /// What became of one of them, or will be added.
  void take(const case_changed& c, time_point now);

  /// `utc_ms`: the wall clock at `now`; `hosts`: whose codes they have.
  transactions_seen view(time_point now, std::int64_t utc_ms, const upstreams& hosts,
                         const changed_transactions& wanted = {});

  /// Sets what of `into` they say: latencies and rate, of the last seconds. `uptime`: of the process.
  void measure(inspection::stats& into, time_point now, caf::timespan uptime) const;

private:
  struct entry {
    explicit entry(time_point at) : ended(at) {}

    time_point ended;
    inspection::transaction what;
    transaction_id id = 0;
    std::string upstream;
    bool by_http = false;
    message_ended::outcome is = {};
    std::optional<refusal> why = {};
    bool host_answered = false;
    bool is_visible = false;  ///< its texts can be shown: not before somebody looks, for that takes time
  };
  static void make_visible(entry& e, const upstreams& hosts);

  struct case_seen {
    time_point changed;
    inspection::reversal is;
    std::uint64_t change;
  };
  std::deque<entry> all_;
  std::map<transaction_id, case_seen> cases_;  // of the youngest transactions
  std::uint64_t count_ = 0, changes_ = 0;
};

}  // namespace actors
