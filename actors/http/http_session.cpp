// One HTTP client: its requests in, its replies out, one after the other.
//
// A request that comes while another is served waits in the reader, so replies
// keep the order of the requests. What a request means is for http_route; here
// is only the conversation: keep-alive, slowness, hanging up. Like a raw
// session it outlives its connection until its message has ended.

#include "actors/http/http_session.hpp"

#include "actors/client/pending_deliveries.hpp"
#include "actors/core/default_handlers.hpp"
#include "actors/core/link_messages.hpp"
#include "actors/core/message_log.hpp"
#include "actors/core/timeouts.hpp"
#include "actors/http/router.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

// From a request's first byte to its last.
constexpr auto request_timeout = 15s;

// Between two requests, where `clientTimeout` does not say otherwise.
constexpr auto idle_timeout = 75s;

// Bytes of further requests that may wait while one is served.
constexpr std::size_t pipelined_max = 256 * 1024;

class http_session_state {
public:
  static inline const char* name = "http_session";

  explicit http_session_state(session_actor::pointer s) : self(s) {}
  ~http_session_state() { deliveries.give_up(link.get()); }
  http_session_state(const http_session_state&) = delete;
  http_session_state& operator=(const http_session_state&) = delete;

  void start() {
    peer = "http:" + link->peer();
    to_peer = "ISO host to " + peer;
    quiet_since = now();
    log::info("Client {} connected", peer);
    link->open(events_to(caf::actor_cast<session_actor>(self)));
  }

  void take(const received& r) {
    // Whatever it says now, it has said behind what its TCP has acknowledged.
    if (link)
      deliveries.look(*link);
    if (!listening)
      return;
    for (const auto& segment : r.frames)
      reader.feed(segment);
    read_out = false;
    if (serving && reader.waiting() > pipelined_max)
      return hang_up("sends requests without waiting for replies");
    serve();
  }

  // It may still be reading: all that it has asked is served.
  void finished() {
    client_finished = true;
    close_if_done();
  }

  void gone(const std::string& why) {
    log::info("Client {} is gone: {}", peer, why);
    leave_client();
  }

  void learn(const directory& d) {
    peers = d;
    deliveries.learn(d);
  }

  void drain() {
    draining = true;
    // Between two requests nobody is harmed; within one the client is told.
    if (!serving && !reader.in_the_middle())
      hang_up("is told that we end");
  }

  void tick() {
    if (link)
      look_for_proof();
    if (closing_since && now() - *closing_since >= close_timeout && deliveries.empty())
      return self->quit();
    if (const auto lived = clock.look(now()); serving && lived >= serving->deadline + answer_margin) {
      log::error("No end of a message of client {} within its time", peer);
      // Under a key its end is the registry's to tell, and the same to everybody; to hang up tells nothing.
      if (serving->request.idempotency_key.empty())
        end(serving->number, serving->id, refusal::failed_unknown);
      else if (link)
        leave_client();
      return;
    }
    if (serving || !listening)
      return;
    if (begun_at && now() - *begun_at >= request_timeout) {
      say(reply_too_slow(), {}, false);
    } else if (!begun_at && now() - quiet_since >= idle_max()) {
      hang_up("was idle");
    }
  }

  session_actor::pointer self;
  environment_ptr env;
  net::link_ptr link;  // none once the client is gone
  std::optional<admission> seats;

private:
  // An approval that a reply shows.
  struct shown_approval {
    transaction_id id;
    client_options options;
    in_hand hand;
  };

  // The request that is being served.
  struct service {
    std::uint64_t number;
    net::http_request request;
    std::string id;
    client_options options;
    std::string tid;  ///< of its message, and its purchase: for taking it back
    transaction_id purchase;
    time_point deadline;  ///< by the lived clock
    admission::seat seat;
    std::function<net::http_reply(const std::string&, const outcome&)> render;
  };

  time_point now() const { return self->clock().now(); }

  std::chrono::nanoseconds idle_max() const {
    const auto timeout = env->settings.client_timeout;
    return timeout != 0ms ? std::chrono::nanoseconds(timeout) : std::chrono::nanoseconds(idle_timeout);
  }

  // One request a turn: others have turns too.
  void serve() {
    if (listening && link && !serving) {
      auto event = reader.next();
      if (std::holds_alternative<net::http_unfinished>(event)) {
        if (!reader.in_the_middle())
          begun_at.reset();
        else if (!begun_at)
          begun_at = now();
        read_out = true;
        return close_if_done();
      }
      if (std::holds_alternative<net::http_continue>(event)) {
        link->send(net::http_100_continue());
        self->send(self, received{});
      } else if (const auto* fault = std::get_if<net::http_fault>(&event)) {
        return say(reply_to_fault(*fault), {}, false);
      } else {
        begun_at.reset();
        answer_request(std::get<net::http_request>(std::move(event)));
        self->send(self, received{});
      }
    }
  }

