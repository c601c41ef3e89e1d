// The one link to the host: dials it, sends requests, matches responses.
//
// A request is sent at most once. While there is no link it waits here until its deadline; once any of its
// bytes may have left, only the host's response or "outcome unknown" ends it. A lost link is redialed after a
// growing pause; a link that stays up for a while, or carries a response, makes the pause short again. It
// never repeats a request and does not decide about reversals: it reports to the tid_queue or the reversal.

#include "actors/upstream/upstream.hpp"

#include <algorithm>
#include <deque>

#include "actors/core/default_handlers.hpp"
#include "actors/core/link_messages.hpp"
#include "actors/core/message_log.hpp"
#include "actors/upstream/backoff.hpp"
#include "actors/upstream/host_reader.hpp"
#include "actors/upstream/host_requests.hpp"
#include "actors/upstream/in_flight.hpp"
#include "actors/upstream/liveness.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

// The precision of deadlines.
constexpr auto tick_period = 100ms;

// How long a link may say nothing when its host has called again.
constexpr auto rival_patience = 2s;

class upstream_state {
public:
  static inline const char* name = "upstream";

  explicit upstream_state(upstream_actor::pointer s) : self(s) {}
  ~upstream_state() { give_up_everything(); }
  upstream_state(const upstream_state&) = delete;
  upstream_state& operator=(const upstream_state&) = delete;

  void start(environment_ptr e, upstream_ptr u, std::shared_ptr<net::dialer> d) {
    env = std::move(e);
    host = std::move(u);
    dialer = std::move(d);
    random_source.seed(env->seed);
    at_host.emplace(dialect());
    health.emplace(host->settings.liveness);
    dial();
    self->delayed_send(self, tick_period, tick_atom::value);
  }

  caf::typed_response_promise<answer> accept(submit& s) {
    auto promise = self->make_response_promise<answer>();
    in_flight::entry e{std::move(s.request), s.deadline, promise, s.host_timeout, s.id, s.reverses};
    if (link && health->is_trusted(now()))
      send(e);
    else if (s.reverses != 0 && !is_up())
      refuse(e, refusal::host_down);  // its actor makes it again, with a new time, when the link is up
    else
      waiting.push_back(std::move(e));
    return promise;
  }

  // The client has disconnected, so a request that still waits for a link need not be sent.
  void withdraw_submit(transaction_id id) {
    const auto it = std::ranges::find(waiting, id, &in_flight::entry::id);
    if (it == waiting.end())
      return;
    refuse(*it, refusal::withdrawn);
    waiting.erase(it);
  }

  void link_is_up(link_up& up) {
    link = std::move(up.link);
    dial_at.reset();
    up_since = now();
    health->link_up(now());
    log::notice("Connected to ISO-host {}", link->peer());
    send_link_status();
    ask_or_go_on();
  }

  void link_is_down(const std::string& why) {
    // The last event of a link that was closed here.
    if (!link && dial_at)
      return;
    if (link)
      log::warning("Lost ISO-host {}: {}", link->peer(), why);
    else
      log::warning("No ISO-host at {}: {}", dialer->target(), why);
    if (link && now() - up_since >= backoff::health)
      pause.reset();
    link.reset();
    rival_until.reset();
    send_link_status();
    for (auto& e : at_host->clear())
      refuse(e, refusal::host_lost);
    std::erase_if(waiting, [this](in_flight::entry& e) {
      if (e.reverses == 0)
        return false;
      refuse(e, refusal::host_down);
      return true;
    });
    if (dialer->waits())
      return dial();
    const auto wait = pause.next(random_source);
    dial_at = now() + wait;
    log::info("Dialing {} again in {} ms", dialer->target(), wait.count());
  }

  void take(const received& r) {
    if (std::exchange(rival_until, std::nullopt)) {
      log::warning("The ISO-host answers on its link, so its other call is hung up on");
      dialer->refuse_rival();
    }
    for (const auto& frame : r.frames)
      take_frame(frame);
    health->heard(now(), !at_host->empty());
    if (link)
      ask_or_go_on();
  }

  // Two connections of one host: the one in use is asked whether it works, and gives way where it does not.
  void take_rival(const std::string& peer) {
    if (!link)
      return;
    log::warning("The ISO-host calls again, from {}, while its link to {} is in use", peer, link->peer());
    rival_until = now() + rival_patience;
    ask_host();
  }

  void tick() {
    for (auto& e : at_host->expire(now())) {
      if (e.is_echo)
        health->echo_unanswered();
      else if (e.reverses == 0)  // these have little time, and are repeated
        health->request_unanswered();
      refuse(e, refusal::timed_out);
    }
    // Not in the order of their deadlines: a queue may send older ones later.
    std::erase_if(waiting, [this](in_flight::entry& e) {
      if (e.deadline > now())
        return false;
      refuse(e, refusal::host_down);
      return true;
    });
    if (link)
      look_at_link();
    if (dial_at && *dial_at <= now())
      dial();
    self->delayed_send(self, tick_period, tick_atom::value);
  }

