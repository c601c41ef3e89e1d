// A link to a host: dials it, sends requests, matches responses.
//
// A request is sent at most once. While there is no link it waits here until its deadline; once any of its
// bytes may have left, only the host's response or "outcome unknown" ends it. A link carries requests when
// the steps of network management are done, and while the host is signed on. It reports to the tid_queue or
// the reversal, which decide. One of several links refuses what it cannot send now, for another one.

#include "actors/upstream/upstream.hpp"

#include <algorithm>

#include "actors/core/default_handlers.hpp"
#include "actors/core/link_messages.hpp"
#include "actors/upstream/dialing.hpp"
#include "actors/upstream/host_asks.hpp"
#include "actors/upstream/host_lines.hpp"
#include "actors/upstream/host_reader.hpp"
#include "actors/upstream/liveness.hpp"
#include "actors/upstream/membership.hpp"
#include "actors/upstream/network_talk.hpp"
#include "actors/upstream/own_messages.hpp"
#include "actors/upstream/reports.hpp"
#include "codec/exchange/network.hpp"
#include "codec/mti.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

constexpr caf::timespan tick_period = 100ms, close_max = 3s;  // the latter: all steps before an orderly close

class upstream_state {
public:
  static inline const char* name = "upstream";

  explicit upstream_state(upstream_actor::pointer s) : self(s), tell(s) {}
  ~upstream_state() { give_up_everything(); }
  upstream_state(const upstream_state&) = delete;
  upstream_state& operator=(const upstream_state&) = delete;

  void start(environment_ptr e, upstream_ptr u, std::shared_ptr<net::dialer> d, link_place place) {
    env = std::move(e);
    host = std::move(u);
    dialed.emplace(std::move(d), env->seed);
    member.emplace(self, env, host, std::move(place));
    at_host.emplace(dialect());
    talk.emplace(dialect());
    asks.emplace(self, env, host, member->upstream(), tell);
    health.emplace(host->settings.liveness);
    dial();
    self->delayed_send(self, tick_period, tick_atom::value);
  }

  caf::typed_response_promise<answer> accept(submit& s) {
    auto promise = self->make_response_promise<answer>();
    tell.note(entry_of(s, promise), env->upstreams.dialect_of(member->upstream()),
              [this](auto& e) { take(e); });
    return promise;
  }

  void take(in_flight::entry& e) {
    if (talk->is_own(*e.request))
      refuse(e, refusal::not_permitted);
    else if (may_send())
      send(e);
    else if (!member->is_in_group() && (e.reverses != 0 ? !is_up() : refuses_requests()))
      refuse(e, refusal::host_down);  // the actor of a reversal makes it again when the link is up
    else
      waiting.push_back(std::move(e));
    tell_group();
  }

  // The client has disconnected, so a request that still waits for a link need not be sent.
  void withdraw_submit(transaction_id id) {
    refuse_waiting([id](const in_flight::entry& e) { return e.id == id; }, refusal::withdrawn);
  }

  void link_is_up(link_up& up) {
    link = std::move(up.link);
    tell.connected();
    dialed->connected(now());
    health->link_up(now());
    talk->link_up(now(), host->settings.liveness.echo_timeout);
    log::notice("Connected to upstream {}{}", link->peer(),
                member->is_in_group() ? " (" + member->title() + ")" : "");
    send_link_status();
    go_on();
  }

  void link_is_down(const std::string& why) {
    // The last event of a link that was closed here.
    if (!link && dialed->is_pausing())
      return;
    log_down(member->title(), link, dialed->dialer().target(), why);
    dialed->lost(now(), link && talk->is_open());
    tell.lost(link != nullptr, why);
    link.reset();
    talk->link_down();
    send_link_status();
    for (auto& e : at_host->clear(now()))
      refuse(e, refusal::host_lost);
    refuse_waiting([](const in_flight::entry& e) { return e.reverses != 0; });
    end_drain();
    if (dialed->dialer().waits())
      dial();
  }

  void take(const received& r) {
    if (health->has_rival()) {
      log::warning("The {} answers on its link, so its other call is hung up on", member->title());
      dialed->dialer().refuse_rival();
    }
    log_read(r.frames);
    for (const auto& frame : r.frames)
      take_frame(frame);
    health->heard(now(), !at_host->empty());
    if (link)
      go_on();
  }

  // Two connections of one host: the one in use is asked whether it works, and gives way where it does not.
  void take_rival(const std::string& peer) {
    if (!link)
      return;
    log::warning("The {} calls again, from {}, while its link to {} is in use", member->title(), peer,
                 link->peer());
    health->rival_called(now());
    ask_host();
  }

