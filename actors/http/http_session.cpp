// One HTTP client: its requests in, its replies out, one after the other.
//
// A request that comes while another is served waits in the reader, so replies
// keep the order of the requests. What a request means is for http_route; here
// is only the conversation: keep-alive, slowness, hanging up. Like a raw
// session it outlives its connection until its message has ended.

#include "actors/http/http_session.hpp"

#include "actors/client/client_session.hpp"
#include "actors/client/delivery.hpp"
#include "actors/core/message_log.hpp"
#include "actors/http/router.hpp"
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

class http_session_state : public conversation {
public:
  static inline const char* name = "http_session";

  explicit http_session_state(session_actor::pointer s) : self(s) {}

  void start(environment_ptr e, net::link_ptr link, const directory& d, admission seats) {
    env = std::move(e);
    quiet_since = now();
    connection.emplace(self, link, "http:" + link->peer());
    delivery.emplace(self, *this, env, *connection, std::move(seats));
    learn(d);
  }

  void take(const received& r) {
    delivery->look();
    if (!connection->is_listening())
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
    log::info("Client {} is gone: {}", peer(), why);
    delivery->leave_client();
    client_lost();
  }

  void learn(const directory& d) {
    peers = d;
    delivery->learn(d);
  }

  void drain() {
    draining = true;
    // Between two requests nobody is harmed; within one the client is told.
    if (!serving && !reader.in_the_middle())
      hang_up("is told that we end");
  }

  void tick() {
    delivery->tick();
    if (connection->is_closed() && delivery->is_proven())
      return self->quit();
    if (serving || !connection->is_listening())
      return;
    if (begun_at && now() - *begun_at >= request_timeout) {
      say(reply_too_slow(), {}, false);
    } else if (!begun_at && now() - quiet_since >= idle_max()) {
      hang_up("was idle");
    }
  }

private:
  // The request that is being served: its message in `delivery` has this number.
  struct service {
    std::uint64_t number;
    net::http_request request;
    std::function<net::http_reply(const std::string&, const outcome&)> render;
  };

  time_point now() const { return self->clock().now(); }
  const std::string& peer() const { return connection->peer(); }

  std::chrono::nanoseconds idle_max() const {
    const auto timeout = env->settings.client_timeout;
    return timeout != 0ms ? std::chrono::nanoseconds(timeout) : std::chrono::nanoseconds(idle_timeout);
  }