  void hang_up(const std::string& why) {
    if (link)
      link_is_down(why);
  }

  void take_directory(const directory& d) {
    peers = d;
    send_link_status();
  }

  upstream_actor::pointer self;
  environment_ptr env;

private:
  const codec::dialect& dialect() const { return *host->dialect; }
  time_point now() const { return self->clock().now(); }

  // Whether requests are for this link: it may be silent for the moment.
  bool is_up() const { return link && health->is_proved(); }

  void look_at_link() {
    if (health->gives_up_echoes())
      log::warning("The ISO-host answers requests but no echoes, so none are sent any more (echoInterval=0)");
    if (const auto why = health->fault(now()))
      return hang_up(*why);
    if (rival_until && *rival_until <= now())
      return hang_up("it says nothing, and the host has called again");
    ask_or_go_on();
  }

  // What waits is sent where the link is trusted; else the host is asked, once at a time.
  void ask_or_go_on() {
    if (health->echo_is_due(now()))
      ask_host();
    for (; link && !waiting.empty() && health->is_trusted(now()); waiting.pop_front())
      send(waiting.front());
  }

  void ask_host() {
    if (dialect().echo.mti.empty() || health->is_asking())
      return;
    auto echo = echo_to_host(env->next_stan(), dialect(), env->local_time());
    in_flight::entry e{std::make_shared<const codec::message>(std::move(echo)),
                       now() + host->settings.liveness.echo_timeout,
                       {}};
    e.is_echo = true;
    log_message("To the ISO host", *e.request, dialect(), *env);
    send(e);
  }

  void dial() {
    dial_at.reset();
    dialer->dial(events_to(caf::actor_cast<upstream_actor>(self)));
  }

  // Only called with a link. From here on the host may have it.
  void send(in_flight::entry& e) {
    if (e.deadline <= now())
      return refuse(e, refusal::host_down);
    const auto& wire = e.request->wire();
    const auto bytes = wire.empty() ? codec::pack(*e.request, dialect()) : codec::result<std::string>(wire);
    if (!bytes) {
      log::error("{} cannot be expressed in the host's dialect: {}", codec::label(*e.request),
                 codec::to_string(bytes.error()));
      return refuse(e, refusal::malformed);
    }
    if (bytes->size() > link->content_max()) {
      log::error("{} has {} bytes, a frame of the host link can have {}", codec::label(*e.request),
                 bytes->size(), link->content_max());
      return refuse(e, refusal::malformed);
    }
    if (e.host_timeout)
      e.deadline = now() + *e.host_timeout;
    if (!at_host->add(e))
      return refuse(e, refusal::key_in_use);
    report_to_stats(e.request);
    link->send(*bytes);
    e.is_echo ? health->echo_sent(now()) : health->request_sent(now());
    report_attempt(e);
  }

  // The meaning of the host's response to the next attempt depends on whether this one may have worked.
  void report_attempt(const in_flight::entry& e) {
    const auto of = e.reverses != 0 ? e.reverses : codec::is_reversal(*e.request) ? e.id : 0;
    if (of == 0 || !peers.journal)
      return;
    decision d{decision::kind::attempt, of};
    d.attempt_is = decision::attempt_state::sent;
    self->send(peers.journal, log_lazily{std::move(d)});
  }

  void take_frame(const net::frame& frame) {
    if (frame.is != net::frame::kind::message)
      return drop_frame(frame);
    auto unpacked = read_from_host(frame.content, *host, [this](const codec::fault& f) {
      env->unread->tell(
        now(), "A message from the ISO-host goes on as it came, though not all of it can be read: ", f);
    });
    if (!unpacked) {
      log::error("Dropped {} bytes from the ISO-host: {}", frame.content.size(),
                 codec::to_string(unpacked.error()));
      return;
    }
    const auto m = std::make_shared<const codec::message>(std::move(*unpacked));
    if (codec::is_request(m->mti())) {
      report_to_stats(m);
      return take_request(*m, frame.context);
    }
    auto paired = at_host->take(*m);
    if (paired.match) {
      report_to_stats(m, {}, paired.match->request);
      // The link works, so if it falls it is dialed again at once.
      pause.reset();
      if (paired.match->is_echo) {
        health->echo_answered();
        return send_link_status();
      }
      health->request_answered();
      paired.match->promise.deliver(answer{m});
      return;
    }
    report_to_stats(m, paired.why);
    log::warning("Dropped {} from the ISO-host: it {}", codec::label(*m), meaning(paired.why));
    log_message("ISO host, dropped", *m, dialect(), *env);
    if (peers.journal)
      self->send(peers.journal, unmatched_response{m, host->name});
  }

