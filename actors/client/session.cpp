// One raw client: its bytes in, its answers out, in the order of its requests.
//
// Messages are cut out of the bytes by reading them, whatever the segments. A
// bad one, or a refusal, ends the conversation: nothing more is read, what is
// still unanswered is answered, the connection is closed. The session outlives
// its connection until its last submit has ended, and until it knows whether the
// client has got its approvals: one that it has not is reversed.

#include "actors/client/session.hpp"

#include <algorithm>
#include <deque>

#include "actors/client/pending_deliveries.hpp"
#include "actors/core/default_handlers.hpp"
#include "actors/core/digest.hpp"
#include "actors/core/link_messages.hpp"
#include "actors/core/message_log.hpp"
#include "actors/core/timeouts.hpp"

#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "codec/validate.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

// A client that has begun a message must finish it within `clientTimeout`, by default this.
constexpr auto finish_timeout = 60s;

// A client that says nothing more for so long has finished a message whose length nobody else knows.
constexpr auto unknown_end_pause = 200ms;

class session_state {
public:
  static inline const char* name = "session";

  explicit session_state(session_actor::pointer s) : self(s) {}
  ~session_state() {
    deliveries.give_up(link.get());
    give_back();
  }
  session_state(const session_state&) = delete;
  session_state& operator=(const session_state&) = delete;

  void start() {
    heard_at = now();
    log::info("Client {} connected", link->peer());
    peer = link->peer();
    to_peer = "ISO host to " + peer;
    link->open(events_to(caf::actor_cast<session_actor>(self)));
  }

  void take(received& r) {
    heard_at = now();
    // Whatever it says now, it has said behind what its TCP has acknowledged.
    if (link)
      deliveries.look(*link);
    for (auto& segment : r.frames) {
      if (!listening)
        return;
      log::info("Client {} sent data ({} bytes)", peer, segment.size());
      unread += segment;
      cut_messages();
    }
  }

  // It may still be reading: it gets what it asked for.
  void finished() {
    if (listening && unknown_end_at)
      take_unknown_end();
    if (listening && !unread.empty())
      log::warning("Client {} hung up in the middle of a message, after {} bytes", peer, unread.size());
    listening = false;
    close_if_done();
  }

  void gone(const std::string& why) {
    log::info("Client {} is gone: {}", peer, why);
    // Closed in order behind the last answer, or cut off: what its TCP has acknowledged, it has.
    leave_client();
  }

  void drain() {
    listening = false;
    close_if_done();
  }

  void tick() {
    const auto timeout = env->settings.client_timeout;
    const auto unfinished_max =
      timeout != 0ms ? std::chrono::nanoseconds(timeout) : std::chrono::nanoseconds(finish_timeout);
    if (listening && unknown_end_at && *unknown_end_at <= now())
      take_unknown_end();
    if (listening && !unread.empty() && now() - message_begun_at >= unfinished_max)
      stop_listening("did not finish its message, of which there are " + std::to_string(unread.size()) +
                     " bytes");
    else if (listening && slots.empty() && timeout != 0ms && now() - heard_at >= timeout)
      stop_listening("was silent for " + std::to_string(timeout.count() / 1000) + " s");
    if (const auto lived = clock.look(now());
        !slots.empty() && lived >= slots.back().deadline + answer_margin)
      give_up_waiting();
    if (link)
      look_for_proof();
    if (closing_since && now() - *closing_since >= close_timeout && deliveries.empty())
      leave();
  }

  void learn(const directory& d) {
    peers = d;
    deliveries.learn(d);
  }

  session_actor::pointer self;
  environment_ptr env;
  net::link_ptr link;  // none once the client is gone
  std::optional<admission> seats;

private:
  // A message that was taken; answered or refused when `ended`.
  struct slot {
    std::uint64_t number;
    time_point deadline;  // by the lived clock
    std::string tid;
    transaction_id id;
    client_options options;
    admission::seat seat;
    bool ended = false;
    transaction_id delivery_of = 0;
    in_hand hand = {};
    message_ptr response = nullptr;  // none where it was refused
  };

  time_point now() const { return self->clock().now(); }

  void cut_messages() {
    while (listening && !unread.empty()) {
      auto front = codec::unpack_front(unread, env->dialect);
      if (!front) {
        if (front.error().code == codec::fault_code::unknown_field &&
            env->settings.unknown_fields == "forward")
          return wait_for_unknown_end();
        if (front.error().code != codec::fault_code::truncated)
          return stop_listening("sent a bad message: " + codec::to_string(front.error()));
        if (!message_begun)
          message_begun_at = now();
        message_begun = true;
        return;
      }
      unread.erase(0, front->size);
      message_begun = false;
      admit(std::make_shared<const codec::message>(std::move(front->value)));
    }
  }

