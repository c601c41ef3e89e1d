// Takes an HTTP client's messages to the host, and tells it what became of them.
//
// What a request means is for `router`; seats, deadlines and the proof that the client has an approval are
// `client_delivery`'s, as a raw client's are.

#include "actors/http/purchase_service.hpp"

#include "actors/client/delivery.hpp"
#include "actors/core/message_log.hpp"
#include "actors/http/router.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

class purchases : public http_service, public conversation {
public:
  purchases(session_actor::pointer s, environment_ptr e, http_port_ptr p, client_connection& c,
            http_conversation& w, admission seats)
    : self(s),
      env(std::move(e)),
      port(std::move(p)),
      connection(c),
      with(w),
      delivery(s, *this, env, c, std::move(seats)) {}

  void serve(const net::http_request& request) override {
    if (const auto refused = reply_to_header(request))
      return with.reply(*refused, true);
    if (draining && request.idempotency_key.empty())
      return with.reply(reply_draining(request), false);
    auto action = route(request, {*env, *port->dialect});
    if (auto* reply = std::get_if<net::http_reply>(&action))
      return with.reply(*reply, true);
    if (auto* look = std::get_if<http_lookup>(&action))
      return look_up(*look, request);
    call(std::get<http_call>(std::move(action)), request);
  }

  void learn(const directory& d) override {
    peers = d;
    delivery.learn(d);
  }
  void received() override { delivery.look(); }
  void tick() override { delivery.tick(); }
  void drain() override { draining = true; }
  void client_gone() override { delivery.leave_client(); }
  bool is_done() const override { return delivery.is_proven(); }
  bool is_http() const override { return true; }

private:
  // The request that is being served: its message in `delivery` has this number.
  struct service {
    std::uint64_t number;
    net::http_request request;
    std::function<net::http_reply(const std::string&, const outcome&)> render;
  };

  void look_up(http_lookup& look, const net::http_request& request) {
    const bool has_body = request.method != "HEAD";
    const auto number = begin_service(request, 5s).number;
    const auto render = std::move(look.render);
    const auto tell = [this, number, render, has_body](request_status& s) {
      if (!delivery.find(number))
        return;
      if (s.delivery_of != 0 && s.hand.revoked()) {
        s.refused = refusal_of(s.hand.of().get());
        s.response = nullptr;
        s.hand = {};
        return delivery.when_reversal_is_durable(s.delivery_of, [this, number, render, s] {
          if (delivery.find(number))
            finish(delivery.take_front(), render(s));
        });
      }
      auto m = delivery.take_front();
      // A client that is shown an approval has it, by whatever question.
      if (s.delivery_of != 0 && !s.refused && has_body) {
        const auto how = env->settings.delivery.http == config::http_delivery::confirm
                           ? actors::delivery::confirm
                           : actors::delivery::idempotent;
        m.options = {how, s.id, {}, {}};
        m.delivery_of = s.delivery_of;
        m.hand = s.hand;
      }
      finish(std::move(m), render(s));
    };
    const auto fail = [this, number, render](caf::error&) {
      if (delivery.find(number))
        finish(delivery.take_front(), render(request_status{{}, nullptr, refusal::failed_unknown}));
    };
    if (look.confirms)
      self->request(peers.idempotency, caf::infinite, confirm{look.id}).then(tell, fail);
    else
      self->request(peers.idempotency, caf::infinite, lookup{look.id, !has_body}).then(tell, fail);
  }

  void call(http_call c, const net::http_request& request) {
    const auto key = request.idempotency_key;
    auto& m = begin_service(request, delivery.timeout());
    serving->render = std::move(c.render);
    if (key.empty())
      return call_anew(m, c);
    // A repeated request has its answer already: nothing that has changed since may stand in front of it.
    self->request(peers.idempotency, caf::infinite, lookup_by_key{http_key(key), c.digest})
      .then(
        [this, number = m.number, key, c](request_status& s) mutable {
          auto* waiting = delivery.find(number);
          if (s.id.empty() && waiting)
            return call_anew(*waiting, c);
          // The key was used before, and that request's client may have the answer. So an answer that is
          // lost here does not prove that no client has it.
          if (const auto how = delivery_for(key); waiting)
            waiting->options.how = how == actors::delivery::tcp ? actors::delivery::idempotent : how;
          delivery.settle(number, s);
        },
        [this, number = m.number](caf::error& e) { delivery.refuse(number, refusal_of(e)); });
  }

  void call_anew(client_message& m, http_call& c) {
    if (draining)
      return finish(delivery.take_front(), reply_draining(serving->request));
    if (c.instead)
      return finish(delivery.take_front(), *c.instead);
    const auto& key = serving->request.idempotency_key;
    if (!key.empty() || c.remembered)
      m.options = {delivery_for(key), env->new_public_id(), key.empty() ? "" : http_key(key), c.digest};
    m.own_stan = c.own_stan;
    const auto id = env->next_transaction();
    log_message(connection.peer(), {c.request, id, m.options.public_id}, port->dialect, *env);
    delivery.submit_message(m, std::make_shared<const codec::message>(std::move(c.request)), id);
  }

  // Only who knows a key can come back for an answer, only who knows the id can say that it came.
  actors::delivery delivery_for(const std::string& key) const {
    if (env->settings.delivery.http == config::http_delivery::confirm)
      return actors::delivery::confirm;
    return !key.empty() && env->settings.delivery.http == config::http_delivery::idempotent
             ? actors::delivery::idempotent
             : actors::delivery::tcp;
  }

  client_message& begin_service(const net::http_request& request, caf::timespan timeout) {
    auto& m = delivery.begin(timeout);
    serving.emplace(service{m.number, request, {}});
    return m;
  }

  void answer(client_message&& m) override {
    const auto o = m.refused ? outcome(actors::refused{*m.refused, m.detail})
                             : outcome(answered{m.response, m.was_approval});
    auto reply = serving->render ? serving->render(m.options.public_id, o) : reply_too_slow();
    // At / and /raw there is no other place for it, and who shall confirm the answer needs it.
    if (!m.options.public_id.empty())
      reply.headers.emplace_back("Transaction-Id", m.options.public_id);
    finish(std::move(m), reply);
  }

  void refused() override {}

  void give_up_waiting() override {
    if (!serving->render)
      return delivery.refuse(serving->number, refusal::failed_unknown);
    // Its end may still be an approval that a restart finds. To hang up tells the client nothing.
    delivery.leave_client();
    with.client_lost();
  }

  void client_lost() override { with.client_lost(); }

  void finish(client_message m, const net::http_reply& reply) {
    serving.reset();
    const config::log::subject of{m.id, m.options.public_id};
    const auto write = [this, &m](std::string_view bytes) {
      delivery.write(bytes, m);
      // The next request may be in already, and is served before this returns.
      m.seat = {};
    };
    with.reply(reply, !draining, write, of);
  }

  session_actor::pointer self;
  environment_ptr env;
  http_port_ptr port;
  client_connection& connection;
  http_conversation& with;
  client_delivery delivery;
  directory peers;
  std::optional<service> serving;
  bool draining = false;
};

}  // namespace

http_service_factory purchase_service(environment_ptr env, http_port_ptr port, admission seats) {
  return [env = std::move(env), port = std::move(port), seats = std::move(seats)](
           session_actor::pointer self, client_connection& connection, http_conversation& with) {
    return std::make_unique<purchases>(self, env, port, connection, with, seats);
  };
}

}  // namespace actors