  // A message that the host refuses is no response: its request ends without one, and is reversed. That a
  // link cannot be read any further is reported by `link_down`.
  void drop_frame(const net::frame& frame) {
    if (frame.is == net::frame::kind::refused)
      log::error("Dropped {} bytes from the ISO-host: {}", frame.content.size(), frame.why);
    if (peers.stats)
      self->send(peers.stats, frame_dropped{frame.is});
  }

  // The host may test the line at any time; no other request of the host is answered.
  void take_request(const codec::message& request, const net::frame_context& context) {
    log_message("ISO host", request, dialect(), *env);
    if (codec::message_class(request.mti()) != '8') {
      log::warning("The ISO-host asked {}, which is not answered", codec::label(request));
      return;
    }
    auto m = answer_to_host(request, dialect(), env->local_time(), random_source);
    const auto bytes = codec::pack(m, dialect());
    if (!bytes) {
      log::error("{} of the ISO-host cannot be answered: {}", codec::label(request),
                 codec::to_string(bytes.error()));
      return;
    }
    if (link)
      link->send_answer(*bytes, context);
    report_to_stats(std::make_shared<const codec::message>(m));
    log_message("To the ISO host", m, dialect(), *env);
  }

  void refuse(in_flight::entry& e, refusal why) {
    if (e.is_echo)
      return log::info("{}, an echo of the gateway: {}", codec::label(*e.request), to_string(why));
    // A reversal of the gateway is logged by its case, which repeats it.
    if (e.reverses != 0)
      log::info("{}: {}", codec::label(*e.request), to_string(why));
    else if (outcome_unknown(why))
      log::warning("{}: {}, its outcome is unknown", codec::label(*e.request), to_string(why));
    else
      log::info("{}: {}, nothing was sent", codec::label(*e.request), to_string(why));
    e.promise.deliver(caf::make_error(why));
  }

  // Runs whenever this actor stops: every request that waits gets its refusal.
  void give_up_everything() {
    if (dialer)
      dialer->abandon();
    if (at_host)
      for (auto& e : at_host->clear())
        refuse(e, refusal::host_lost);
    for (auto& e : waiting)
      refuse(e, refusal::failed_unsent);
  }

  void report_to_stats(const message_ptr& m, std::optional<unmatched> why = {},
                       const message_ptr& request = {}) {
    if (peers.stats)
      self->send(peers.stats, message_observed{m, why, request, host->name});
  }

  // Transactions wait for the link in their terminal's queue, reversals in the supervisor.
  void send_link_status() {
    if (peers.dispatcher)
      self->send(peers.dispatcher, link_status{is_up()});
    if (peers.reversals)
      self->send(peers.reversals, link_status{is_up()});
  }

  directory peers;

  upstream_ptr host;
  std::shared_ptr<net::dialer> dialer;
  net::link_ptr link;                    // nullptr while there is no connection
  std::optional<in_flight> at_host;      // sent, not answered
  std::deque<in_flight::entry> waiting;  // for a link; no byte of them was sent
  backoff pause;
  std::optional<time_point> dial_at;  // during a pause between dials
  time_point up_since{};
  std::optional<liveness> health;
  std::optional<time_point> rival_until;  // the host has called again: so long this link may stay silent
  std::mt19937_64 random_source;
};

upstream_actor::behavior_type behavior_of(upstream_actor::stateful_pointer<upstream_state> self,
                                          environment_ptr env, upstream_ptr host,
                                          std::shared_ptr<net::dialer> dialer) {
  with_default_handlers(self);
  auto& state = self->state;
  state.start(std::move(env), std::move(host), std::move(dialer));
  return {
    [&state](submit& s) { return state.accept(s); },
    [&state](const withdraw& w) { state.withdraw_submit(w.id); },
    [&state](const received& r) { state.take(r); },
    [&state](link_up& up) { state.link_is_up(up); },
    [&state](const link_down& down) { state.link_is_down(down.why); },
    [&state](const host_calls_again& c) { state.take_rival(c.peer); },
    [&state](finished_atom) { state.hang_up("the host has hung up"); },
    [&state](tick_atom) { state.tick(); },
    [&state](const directory& d) { state.take_directory(d); },
  };
}

}  // namespace

upstream_actor spawn_upstream(caf::actor_system& system, environment_ptr env, upstream_ptr host,
                              std::shared_ptr<net::dialer> dialer) {
  return system.spawn(behavior_of, std::move(env), std::move(host), std::move(dialer));
}

}  // namespace actors