  void tick() {
    for (auto& e : at_host->expire(now())) {
      if (e.is_echo)
        health->echo_unanswered();
      else if (e.counts_if_missed())
        health->request_unanswered();
      refuse(e, refusal::timed_out);
    }
    tell.load(at_host->size());
    if (at_host->empty())
      health->nothing_owed();
    // Not in the order of their deadlines: a queue may send older ones later.
    refuse_waiting([at = now()](const in_flight::entry& e) { return e.deadline <= at; });
    if (link)
      look_at_link();
    if (dialed->is_due(now()))
      dial();
    tell_group();
    self->delayed_send(self, tick_period, tick_atom::value);
  }

  void hang_up(const std::string& why) {
    if (link)
      link_is_down(why);
  }

  void take_directory(const directory& d) {
    tell.take(d, member->upstream(), member->is_in_group() ? host->name : "", dialect().name);
    asks->learn(d);
    send_link_status();
  }

  // Nothing is under way any more. The host is told that the link ends, where the dialect has steps for that.
  caf::typed_response_promise<drain_atom> drain() {
    auto promise = self->make_response_promise<drain_atom>();
    drained.push_back(promise);
    talk->begin_close(now(), std::min<caf::timespan>(host->settings.liveness.echo_timeout, close_max));
    go_on();
    return promise;
  }

  upstream_actor::pointer self;
  environment_ptr env;

private:
  const codec::dialect& dialect() const { return *host->dialect; }
  time_point now() const { return self->clock().now(); }

  // Whether this link serves requests. It may be silent at the moment; then they wait (`may_send`).
  bool is_up() const { return link && health->is_proved() && talk->pause() == codec::network_pause::none; }
  bool refuses_requests() const { return link && talk->pause() == codec::network_pause::refuse; }
  bool may_send() const { return is_up() && health->is_trusted(now()); }

  void look_at_link() {
    talk->tick(now());
    if (health->gives_up_echoes())
      log::warning("The ISO-host answers requests but no echoes, so none are sent any more (echoInterval=0)");
    const auto why = health->fault(now());
    why ? give_up_link(*why) : go_on();
  }

  // Its host does not answer as it should, so the next dial begins with another one.
  void give_up_link(const std::string& why) {
    dialed->dialer().distrust();
    hang_up(why);
  }

  // What waits is sent where the link is open and trusted; else the host is asked, once at a time.
  void go_on() {
    take_step();
    if (link && talk->is_open() && health->echo_is_due(now()))
      ask_host();
    if (refuses_requests())
      refuse_waiting([](const in_flight::entry&) { return true; });
    for (; !waiting.empty() && may_send(); waiting.pop_front())
      send(waiting.front());
  }

  // The steps that open the link, and those that end it in order, behind which a drain is over.
  void take_step() {
    if (const auto* what = talk->next_request())
      send_own(*what, talk->deadline(), &in_flight::entry::is_step);
    if (talk->pause() != last_pause)
      send_link_status();
    const auto why = talk->fault();
    if (why && !talk->is_closing())
      return give_up_link(*why);
    if (why && !drained.empty())
      log::warning("The link to the ISO-host ends out of order: {}", *why);
    if (why || !talk->is_closing())
      end_drain();
  }

  void ask_host() {
    if (!dialect().echo.mti.empty() && !health->is_asking())
      send_own(dialect().echo, now() + host->settings.liveness.echo_timeout, &in_flight::entry::is_echo);
  }

  // A request of the gateway's own.
  void send_own(const codec::example_message& what, time_point deadline, bool in_flight::entry::*which) {
    auto m = request_to_host(what, env->next_stan(member->upstream()), dialect(), env->local_time());
    in_flight::entry e{std::make_shared<const codec::message>(std::move(m)), deadline, {}};
    e.*which = true;
    log_message("To the ISO host", {*e.request}, host->dialect, *env);
    send(e);
  }

  void dial() { dialed->dial(events_to(caf::actor_cast<upstream_actor>(self))); }

  // Only called with a link. From here on the host may have it.
  void send(in_flight::entry& e) {
    if (e.deadline <= now())
      return refuse(e, refusal::host_down);
    const auto bytes = member->bytes_of(e, link->content_max());
    if (!bytes)
      return refuse(e, refusal::malformed);
    if (e.host_timeout)
      e.deadline = now() + *e.host_timeout;
    e.had_time = e.host_timeout || e.deadline - now() >= env->settings.queue.timeout / 2;
    const auto* sent = at_host->add(std::move(e));
    if (!sent)
      return refuse(e, refusal::key_in_use);
    tell.passed(sent->own());
    log_sent(*sent, *bytes, *env);
    link->send(*bytes);
    sent->is_echo ? health->echo_sent(now()) : health->request_sent(now());
    tell.sent(*sent);
  }