  void answer_request(net::http_request request) {
    log::info("Client {} sent data ({} {}, {} bytes)", peer, codec::masked_text(request.method),
              codec::masked_text(request.path), request.body.size());
    if (const auto refused = reply_to_key(request))
      return say(*refused, request, request.keep_alive);
    if (draining && request.idempotency_key.empty())
      return say(reply_draining(request), request, false);
    auto action = route(request, *env);
    if (auto* reply = std::get_if<net::http_reply>(&action))
      return say(*reply, request, request.keep_alive);
    if (auto* look = std::get_if<http_lookup>(&action))
      return look_up(*look, std::move(request));
    call(std::get<http_call>(std::move(action)), std::move(request));
  }

  void look_up(http_lookup& look, net::http_request request) {
    const bool has_body = request.method != "HEAD";
    const auto number = begin_service(std::move(request), 5s);
    const auto render = std::move(look.render);
    const auto tell = [this, number, render, has_body](request_status& s) {
      if (s.delivery_of != 0 && s.hand.revoked()) {
        s.refused = refusal::undelivered;
        s.response = nullptr;
      }
      // Whoever sees an approval has it, by whatever question.
      finish(number, [&] {
        const auto how = env->settings.http_delivery == "confirm" ? delivery::confirm : delivery::idempotent;
        if (s.delivery_of != 0 && !s.refused && has_body)
          approval = {s.delivery_of, {how, s.id, {}, {}}, s.hand};
        return render(s);
      });
    };
    const auto fail = [this, number, render](caf::error&) {
      finish(number, [&] { return render(request_status{{}, nullptr, refusal::failed_unknown}); });
    };
    if (look.confirms)
      self->request(peers.idempotency, caf::infinite, confirm{look.id}).then(tell, fail);
    else
      self->request(peers.idempotency, caf::infinite, lookup{look.id, !has_body}).then(tell, fail);
  }

  void call(http_call c, net::http_request request) {
    const auto key = request.idempotency_key;
    const auto number =
      begin_service(std::move(request), env->settings.queue_timeout + env->settings.host_timeout);
    serving->render = std::move(c.render);
    if (key.empty())
      return call_anew(number, c);
    // A repeated request has its answer already: nothing that has changed since may stand in front of it.
    self->request(peers.idempotency, caf::infinite, lookup_by_key{http_key(key), c.digest})
      .then(
        [this, number, c](request_status& s) mutable {
          if (s.id.empty())
            call_anew(number, c);
          else
            settle(number, s, true);
        },
        [this, number](caf::error& e) { end(number, {}, refusal_of(e)); });
  }

  void call_anew(std::uint64_t number, http_call& c) {
    if (!serving || serving->number != number)
      return;
    if (draining)
      return finish(number, [this] { return reply_draining(serving->request); });
    if (c.refused)
      return finish(number, [&c] { return *c.refused; });
    serving->seat = seats->enter();
    if (!serving->seat) {
      log::warning("Client {} is refused: the queue is full, maxQueue is {}", peer, env->settings.max_queue);
      return finish(number, [this] { return serving->render("", refusal::queue_full); });
    }
    log_message(peer, c.request, *env);
    const auto& key = serving->request.idempotency_key;
    serving->tid = codec::terminal_of(c.request);
    serving->purchase = env->next_transaction();
    submit what{std::make_shared<const codec::message>(std::move(c.request)),
                now() + env->settings.queue_timeout, serving->purchase};
    if (env->settings.host_timeout != 0ms)
      what.host_timeout = env->settings.host_timeout;
    // What nobody can ask for later needs no remembering.
    if (key.empty() && !c.remembered) {
      self->request(peers.dispatcher, caf::infinite, std::move(what))
        .then([this, number](
                answer& a) { end(number, {}, std::move(a.response), a.delivery_of, std::move(a.hand)); },
              [this, number](caf::error& e) { end(number, {}, refusal_of(e)); });
      return;
    }
    serving->id = env->new_public_id();
    serving->options = {delivery_for(key), serving->id, {}, {}};
    what.options = serving->options;
    self
      ->request(peers.idempotency, caf::infinite,
                keyed_submit{serving->id, key.empty() ? "" : http_key(key), c.digest, std::move(what)})
      .then([this, number](request_status& s) { settle(number, s); },
            [this, number](caf::error& e) { end(number, {}, refusal_of(e)); });
  }

  // Only who knows a key can come back for an answer, only who knows the id can say that it came.
  delivery delivery_for(const std::string& key) const {
    if (env->settings.http_delivery == "confirm")
      return delivery::confirm;
    return !key.empty() && env->settings.http_delivery == "idempotent" ? delivery::idempotent : delivery::tcp;
  }