  // Where a message ends that has a field of unknown length, only its client knows: at the end of what it
  // says at a time.
  void wait_for_unknown_end() {
    message_begun = true;
    message_begun_at = now();
    unknown_end_at = now() + unknown_end_pause;
    self->delayed_send(self, unknown_end_pause, tick_atom::value);
  }

  void take_unknown_end() {
    unknown_end_at.reset();
    auto part = codec::unpack_what_can_be_read(unread, env->dialect);
    if (!part || part->faults.size() != 1 || part->faults.front().code != codec::fault_code::unknown_field)
      return stop_listening("sent a bad message: " +
                            codec::to_string(part ? part->faults.front() : part.error()));
    // Nobody can tell what it is for where that stands behind the unknown field.
    const auto wrong =
      codec::validate(part->value, env->dialect, env->settings.queue_message_key_fields, env->local_time());
    if (std::ranges::find(wrong, codec::fault_code::missing, &codec::fault::code) != wrong.end())
      return stop_listening("sent a bad message: " + codec::to_string(part->faults.front()));
    env->unread->tell(now(), "A client's message goes on as it came, though not all of it can be read: ",
                      part->faults.front());
    unread.clear();
    message_begun = false;
    admit(std::make_shared<const codec::message>(std::move(part->value)));
  }

  void admit(message_ptr request) {
    const auto faults =
      codec::validate(*request, env->dialect, env->settings.queue_message_key_fields, env->local_time());
    log_message(peer, *request, *env,
                std::ranges::find(faults, codec::fault_code::expired, &codec::fault::code) != faults.end());
    if (!faults.empty()) {
      std::string text;
      for (const auto& f : faults)
        text += (text.empty() ? "" : "; ") + codec::to_string(f);
      return stop_listening("sent a message that is refused: " + text);
    }
    auto seat = seats->enter();
    if (!seat)
      return stop_listening("is refused: the queue is full, maxQueue is " +
                            std::to_string(env->settings.max_queue));
    const auto number = next_number++;
    submit what{std::move(request), now() + env->settings.queue_timeout, env->next_transaction()};
    if (env->settings.host_timeout != 0ms)
      what.host_timeout = env->settings.host_timeout;
    what.options = options_of(*what.request);
    slots.push_back({number, clock.look(now()) + env->settings.queue_timeout + env->settings.host_timeout,
                     codec::terminal_of(*what.request), what.id, what.options, std::move(seat)});
    const auto refuse = [this, number](caf::error& e) { refused(number, refusal_of(e)); };
    if (what.options.key.empty()) {
      self->request(peers.dispatcher, caf::infinite, std::move(what))
        .then(
          [this, number](answer& a) { end(number, std::move(a.response), a.delivery_of, std::move(a.hand)); },
          refuse);
      return;
    }
    keyed_submit d{what.options.public_id, what.options.key, what.options.digest, std::move(what)};
    self->request(peers.idempotency, caf::infinite, std::move(d))
      .then(
        [this, number](request_status& s) {
          if (s.refused)
            return refused(number, *s.refused);
          end(number, std::move(s.response), s.delivery_of, std::move(s.hand), s.id);
        },
        refuse);
  }

  // Under the contract `idempotent` a purchase is known by its terminal, STAN and time: sent again, it is the
  // same one.
  client_options options_of(const codec::message& request) const {
    if (env->settings.client_delivery != "idempotent" || !codec::moves_money(request, env->dialect))
      return {};
    const auto bytes = codec::pack(request, env->dialect);
    const auto key =
      "tcp/" + codec::terminal_of(request) + "/" + std::string(request[11]) + "/" + std::string(request[12]);
    return {delivery::idempotent, env->new_public_id(), key, digest_of(bytes ? *bytes : std::string())};
  }

  void refused(std::uint64_t number, refusal why) {
    log::warning("A message of client {} was refused: {}", peer, to_string(why));
    listening = false;
    end(number, nullptr);
  }

