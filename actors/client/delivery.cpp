// The messages of one client that are inside the gateway, and the approvals that are on their way back to it.
//
// Submits messages to the dispatcher, or to idempotency where the client may ask for them again, and answers
// them in the order in which they came. Tells the journal, or idempotency, which approvals the client has and
// which it has not. Knows neither raw messages nor HTTP.

#include "actors/client/delivery.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "actors/core/message_log.hpp"
#include "actors/core/timeouts.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

client_delivery::client_delivery(session_actor::pointer self, conversation& with, environment_ptr env,
                                 client_connection& connection, admission seats)
  : self_(self), with_(with), env_(std::move(env)), connection_(connection), seats_(std::move(seats)) {}

client_delivery::~client_delivery() {
  pending_.give_up(connection_.link().get());
  give_back();
}

void client_delivery::learn(const directory& d) {
  peers_ = d;
  pending_.learn(d);
}

void client_delivery::look() {
  if (connection_.link())
    pending_.look(*connection_.link());
  follow_up();
}

void client_delivery::tick() {
  look_for_seats();
  if (const auto lived = clock_.look(now());
      !messages_.empty() && lived >= messages_.back().deadline + answer_margin) {
    log::error("No end of {} messages of client {} within their time", messages_.size(), connection_.peer());
    with_.give_up_waiting();
  }
  if (connection_.link() && pending_.overdue(*connection_.link(), now())) {
    log::warning("Client {} does not take its answer; it is hung up on", connection_.peer());
    leave_client();
    with_.client_lost();
  }
  follow_up();
}

client_message& client_delivery::begin(caf::timespan timeout) {
  auto& m = messages_.emplace_back();
  m.number = next_number_++;
  m.arrived_at = now();
  m.deadline = clock_.look(m.arrived_at) + timeout;
  return m;
}

client_message* client_delivery::find(std::uint64_t number) {
  if (messages_.empty() || number < messages_.front().number)
    return nullptr;
  return &messages_[number - messages_.front().number];
}

void client_delivery::submit_message(client_message& m, message_ptr request, transaction_id id) {
  if (!m.seat)
    m.seat = seats_.enter();
  if (m.seat)
    return submit_now(m, std::move(request), id);
  m.request = std::move(request);
  m.waits_as = id;
  ++waiting_count_;
  if (env_->settings.queue.refuse_when_full)
    return refuse_unsubmitted(m, refusal::queue_full);
  wait_for_seat(m);
}

void client_delivery::wait_for_seat(client_message& m) {
  log::info(about{*m.request, m.waits_as, m.options.public_id},
            "A message of client {} waits: the queue is full, maxQueue is {}", connection_.peer(),
            env_->settings.queue.messages_max);
  m.place =
    seats_.line_up([to = caf::actor_cast<session_actor>(self_)] { caf::anon_send(to, tick_atom::value); });
}

void client_delivery::look_for_seats() {
  if (waiting_count_ == 0)
    return;
  std::vector<std::uint64_t> waiting;
  for (const auto& m : messages_)
    if (m.request)
      waiting.push_back(m.number);
  for (const auto number : waiting) {
    auto* m = find(number);
    if (!m || !m->request)
      continue;
    if (!connection_.link())
      refuse_unsubmitted(*m, refusal::withdrawn);
    else if (now() - m->arrived_at >= env_->settings.queue.timeout)
      refuse_unsubmitted(*m, refusal::queue_timeout);
    else if (m->place.is_called()) {
      m->seat = m->place.take();
      --waiting_count_;
      submit_now(*m, std::exchange(m->request, nullptr), m->waits_as);
    }
  }
}

// It never reached the host, and nothing knows it by its id.
void client_delivery::refuse_unsubmitted(client_message& m, refusal why) {
  --waiting_count_;
  m.request = nullptr;
  m.place = {};
  m.options.public_id.clear();
  if (why != refusal::withdrawn)
    log::warning("Client {} is refused: the queue is full, maxQueue is {}", connection_.peer(),
                 env_->settings.queue.messages_max);
  self_->send(peers_.stats, message_refused{why});
  refuse(m.number, why);
}

void client_delivery::submit_now(client_message& m, message_ptr request, transaction_id id) {
  m.tid = codec::terminal_of(*request);
  m.id = id;
  const about what_it_is{*request, id, m.options.public_id};
  log::info(what_it_is, "Writing to queue {} [{}]", connection_.peer(),
            seats_.taken_count() - (m.seat ? 1 : 0));
  log::info(what_it_is, "New queue item {}", id);
  const auto& upstream = env_->upstream_for(*request);
  submit what{std::move(request), m.arrived_at + env_->settings.queue.timeout, m.id, m.options};
  what.upstream = upstream;
  what.own_stan = m.own_stan;
  what.by_http = with_.is_http();
  what.client = connection_.peer();
  if (host().settings.host_timeout != std::chrono::milliseconds(0))
    what.host_timeout = host().settings.host_timeout;
  const auto refused = [this, number = m.number](caf::error& e) {
    // The client gets no id of a request that was refused: no question about it could be answered.
    if (auto* lost = find(number)) {
      lost->options.public_id.clear();
      lost->detail = detail_of(e);
    }
    refuse(number, refusal_of(e));
  };
  // A message without an id cannot be asked for later, so it is not remembered.
  if (m.options.public_id.empty())
    self_->request(peers_.dispatcher, caf::infinite, std::move(what))
      .then([this, number = m.number](answer& a) { end(number, std::move(a)); }, refused);
  else
    self_
      ->request(peers_.idempotency, caf::infinite,
                keyed_submit{m.options.public_id, m.options.key, m.options.digest, std::move(what)})
      .then([this, number = m.number](request_status& s) { settle(number, s); }, refused);
}