  // One request a turn: others have turns too.
  void serve() {
    if (connection->is_listening() && connection->link() && !serving) {
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
        connection->link()->send(net::http_100_continue());
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
    log::info("Client {} sent data ({} {}, {} bytes)", peer(), codec::masked_text(request.method),
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
    const auto number = begin_service(std::move(request), 5s).number;
    const auto render = std::move(look.render);
    const auto tell = [this, number, render, has_body](request_status& s) {
      if (!delivery->find(number))
        return;
      if (s.delivery_of != 0 && s.hand.revoked()) {
        s.refused = refusal::undelivered;
        s.response = nullptr;
      }
      auto m = delivery->take_front();
      // Whoever sees an approval has it, by whatever question.
      if (s.delivery_of != 0 && !s.refused && has_body) {
        const auto how =
          env->settings.http_delivery == "confirm" ? actors::delivery::confirm : actors::delivery::idempotent;
        m.options = {how, s.id, {}, {}};
        m.delivery_of = s.delivery_of;
        m.hand = s.hand;
      }
      finish(std::move(m), render(s));
    };
    const auto fail = [this, number, render](caf::error&) {
      if (delivery->find(number))
        finish(delivery->take_front(), render(request_status{{}, nullptr, refusal::failed_unknown}));
    };
    if (look.confirms)
      self->request(peers.idempotency, caf::infinite, confirm{look.id}).then(tell, fail);
    else
      self->request(peers.idempotency, caf::infinite, lookup{look.id, !has_body}).then(tell, fail);
  }

  void call(http_call c, net::http_request request) {
    const auto key = request.idempotency_key;
    auto& m = begin_service(std::move(request), env->settings.queue_timeout + env->settings.host_timeout);
    serving->render = std::move(c.render);
    if (key.empty())
      return call_anew(m, c);
    // A repeated request has its answer already: nothing that has changed since may stand in front of it.
    self->request(peers.idempotency, caf::infinite, lookup_by_key{http_key(key), c.digest})
      .then(
        [this, number = m.number, key, c](request_status& s) mutable {
          auto* waiting = delivery->find(number);
          if (s.id.empty() && waiting)
            return call_anew(*waiting, c);
          // Somebody has asked before, and may have the answer; so losing this one is no proof that nobody
          // has.
          if (const auto how = delivery_for(key); waiting)
            waiting->options.how = how == actors::delivery::tcp ? actors::delivery::idempotent : how;
          delivery->settle(number, s);
        },
        [this, number = m.number](caf::error& e) { delivery->refuse(number, refusal_of(e)); });
  }

  void call_anew(client_message& m, http_call& c) {
    if (draining)
      return finish(delivery->take_front(), reply_draining(serving->request));
    if (c.refused)
      return finish(delivery->take_front(), *c.refused);
    m.seat = delivery->take_seat();
    if (!m.seat)
      return finish(delivery->take_front(), serving->render("", refusal::queue_full));
    log_message(peer(), c.request, *env);
    const auto& key = serving->request.idempotency_key;
    if (!key.empty() || c.remembered)
      m.options = {delivery_for(key), env->new_public_id(), key.empty() ? "" : http_key(key), c.digest};
    delivery->submit_message(m, std::make_shared<const codec::message>(std::move(c.request)));
  }

  // Only who knows a key can come back for an answer, only who knows the id can say that it came.
  actors::delivery delivery_for(const std::string& key) const {
    if (env->settings.http_delivery == "confirm")
      return actors::delivery::confirm;
    return !key.empty() && env->settings.http_delivery == "idempotent" ? actors::delivery::idempotent
                                                                       : actors::delivery::tcp;
  }

  client_message& begin_service(net::http_request request, caf::timespan timeout) {
    auto& m = delivery->begin(timeout);
    serving.emplace(service{m.number, std::move(request), {}});
    return m;
  }

  void refused() override {}

  void answer(client_message m) override {
    const auto o = m.refused ? outcome(*m.refused) : outcome(m.response);
    const auto reply = serving->render ? serving->render(m.options.public_id, o) : reply_too_slow();
    finish(std::move(m), reply);
  }

  void give_up_waiting() override {
    // Under a key its end is the registry's to tell, and the same to everybody; to hang up tells nothing.
    if (serving->request.idempotency_key.empty())
      return delivery->refuse(serving->number, refusal::failed_unknown);
    delivery->leave_client();
    client_lost();
  }

  void finish(client_message m, const net::http_reply& reply) {
    const auto done = *std::exchange(serving, {});
    say(reply, done.request, done.request.keep_alive && !draining, std::move(m));
    serve();
    close_if_done();
  }

  // `m`: whose answer it is, where it is one.
  void say(const net::http_reply& reply, const net::http_request& to, bool keep_alive,
           client_message m = {}) {
    quiet_since = now();
    if (reply.status >= 400)
      log::warning("Client {} is refused, {}: {}", peer(), reply.status, reason_of(reply));
    delivery->write(net::write_http_reply(reply, to, keep_alive && connection->is_listening()), m);
    if (!keep_alive) {
      connection->stop_listening();
      close_if_done();
    }
  }

  void client_lost() override { close_if_done(); }

  void hang_up(const std::string& why) {
    log::info("Client {} {}", peer(), why);
    connection->stop_listening();
    close_if_done();
  }

  void close_if_done() {
    if (serving)
      return;
    if (!connection->link())
      return self->quit();
    if (!connection->is_listening() || (client_finished && read_out))
      connection->close();
  }

  session_actor::pointer self;
  environment_ptr env;
  directory peers;
  std::optional<client_connection> connection;
  std::optional<client_delivery> delivery;
  net::http_reader reader{{}};
  std::optional<service> serving;
  bool client_finished = false;
  bool read_out = true;  // the reader holds no complete request
  bool draining = false;
  std::optional<time_point> begun_at;  // of a request that is not complete
  time_point quiet_since{};
};

}  // namespace

session_actor spawn_http_session(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                                 directory peers, admission seats) {
  return spawn_client_session<http_session_state>(system, std::move(env), std::move(link), std::move(peers),
                                                  std::move(seats));
}

}  // namespace actors
