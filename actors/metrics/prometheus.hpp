// What Prometheus reads at /metrics. No actor.
//
// Names and labels follow Prometheus' conventions; a label has few values, so no terminal and no card is one.
// Response codes are the host's to choose, MTIs the clients' too: beyond the first 64 they count as "other".
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "actors/protocol/metrics.hpp"

namespace actors {

class prometheus_metrics {
public:
  prometheus_metrics();
  ~prometheus_metrics();
  prometheus_metrics(const prometheus_metrics&) = delete;
  prometheus_metrics& operator=(const prometheus_metrics&) = delete;

  void count(const message_observed& m, std::string_view link);
  void count(const frame_dropped& f);
  void count(const message_ended& m);
  void count(const message_refused& m);
  void count(const part_restarted& p);
  void count(const alarm_sent& a);
  void count_reversal_attempt();
  void set(const sessions_open& s);
  void set(const alarms_on& a);
  void set(const host_report& h, bool was_lost);
  void set(const journal_report& j);

  /// There is no such link any more.
  void forget(const std::string& link);

  /// How late the loop was with a timer.
  void set_loop_lag(caf::timespan lag);

  /// All of it in Prometheus' text format, with what the system says about this process.
  std::string text() const;

private:
  struct families;
  std::unique_ptr<families> all_;
};

}  // namespace actors
