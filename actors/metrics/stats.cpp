// Counts the messages that passed, and knows how the other parts are. No other actor depends on it.

#include "actors/metrics/stats.hpp"

#include <algorithm>

#include "actors/core/default_handlers.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

// For the loop's lag.
constexpr auto lag_period = 1s;
constexpr unsigned save_ticks = 60;

class stats_state {
public:
  static inline const char* name = "stats";

  explicit stats_state(stats_actor::pointer s) : self(s) {}
  ~stats_state() { save(); }
  stats_state(const stats_state&) = delete;
  stats_state& operator=(const stats_state&) = delete;

  void start(environment_ptr e, std::shared_ptr<counts> c) {
    env = std::move(e);
    kept = std::move(c);
    await_tick();
  }

  void take(const messages_observed& o) {
    const auto& dialect = env->upstreams.dialect_of(o.upstream);
    for (const auto& m : *o.all) {
      kept->sums.count(*m.message, m.why, m.request.get(), dialect);
      if (!o.link.empty())
        kept->sums.count_link(o.link, *m.message);
      kept->seen.count(m, o.link);
    }
  }

  void take(const frame_dropped& f) {
    kept->sums.count(f.why);
    kept->seen.count(f);
  }

  void take(const messages_ended& e) {
    for (const auto& m : *e.all)
      take_end(m);
  }

  void take_end(const message_ended& m) {
    kept->seen.count(m);
    kept->last.add(m, self->clock().now());
    auto& s = kept->status;
    using enum message_ended::outcome;
    switch (m.is) {
      case approved: ++s.approved; break;
      case declined: ++s.declined; break;
      case answered: ++s.answered; break;
      case refused: ++s.refused; break;
      case unknown: ++s.unknown; break;
    }
  }

  void take(const case_changed& c) { kept->last.take(c, self->clock().now()); }

  void take(const message_refused& m) {
    kept->seen.count(m);
    ++kept->status.refused;
  }

  void take(const host_report& h) {
    kept->links.take(h, self->clock().now());
    auto& hosts = kept->status.hosts;
    auto known = std::ranges::find(hosts, h.link, &gateway_status::host::link);
    if (h.gone && known != hosts.end())
      hosts.erase(known);
    if (h.gone)
      return kept->seen.forget(h.link);
    if (known == hosts.end())
      known = hosts.insert(hosts.end(), {h.upstream, h.link, h.up, h.detail, {}, 0});
    const bool lost = known->up && !h.up;
    if (known->up != h.up || !kept->changed.contains(h.link))
      kept->changed[h.link] = self->clock().now();
    known->up = h.up;
    known->detail = h.detail;
    known->times_lost += lost ? 1 : 0;
    kept->seen.set(h, lost);
  }

  void take(const journal_report& j) {
    kept->status.journal = j;
    kept->seen.set(j);
  }

  void take(const part_restarted& p) {
    kept->seen.count(p);
    ++kept->status.restarts;
    auto& of = kept->parts[p.part];
    ++of.times;
    of.at = self->clock().now();
  }

  gateway_status status() const {
    const auto now = self->clock().now();
    const auto whole = [](auto time) { return std::chrono::duration_cast<std::chrono::seconds>(time); };
    auto s = kept->status;
    s.uptime = whole(now - kept->started.value_or(now));
    for (auto& host : s.hosts)
      host.since = whole(now - kept->changed.at(host.link));
    return s;
  }

  stats_view view() const {
    const auto now = self->clock().now();
    const auto uptime = now - kept->started.value_or(now);
    stats_view v{
      status(), {}, kept->links.view(now, env->utc_ms()), kept->parts, kept->started.value_or(now)};
    auto& n = v.numbers;
    n.uptime_ms = std::chrono::duration_cast<std::chrono::milliseconds>(uptime).count();
    n.approved = v.status.approved;
    n.declined = v.status.declined;
    n.answered = v.status.answered;
    n.refused = v.status.refused;
    n.unknown = v.status.unknown;
    n.restarts = v.status.restarts;
    kept->last.measure(n, now, uptime);
    return v;
  }

  transactions_seen last(const changed_transactions& wanted) {
    return kept->last.view(self->clock().now(), env->utc_ms(), env->upstreams, wanted);
  }

  void tick() {
    kept->seen.set_loop_lag(self->clock().now() - due);
    if (++ticks % save_ticks == 0)
      save();
    await_tick();
  }

  void reset() {
    kept->sums = {};
    save();
  }

  std::shared_ptr<counts> kept;

private:
  void save() const {
    if (kept && kept->save)
      kept->save(kept->sums.json());
  }

  void await_tick() {
    if (!kept->started)
      kept->started = self->clock().now();
    due = self->clock().now() + lag_period;
    self->delayed_send(self, lag_period, tick_atom::value);
  }

  stats_actor::pointer self;
  environment_ptr env;
  time_point due{};
  unsigned ticks = 0;
};

stats_actor::behavior_type stats(stats_actor::stateful_pointer<stats_state> self, environment_ptr env,
                                 std::shared_ptr<counts> kept) {
  with_default_handlers(self);
  auto& state = self->state;
  state.start(std::move(env), std::move(kept));
  return {
    [&state](const messages_observed& m) { state.take(m); },
    [&state](const frame_dropped& f) { state.take(f); },
    [&state](const messages_ended& m) { state.take(m); },
    [&state](const case_changed& c) { state.take(c); },
    [&state](const message_refused& m) { state.take(m); },
    [&state](const host_report& h) { state.take(h); },
    [&state](const journal_report& j) { state.take(j); },
    [&state](const part_restarted& p) { state.take(p); },
    [&state](const sessions_open& s) { state.kept->seen.set(s); },
    [&state](reversal_attempted) { state.kept->seen.count_reversal_attempt(); },
    [&state](const alarms_on& a) { state.kept->seen.set(a); },
    [&state](const alarm_sent& a) { state.kept->seen.count(a); },
    [&state](caf::get_atom) { return state.kept->sums.json(); },
    [&state](metrics_atom) { return state.kept->seen.text(); },
    [&state](status_atom) { return state.status(); },
    [&state](const link_load& l) { state.kept->links.take(l); },
    [&state](view_atom) { return state.view(); },
    [&state](const changed_transactions& c) { return state.last(c); },
    [&state](reset_atom) { state.reset(); },
    [&state](tick_atom) { state.tick(); },
  };
}

}  // namespace

stats_actor spawn_stats(caf::actor_system& system, environment_ptr env, std::shared_ptr<counts> kept) {
  return system.spawn(stats, std::move(env), std::move(kept));
}

}  // namespace actors