void client_delivery::settle(std::uint64_t number, request_status& s) {
  // A repeated one has the id of the first.
  if (auto* m = find(number)) {
    m->options.public_id = s.id;
    m->detail = s.detail;
    m->was_approval = s.was_approval;
  }
  if (s.refused)
    end(number, {}, *s.refused);
  else
    end(number, {std::move(s.response), s.delivery_of, std::move(s.hand)});
}

void client_delivery::refuse(std::uint64_t number, refusal why) { end(number, {}, why); }

void client_delivery::end(std::uint64_t number, answer a, std::optional<refusal> why) {
  auto* m = find(number);
  if (!m) {
    // The session has given it up already, and its client is gone.
    if (a.delivery_of != 0)
      caf::anon_send(peers_.journal, request_reversal{a.delivery_of, cause::undelivered});
    return;
  }
  m->ended = true;
  m->refused = why;
  m->response = std::move(a.response);
  m->delivery_of = a.delivery_of;
  m->hand = std::move(a.hand);
  if (why) {
    log::warning(log::subject{m->id, m->options.public_id}, "A message of client {} was refused: {}",
                 connection_.peer(), to_string(*why));
    with_.refused();
  }
  answer_in_order();
}

void client_delivery::answer_in_order() {
  while (!messages_.empty() && messages_.front().ended) {
    // It may have waited behind an earlier answer for long.
    if (messages_.front().delivery_of != 0 && messages_.front().hand.revoked())
      return refuse_revoked(messages_.front());
    auto m = take_front();
    if (m.response && connection_.link())
      log_answer(m);
    else if (m.response)
      log::warning(about{*m.response, m.id, m.options.public_id},
                   "{} for client {} comes when the client is gone", codec::label(*m.response),
                   connection_.peer());
    with_.answer(std::move(m));
  }
}

void client_delivery::log_answer(const client_message& m) const {
  if (!log::shows(log::level::info))
    return;
  const about what{*m.response, m.id, m.options.public_id};
  log_message("ISO host to " + connection_.peer(), what, host().dialect, *env_);
  log::info(what, "{} with code {} goes to client {}", codec::label(*m.response),
            codec::masked_text((*m.response)[codec::fields::response_code]), connection_.peer());
}

void client_delivery::refuse_revoked(client_message& m) {
  if (std::exchange(m.asks_reversal, true))
    return;
  log::warning(about{*m.response, m.id, m.options.public_id},
               "Client {} is not shown an approval that is being reversed: {}", connection_.peer(),
               codec::label(*m.response));
  when_reversal_is_durable(m.delivery_of, [this, number = m.number] {
    if (auto* waiting = find(number)) {
      waiting->refused = refusal_of(waiting->hand.of().get());
      waiting->response = nullptr;
      waiting->delivery_of = 0;
      answer_in_order();
    }
  });
}

// An error means that the reversal has ended. It began only when it was durable.
void client_delivery::when_reversal_is_durable(transaction_id approval, std::function<void()> then) {
  self_->request(peers_.journal, caf::infinite, request_reversal{approval, cause::undelivered})
    .then([then](const committed&) { then(); }, [then](caf::error&) { then(); });
}

client_message client_delivery::take_front() {
  auto m = std::move(messages_.front());
  messages_.pop_front();
  return m;
}

void client_delivery::write(std::string_view bytes, client_message& m, net::ack when, std::string_view rest) {
  if (!connection_.link())
    return lose(m);
  send_rest();
  connection_.link()->send(bytes, m.delivery_of != 0 ? when : net::ack::whenever);
  if (m.delivery_of != 0)
    pending_.add(m.delivery_of, std::move(m.options), std::move(m.hand), connection_.link()->sent(), now());
  rest_ = rest;
  rest_pause_ = 1ms;
  follow_up();
}

// A client that hangs up with bytes unread resets its connection, and then it may never be known whether its
// TCP has acknowledged the answer in front of them. So they are sent when it has.
void client_delivery::follow_up() {
  if (rest_.empty() || !connection_.link())
    return;
  if (is_proven())
    return send_rest();
  if (now() < look_for_rest_at_)
    return;
  look_for_rest_at_ = now() + rest_pause_;
  self_->delayed_send(self_, std::exchange(rest_pause_, std::min(rest_pause_ * 2, 200ms)), tick_atom::value);
}

void client_delivery::send_rest() {
  if (const auto rest = std::exchange(rest_, {}); !rest.empty() && connection_.link())
    connection_.link()->send(rest);
}

void client_delivery::lose(const client_message& m) {
  if (m.delivery_of != 0)
    pending_.add_lost(m.delivery_of, m.options);
}

void client_delivery::leave_client() {
  pending_.give_up(connection_.link().get());
  connection_.drop();
  if (is_waiting())
    self_->send(self_, tick_atom::value);
  for (const auto& m : messages_)
    if (!m.ended && m.id != 0 && m.options.key.empty())  // under a key it may be asked for again
      self_->send(peers_.dispatcher, withdraw{m.tid, m.id});
}

void client_delivery::give_back() {
  waiting_count_ = 0;
  for (const auto& m : std::exchange(messages_, {}))
    lose(m);
}

}  // namespace actors
