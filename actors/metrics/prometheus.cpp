#include "actors/metrics/prometheus.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <string_view>

#include "actors/metrics/labelled_counters.hpp"
#include "actors/metrics/observed_times.hpp"
#include "actors/metrics/process.hpp"
#include "config/log.hpp"

namespace actors {

namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

constexpr std::size_t codes_max = 64, mtis_max = 64;

double seconds(caf::timespan t) { return std::chrono::duration<double>(t).count(); }

// The log counts them itself, for it has threads of its own.
prometheus::MetricFamily dropped_log_lines() {
  std::vector<prometheus::ClientMetric> all;
  for (const auto& [sink, count] : config::log::dropped()) {
    auto& m = all.emplace_back();
    m.label = {{"sink", sink}};
    m.counter.value = static_cast<double>(count);
  }
  return {"socketqueue_log_lines_dropped_total", "Lines that a sink of the log could not take in time",
          prometheus::MetricType::Counter, std::move(all)};
}

// From a loopback host to one that takes half a minute.
const Histogram::BucketBoundaries bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                         0.25,   0.5,   1,      2.5,   5,    10,    30};

std::string_view to_string(unmatched u) {
  constexpr std::string_view names[] = {"unknown", "late", "duplicate", "contradicting"};
  return names[static_cast<std::size_t>(u)];
}

}  // namespace

struct prometheus_metrics::families {
  Family<Counter>& counter(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }
  Family<Gauge>& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }
  observed_times histogram(const char* name, const char* help) {
    return {prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, bounds), bounds};
  }

  prometheus::Registry registry;
  few_values codes{codes_max}, mtis{mtis_max};

  counters_by<2> host_messages{
    counter("socketqueue_host_messages_total", "Messages on the link to the host, in both directions"),
    {"mti", "link"}};
  Family<Counter>& unmatched_responses =
    counter("socketqueue_unmatched_responses_total", "Responses of the host that match no request in flight");
  Family<Counter>& dropped_frames =
    counter("socketqueue_dropped_frames_total", "Frames of the host or of clients that were not used");
  counters_by<3> transactions{
    counter("socketqueue_transactions_total", "Messages of clients, by request, outcome and the host's code"),
    {"mti", "outcome", "code"}};
  Family<Counter>& refusals =
    counter("socketqueue_refusals_total", "Messages of clients that got no answer of the host, by reason");
  Family<Counter>& restarts =
    counter("socketqueue_part_restarts_total", "Parts of the gateway that failed and were started again");
  Family<Counter>& alarm_notices =
    counter("socketqueue_alarm_notices_total", "Notices of alarms, by channel and what became of them");
  Counter& reversal_attempts =
    counter("socketqueue_reversal_attempts_total", "Reversals that were sent, each repetition too").Add({});
  Family<Gauge>& sessions = gauge("socketqueue_sessions", "Open connections of clients, by port");
  Gauge& journal_bytes = gauge("socketqueue_journal_size_bytes", "Size of the journal's files").Add({});
  Gauge& journal_free =
    gauge("socketqueue_journal_free_bytes", "Free room on the journal's disk, after its last write").Add({});
  Family<Gauge>& alarms = gauge("socketqueue_alarms", "Alarms that are on, by kind");
  Family<Counter>& losses =
    counter("socketqueue_host_link_losses_total", "How often the link to the host was lost");
  Family<Gauge>& link_up = gauge("socketqueue_host_link_up", "1 while requests are sent to the host");
  Family<Gauge>& open_cases = gauge("socketqueue_open_cases", "Open cases, by state");
  Gauge& oldest_reversal =
    gauge("socketqueue_oldest_reversal_seconds", "How long ago the oldest open reversal was due").Add({});
  Gauge& blocked_terminals =
    gauge("socketqueue_blocked_terminals", "Terminals that wait for a reversal of theirs").Add({});
  Gauge& remembered = gauge("socketqueue_remembered_transactions", "Transactions in memory").Add({});
  Counter& forgotten_early = counter("socketqueue_forgotten_early_total",
                                     "Transactions that memory had no room for until their day was over")
                               .Add({});
  Gauge& has_room =
    gauge("socketqueue_journal_has_room", "0 while the journal's disk has room only to end what is open")
      .Add({});
  Gauge& loop_lag = gauge("socketqueue_loop_lag_seconds", "How late the last timer of a second was").Add({});
  observed_times queue_wait =
    histogram("socketqueue_queue_wait_seconds", "How long messages of clients waited for their turn");
  observed_times commit =
    histogram("socketqueue_commit_seconds", "How long messages of clients waited for the journal");
  observed_times host_time =
    histogram("socketqueue_host_response_seconds", "How long the host took for its responses");
  observed_times total =
    histogram("socketqueue_transaction_seconds", "From the arrival of a client's message to its end");
};