  // `again`: somebody has asked before, and may have the answer; so losing this one is no proof that nobody
  // has.
  void settle(std::uint64_t number, request_status& s, bool again = false) {
    if (serving && serving->number == number) {
      const auto how = delivery_for(serving->request.idempotency_key);
      serving->options = {again && how == delivery::tcp ? delivery::idempotent : how, s.id, {}, {}};
    }
    if (s.refused)
      end(number, s.id, *s.refused);
    else
      end(number, s.id, std::move(s.response), s.delivery_of, std::move(s.hand));
  }

  std::uint64_t begin_service(net::http_request request, caf::timespan timeout) {
    serving.emplace(
      service{++served, std::move(request), {}, {}, {}, 0, clock.look(now()) + timeout, {}, {}});
    return served;
  }

  // `id`: of the transaction, where there is one; a repeated one has its first id.
  void end(std::uint64_t number, const std::string& id, const outcome& o, transaction_id delivery_of = 0,
           in_hand hand = {}) {
    if (delivery_of != 0 && (!serving || serving->number != number)) {
      // Given up already: nobody is left to tell.
      caf::anon_send(peers.journal, request_reversal{delivery_of, cause::undelivered});
      return;
    }
    if (delivery_of != 0 && hand.revoked())
      return end(number, id, refusal::undelivered);
    if (delivery_of != 0)
      approval = {delivery_of, serving->options, std::move(hand)};
    if (const auto* why = std::get_if<refusal>(&o))
      log::warning("A message of client {} was refused: {}", peer, to_string(*why));
    else if (!link)
      log::warning("{} for client {} comes when the client is gone", codec::label(*std::get<message_ptr>(o)),
                   peer);
    else
      log_message(to_peer, *std::get<message_ptr>(o), *env);
    finish(number, [&] { return serving->render ? serving->render(id, o) : reply_too_slow(); });
  }

  template <class Reply>
  void finish(std::uint64_t number, Reply reply) {
    if (!serving || serving->number != number)
      return;
    const auto text = reply();
    const auto done = std::move(*serving);
    serving.reset();
    say(text, done.request, done.request.keep_alive && !draining);
    serve();
    close_if_done();
  }

  void say(const net::http_reply& reply, const net::http_request& to, bool keep_alive) {
    quiet_since = now();
    if (reply.status >= 400)
      log::warning("Client {} is refused, {}: {}", peer, reply.status, reason_of(reply));
    const auto shown = std::exchange(approval, {});
    if (link) {
      link->send(net::write_http_reply(reply, to, keep_alive && listening),
                 shown ? net::ack::soon : net::ack::whenever);
      if (shown)
        deliveries.add(shown->id, shown->options, shown->hand, link->sent(), now());
    } else if (shown) {
      deliveries.add_lost(shown->id, shown->options);
    }
    if (!keep_alive) {
      listening = false;
      close_if_done();
    }
  }

  void look_for_proof() {
    if (!deliveries.overdue(*link, now()))
      return;
    log::warning("Client {} does not take its answer; it is hung up on", peer);
    leave_client();
  }

  void leave_client() {
    deliveries.give_up(link.get());
    link.reset();
    listening = false;
    // Under a key it may be asked for again.
    if (serving && serving->purchase != 0 && serving->request.idempotency_key.empty())
      self->send(peers.dispatcher, withdraw{serving->tid, serving->purchase});
    close_if_done();
  }

  void hang_up(const std::string& why) {
    log::info("Client {} {}", peer, why);
    listening = false;
    close_if_done();
  }

  void close_if_done() {
    if (serving)
      return;
    if (!link)
      return self->quit();
    if ((listening && !(client_finished && read_out)) || closing_since)
      return;
    listening = false;
    closing_since = now();
    link->close();
  }

  directory peers;
  pending_deliveries deliveries;
  std::optional<shown_approval> approval;  // that the next reply shows
  lived_clock clock;
  std::string peer, to_peer;  // for the log
  net::http_reader reader{{}};
  std::optional<service> serving;
  std::uint64_t served = 0;
  bool listening = true;
  bool client_finished = false;
  bool read_out = true;  // the reader holds no complete request
  bool draining = false;
  std::optional<time_point> begun_at;  // of a request that is not complete
  time_point quiet_since{};
  std::optional<time_point> closing_since;
};

session_actor::behavior_type http_session(session_actor::stateful_pointer<http_session_state> self,
                                          environment_ptr env, net::link_ptr link, directory peers,
                                          admission seats) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.link = std::move(link);
  state.learn(peers);
  state.seats.emplace(std::move(seats));
  state.start();
  return {
    [&state](const received& r) { state.take(r); },
    [&state](finished_atom) { state.finished(); },
    [&state](const link_down& down) { state.gone(down.why); },
    [&state](tick_atom) { state.tick(); },
    [&state](drain_atom) { state.drain(); },
    [&state](const directory& d) { state.learn(d); },
  };
}

}  // namespace

session_actor spawn_http_session(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                                 directory peers, admission seats) {
  return system.spawn(http_session, std::move(env), std::move(link), std::move(peers), std::move(seats));
}

}  // namespace actors
