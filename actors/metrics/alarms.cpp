// Looks once a second how the gateway is, and sends what is new over each channel: one notice at a time, in
// their order, again after a pause where it did not arrive. It asks `stats`, and waits for nobody else; what
// it cannot send stops nothing.

#include "actors/metrics/alarms.hpp"

#include <cstdio>

#include "actors/core/default_handlers.hpp"
#include "actors/core/signed_post.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

constexpr auto look_period = 1s;
constexpr auto post_timeout = 10s;
constexpr std::size_t unsent_max = 100;
// With the pauses between them about ten minutes.
constexpr unsigned attempts_max = 15;
constexpr caf::timespan pause_min = 1s, pause_max = 60s;

using again_atom = caf::atom_constant<caf::atom("again")>;
using alarms_self =
  alarms_actor::extend<caf::reacts_to<notice_sent>, caf::reacts_to<again_atom, std::size_t>>;

std::string utc_text(std::chrono::sys_seconds at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

class alarms_state {
public:
  static inline const char* name = "alarms";

  explicit alarms_state(alarms_self::pointer s) : self(s) {}

  void start(environment_ptr e, std::shared_ptr<const alarm_outlets> o, std::shared_ptr<alarm_books> k) {
    env = std::move(e);
    outlets = std::move(o);
    kept = std::move(k);
    kept->unsent.resize(outlets->channels.size());
    attempts.resize(outlets->channels.size());
    for (std::size_t i = 0; i < outlets->channels.size(); ++i)
      send_first(i);
    self->delayed_send(self, look_period, tick_atom::value);
  }

  // The next look comes a second after this one has ended, whatever became of it.
  void look() {
    const auto next = [this] { self->delayed_send(self, look_period, tick_atom::value); };
    if (!stats)
      return next();
    self->request(stats, caf::timespan(10s), status_atom::value)
      .then(
        [this, next](const gateway_status& s) {
          take(s);
          next();
        },
        [next](caf::error&) { next(); });
  }

  void take(const gateway_status& s) {
    const auto news = kept->watch.look(s, self->clock().now(), env->settings.alarms.link_down_after,
                                       [this] { return "alarm_" + env->new_public_id().substr(4); });
    for (const auto& n : news)
      tell(outlets->stamped(n));
    for (const auto kind : alarm_kinds)
      self->send(stats, alarms_on{to_string(kind), kept->watch.count(kind)});
  }

  void tell(const alarm_notice& n) {
    // `reversal` logs each parked case by its name.
    if (n.is == alarm_notice::state::cleared)
      log::warning("ALARM over: {}", n.text);
    else if (n.kind != alarm_kind::case_parked)
      log::error("ALARM: {}", n.text);
    for (std::size_t i = 0; i < outlets->channels.size(); ++i) {
      auto& queue = kept->unsent[i];
      if (queue.size() >= unsent_max) {
        log::error("{}: an alarm is dropped, {} others wait to be sent", outlets->channels[i].name,
                   unsent_max);
        count(i, alarm_sent::result::dropped);
        continue;
      }
      queue.push_back(n);
      if (queue.size() == 1)
        send_first(i);
    }
  }

  void send_first(std::size_t channel) {
    const auto& queue = kept->unsent[channel];
    if (queue.empty())
      return;
    outlets->channels[channel].send(queue.front(),
                                    [to = caf::actor_cast<alarms_self>(self), channel](std::string why) {
                                      caf::anon_send(to, notice_sent{channel, std::move(why)});
                                    });
  }

  void take(const notice_sent& n) {
    auto& queue = kept->unsent[n.channel];
    if (queue.empty())
      return;
    auto& failures = attempts[n.channel];
    if (!n.why.empty() && ++failures < attempts_max) {
      const auto pause = std::min(pause_max, pause_min * (1 << std::min(failures - 1, 10U)));
      log::warning("{}: an alarm could not be sent: {}; it is sent again in {} s",
                   outlets->channels[n.channel].name, n.why,
                   std::chrono::duration_cast<std::chrono::seconds>(pause).count());
      return self->delayed_send(self, pause, again_atom::value, n.channel);
    }
    if (!n.why.empty())
      log::error("{}: an alarm could not be sent {} times and is dropped: {}",
                 outlets->channels[n.channel].name, failures, n.why);
    count(n.channel, n.why.empty() ? alarm_sent::result::sent : alarm_sent::result::dropped);
    failures = 0;
    queue.pop_front();
    send_first(n.channel);
  }

  void count(std::size_t channel, alarm_sent::result is) {
    if (stats)
      self->send(stats, alarm_sent{outlets->channels[channel].name, is});
  }

  alarms_self::pointer self;
  stats_actor stats;

private:
  environment_ptr env;
  std::shared_ptr<const alarm_outlets> outlets;
  std::shared_ptr<alarm_books> kept;
  std::vector<unsigned> attempts;  // failed ones of the first notice, by channel
};

alarms_self::behavior_type alarms(alarms_self::stateful_pointer<alarms_state> self, environment_ptr env,
                                  std::shared_ptr<const alarm_outlets> outlets,
                                  std::shared_ptr<alarm_books> kept) {
  with_default_handlers(self);
  auto& state = self->state;
  state.start(std::move(env), std::move(outlets), std::move(kept));
  return {
    [&state](tick_atom) { state.look(); },
    [&state](const directory& peers) { state.stats = peers.stats; },
    [&state](const notice_sent& n) { state.take(n); },
    [&state](again_atom, std::size_t channel) { state.send_first(channel); },
  };
}

}  // namespace

alarm_notice alarm_outlets::stamped(alarm_notice n) const {
  n.at = utc_text(now());
  n.gateway = gateway;
  return n;
}

alarm_channel posting_channel(net::poster post, std::string secret,
                              std::function<std::chrono::sys_seconds()> now) {
  const auto send = [post = std::move(post), secret = std::move(secret), now = std::move(now)](
                      const alarm_notice& n, std::function<void(std::string)> then) {
    auto what = signed_post(json_of(n), n.id + "-" + std::to_string(n.number), secret, now());
    what.timeout = post_timeout;
    post(std::move(what), [then = std::move(then)](const net::post_result& r) {
      const bool has_it = r.status >= 200 && r.status < 300;
      then(has_it ? "" : r.status == 0 ? r.why : "the server replies " + std::to_string(r.status));
    });
  };
  return {"alarmUrl", send};
}

alarms_actor spawn_alarms(caf::actor_system& system, environment_ptr env,
                          std::shared_ptr<const alarm_outlets> outlets, std::shared_ptr<alarm_books> kept) {
  return system.spawn(alarms, std::move(env), std::move(outlets), std::move(kept));
}

}  // namespace actors