prometheus_metrics::prometheus_metrics() : all_(std::make_unique<families>()) { set(journal_report{}); }
prometheus_metrics::~prometheus_metrics() = default;

void prometheus_metrics::count(const message_observed& m, std::string_view link) {
  all_->host_messages.of({all_->mtis.of(m.message->mti()), link}).Increment();
  if (m.why)
    all_->unmatched_responses.Add({{"reason", std::string(to_string(*m.why))}}).Increment();
}

void prometheus_metrics::count(const frame_dropped& f) {
  all_->dropped_frames.Add({{"reason", f.why == net::frame::kind::refused ? "refused" : "bad"}}).Increment();
}

void prometheus_metrics::count(const message_ended& m) {
  all_->transactions.of({all_->mtis.of(m.mti), to_string(m.is), all_->codes.of(m.code)}).Increment();
  if (m.why)
    count(message_refused{*m.why});
  all_->queue_wait.add(m.waited);
  all_->total.add(m.total);
  if (m.committing != caf::timespan{})
    all_->commit.add(m.committing);
  if (m.host_answered && m.at_host != caf::timespan{})
    all_->host_time.add(m.at_host);
}

void prometheus_metrics::count(const message_refused& m) {
  all_->refusals.Add({{"reason", to_string(m.why)}}).Increment();
}

void prometheus_metrics::count(const part_restarted& p) {
  all_->restarts.Add({{"part", p.part}}).Increment();
}

void prometheus_metrics::count(const alarm_sent& a) {
  const bool is_sent = a.is == alarm_sent::result::sent;
  all_->alarm_notices.Add({{"channel", a.channel}, {"result", is_sent ? "sent" : "dropped"}}).Increment();
}

void prometheus_metrics::count_reversal_attempt() { all_->reversal_attempts.Increment(); }

void prometheus_metrics::set(const sessions_open& s) {
  all_->sessions.Add({{"port", s.port}}).Set(static_cast<double>(s.count));
}

void prometheus_metrics::set(const alarms_on& a) {
  all_->alarms.Add({{"alarm", a.alarm}}).Set(static_cast<double>(a.count));
}

void prometheus_metrics::set(const host_report& h, bool was_lost) {
  all_->link_up.Add({{"link", h.link}}).Set(h.up ? 1 : 0);
  all_->losses.Add({{"link", h.link}}).Increment(was_lost ? 1 : 0);
}

void prometheus_metrics::forget(const std::string& link) {
  all_->link_up.Remove(&all_->link_up.Add({{"link", link}}));
  all_->losses.Remove(&all_->losses.Add({{"link", link}}));
}

void prometheus_metrics::set(const journal_report& j) {
  all_->open_cases.Add({{"state", "unconfirmed"}}).Set(static_cast<double>(j.unconfirmed));
  all_->open_cases.Add({{"state", "reversing"}}).Set(static_cast<double>(j.reversing));
  all_->open_cases.Add({{"state", "needs_operator"}}).Set(static_cast<double>(j.parked));
  all_->oldest_reversal.Set(static_cast<double>(j.oldest_reversal.count()));
  all_->blocked_terminals.Set(static_cast<double>(j.blocked_terminals));
  all_->remembered.Set(static_cast<double>(j.remembered));
  // A report tells the sum since the start.
  all_->forgotten_early.Increment(static_cast<double>(j.forgotten_early) - all_->forgotten_early.Value());
  all_->has_room.Set(j.has_room ? 1 : 0);
  all_->journal_bytes.Set(static_cast<double>(j.bytes_used));
  all_->journal_free.Set(static_cast<double>(j.bytes_free));
}

void prometheus_metrics::set_loop_lag(caf::timespan lag) { all_->loop_lag.Set(seconds(lag)); }

std::string prometheus_metrics::text() const {
  for (auto* t : {&all_->queue_wait, &all_->commit, &all_->host_time, &all_->total})
    t->pass_on();
  auto collected = all_->registry.Collect();
  for (auto& f : process_families())
    collected.push_back(std::move(f));
  if (auto lines = dropped_log_lines(); !lines.metric.empty())
    collected.push_back(std::move(lines));
  return prometheus::TextSerializer().Serialize(collected);
}

}  // namespace actors