  void take_frame(const net::frame& frame) {
    tell.dropped(frame.is);
    for (const auto& m : messages_in(frame, *host, *env, now()))
      take_message(frame, m);
  }

  void take_message(const net::frame& frame, const message_ptr& m) {
    if (rejects(frame, *m, dialect()))
      return take_reject(*m);
    if (codec::is_request(m->mti())) {
      tell.passed(m);
      return asks->take(m, frame.context, link, *talk);
    }
    auto paired = at_host->take(*m, now());
    const auto response = member->read(m, paired.match ? &*paired.match : nullptr);
    if (paired.match) {
      log_paired(*paired.match);
      tell.paired(response, paired);
      if (talk->is_open())
        dialed->works();
      if (paired.match->is_step)
        return talk->take_response(*m, now());
      if (paired.match->is_echo) {
        health->echo_answered();
        return send_link_status();
      }
      if (paired.match->reverses == 0)
        health->request_answered();
      paired.match->promise.deliver(answer{response, 0, {}, member->is_in_group() ? host->name : ""});
      return;
    }
    tell.passed(response, paired.why);
    log_unpaired(*m, paired, host->dialect, *env);
    tell.ended_no_request(response);
  }

  // The host does not take a request, so its response need not be waited for.
  void take_reject(const codec::message& m) {
    auto e = at_host->take_rejected(m, now());
    log_reject(m, e ? &*e : nullptr);
    if (!e)
      return;
    if (e->reverses == 0)
      health->request_answered();
    refuse(*e, end_of_rejected(*e->request, m, dialect()));
  }

  void refuse(in_flight::entry& e, refusal why) {
    in_flight::log_refusal(e, why);
    if (!e.is_echo && !e.is_step)
      e.promise.deliver(error_of(why, e.detail));
  }

  // Nothing was sent of what waits and is not sent now.
  void refuse_waiting(auto which, refusal why = refusal::host_down) {
    std::erase_if(waiting, [&](in_flight::entry& e) {
      if (!which(e))
        return false;
      refuse(e, why);
      return true;
    });
  }

  void end_drain() {
    for (auto& promise : std::exchange(drained, {}))
      promise.deliver(drain_atom::value);
  }

  // Runs whenever this actor stops: every request that waits gets its refusal.
  void give_up_everything() {
    if (dialed)
      dialed->dialer().abandon();
    if (at_host)
      for (auto& e : at_host->clear(now()))
        refuse(e, refusal::host_lost);
    tell.give_up_noting(waiting);
    for (auto& e : waiting)
      refuse(e, refusal::failed_unsent);
  }

  // After a sign-off of the host, transactions wait in the queues, or are refused here, as its dialect says.
  void send_link_status() {
    last_pause = talk->pause();
    tell.host_is(condition_of(link != nullptr, *talk, *health));
    member->is_in_group() ? tell_group() : tell.link_is(is_up() || refuses_requests(), is_up());
  }

  // What waits here goes over another link once this one is silent for too long.
  void tell_group() {
    const bool is_ready = member->is_ready(may_send(), is_up(), now());
    member->tell(is_ready, refuses_requests());
    if (member->is_in_group() && !is_ready)
      refuse_waiting([](const in_flight::entry&) { return true; });
  }

  upstream_reports tell;
  upstream_ptr host;
  std::optional<dialing> dialed;
  std::optional<membership> member;
  net::link_ptr link;                    // nullptr while there is no connection
  std::optional<in_flight> at_host;      // sent, not answered
  std::deque<in_flight::entry> waiting;  // for a link; no byte of them was sent
  std::optional<liveness> health;
  std::optional<network_talk> talk;
  std::optional<host_asks> asks;
  codec::network_pause last_pause = codec::network_pause::none;  // as the others were told
  std::vector<caf::typed_response_promise<drain_atom>> drained;  // to be told when the link may end
};

upstream_actor::behavior_type behavior_of(upstream_actor::stateful_pointer<upstream_state> self,
                                          environment_ptr env, upstream_ptr host,
                                          std::shared_ptr<net::dialer> dialer, link_place place) {
  with_default_handlers(self);
  auto& state = self->state;
  state.start(std::move(env), std::move(host), std::move(dialer), std::move(place));
  return {
    [&state](submit& s) { return state.accept(s); },
    [&state](drain_atom) { return state.drain(); },
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
                              std::shared_ptr<net::dialer> dialer, link_place place) {
  return system.spawn(behavior_of, std::move(env), std::move(host), std::move(dialer), std::move(place));
}

}  // namespace actors