  // `transaction`: the id of the first that asked, where it was asked before.
  void end(std::uint64_t number, message_ptr response, transaction_id delivery_of = 0, in_hand hand = {},
           const std::string& transaction = {}) {
    // Slots are numbered without gaps, so the first one's number tells where this one is.
    if (slots.empty() || number < slots.front().number) {
      // Given up already: nobody is left to tell.
      if (delivery_of != 0)
        caf::anon_send(peers.journal, request_reversal{delivery_of, cause::undelivered});
      return;
    }
    auto& s = slots[number - slots.front().number];
    s.ended = true;
    s.response = std::move(response);
    s.delivery_of = delivery_of;
    s.hand = std::move(hand);
    if (!transaction.empty())
      s.options.public_id = transaction;
    for (; !slots.empty() && slots.front().ended; slots.pop_front())
      if (slots.front().response)
        deliver(std::move(slots.front()));
    close_if_done();
  }

  void deliver(slot s) {
    const auto& response = *s.response;
    // It may have waited behind an earlier answer for long.
    if (s.delivery_of != 0 && s.hand.revoked()) {
      stop_listening("is not shown an approval that is being reversed: " + codec::label(response));
      return;
    }
    if (!link) {
      log::warning("{} for client {} comes when the client is gone", codec::label(response), peer);
      return lose(s);
    }
    log_message(to_peer, response, *env);
    const auto& wire = response.wire();
    const auto bytes = wire.empty() ? codec::pack(response, env->dialect) : codec::result<std::string>(wire);
    if (!bytes) {
      log::error("{} cannot be given to client {}: {}", codec::label(response), peer,
                 codec::to_string(bytes.error()));
      return lose(s);
    }
    // A client that keeps its connection reads it as a stream; others may take what one read gives them for
    // the answer.
    const bool stream = env->settings.client_keep_open;
    link->send(*bytes, s.delivery_of != 0 && stream ? net::ack::soon : net::ack::whenever);
    if (s.delivery_of != 0)
      deliveries.add(s.delivery_of, std::move(s.options), std::move(s.hand), link->sent(), now());
  }

  void lose(const slot& s) {
    if (s.delivery_of != 0)
      deliveries.add_lost(s.delivery_of, s.options);
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
    // What was not sent yet need not be; under a key it may be asked for again.
    for (const auto& s : slots)
      if (!s.ended && s.options.key.empty())
        self->send(peers.dispatcher, withdraw{s.tid, s.id});
    close_if_done();
  }

  void stop_listening(const std::string& why) {
    log::warning("Client {} {}", peer, why);
    listening = false;
    close_if_done();
  }

  void give_up_waiting() {
    log::error("No end of {} messages of client {} within their time", slots.size(), peer);
    listening = false;
    give_back();
    close_if_done();
  }

  // Approvals that wait behind an answer that never came: their client will not get them.
  void give_back() {
    for (const auto& s : std::exchange(slots, {}))
      lose(s);
  }

  void close_if_done() {
    if (!slots.empty())
      return;
    if (!link)
      return leave();
    if (closing_since)
      return;
    // The old way, and still the default: a client that sees the end has got everything.
    const bool served = next_number != 0 && !env->settings.client_keep_open && unread.empty();
    if (listening && !served)
      return;
    listening = false;
    closing_since = now();
    link->close();
  }

  void leave() { self->quit(); }

  directory peers;
  pending_deliveries deliveries;
  lived_clock clock;

  std::string peer, to_peer;  // for the log
  net::bytes unread;          // less than one message
  bool message_begun = false;
  time_point message_begun_at{};
  std::optional<time_point> unknown_end_at;  // of a message that has a field of unknown length
  time_point heard_at{};
  std::deque<slot> slots;  // in the order of the requests
  std::uint64_t next_number = 0;
  bool listening = true;
  std::optional<time_point> closing_since;
};

session_actor::behavior_type session(session_actor::stateful_pointer<session_state> self, environment_ptr env,
                                     net::link_ptr link, directory peers, admission seats) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.link = std::move(link);
  state.learn(peers);
  state.seats.emplace(std::move(seats));
  state.start();
  return {
    [&state](received& r) { state.take(r); },
    [&state](finished_atom) { state.finished(); },
    [&state](const link_down& down) { state.gone(down.why); },
    [&state](tick_atom) { state.tick(); },
    [&state](drain_atom) { state.drain(); },
    [&state](const directory& d) { state.learn(d); },
  };
}

}  // namespace

session_actor spawn_session(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                            directory peers, admission seats) {
  return system.spawn(session, std::move(env), std::move(link), std::move(peers), std::move(seats));
}

}  // namespace actors
