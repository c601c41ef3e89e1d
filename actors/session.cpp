// One raw client: its bytes in, its answers out, in the order of its requests.
//
// Messages are cut out of the bytes by reading them, whatever the segments. A
// bad one, or a refusal, ends the conversation: nothing more is read, what is
// still unanswered is answered, the connection is closed. The session outlives
// its connection until its last submit has ended.

#include "actors/session.hpp"

#include <algorithm>
#include <deque>

#include "actors/house_handlers.hpp"
#include "actors/link_messages.hpp"
#include "actors/message_log.hpp"
#include "actors/patience.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "codec/validate.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

// A client that has begun a message must finish it within `clientTimeout`, by default this.
constexpr auto finish_patience = 60s;

class session_state {
public:
  static inline const char* name = "session";

  explicit session_state(visitor_actor::pointer s) : self(s) {}

  void start() {
    heard_at = now();
    log::info("Client {} connected", link->peer());
    peer = link->peer();
    to_peer = "ISO host to " + peer;
    link->open(events_to(caf::actor_cast<visitor_actor>(self)));
  }

  void take(received& r) {
    heard_at = now();
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
    if (listening && !unread.empty())
      log::warning("Client {} hung up in the middle of a message, after {} bytes", peer, unread.size());
    listening = false;
    close_if_done();
  }

  void gone(const std::string& why) {
    log::info("Client {} is gone: {}", peer, why);
    link.reset();
    listening = false;
    close_if_done();
  }

  void drain() {
    listening = false;
    close_if_done();
  }

  void tick() {
    const auto timeout = env->settings.client_timeout;
    const auto unfinished_max = timeout != 0ms ? std::chrono::nanoseconds(timeout) : std::chrono::nanoseconds(finish_patience);
    if (listening && !unread.empty() && now() - message_begun_at >= unfinished_max)
      stop_listening("did not finish its message, of which there are " + std::to_string(unread.size()) + " bytes");
    else if (listening && slots.empty() && timeout != 0ms && now() - heard_at >= timeout)
      stop_listening("was silent for " + std::to_string(timeout.count() / 1000) + " s");
    if (!slots.empty() && now() >= slots.back().deadline + last_patience)
      give_up_waiting();
    if (closing_since && now() - *closing_since >= goodbye_patience)
      leave();
  }

  visitor_actor::pointer self;
  environment_ptr env;
  net::link_ptr link;  // none once the client is gone
  dispatcher_actor dispatcher;
  std::optional<admission> seats;

private:
  // A message that was taken; answered or refused when `ended`.
  struct slot {
    std::uint64_t number;
    time_point deadline;
    admission::seat seat;
    bool ended = false;
    message_ptr response = nullptr;  // none where it was refused
  };

  time_point now() const { return self->clock().now(); }

  void cut_messages() {
    while (listening && !unread.empty()) {
      auto front = codec::unpack_front(unread, env->dialect);
      if (!front) {
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

  void admit(message_ptr request) {
    const auto faults = codec::validate(*request, env->dialect, env->settings.queue_message_key_fields, env->local_time());
    log_message(peer, *request, *env, std::ranges::find(faults, codec::fault_code::expired, &codec::fault::code) != faults.end());
    if (!faults.empty()) {
      std::string text;
      for (const auto& f : faults)
        text += (text.empty() ? "" : "; ") + codec::to_string(f);
      return stop_listening("sent a message that is refused: " + text);
    }
    auto seat = seats->enter();
    if (!seat)
      return stop_listening("is refused: the queue is full, maxQueue is " + std::to_string(env->settings.max_queue));
    const auto deadline = now() + env->settings.queue_timeout;
    const auto number = next_number++;
    slots.push_back({number, deadline, std::move(seat)});
    self->request(dispatcher, caf::infinite, submit{std::move(request), deadline})
      .then([this, number](answer& a) { end(number, std::move(a.response)); },
            [this, number](caf::error& e) {
              log::warning("A message of client {} was refused: {}", peer, to_string(refusal_of(e)));
              refused(number);
            });
  }

  void refused(std::uint64_t number) {
    listening = false;
    end(number, nullptr);
  }

  void end(std::uint64_t number, message_ptr response) {
    // Slots are numbered without gaps, so the first one's number tells where this one is.
    if (slots.empty() || number < slots.front().number)
      return;
    auto& s = slots[number - slots.front().number];
    s.ended = true;
    s.response = std::move(response);
    for (; !slots.empty() && slots.front().ended; slots.pop_front())
      if (slots.front().response)
        deliver(*slots.front().response);
    close_if_done();
  }

  void deliver(const codec::message& response) {
    if (!link) {
      log::warning("{} for client {} comes when the client is gone", codec::label(response), peer);
      return;
    }
    log_message(to_peer, response, *env);
    const auto bytes = codec::pack(response, env->dialect);
    if (!bytes) {
      log::error("{} cannot be given to client {}: {}", codec::label(response), peer, codec::to_string(bytes.error()));
      return;
    }
    link->send(*bytes);
  }

  void stop_listening(const std::string& why) {
    log::warning("Client {} {}", peer, why);
    listening = false;
    close_if_done();
  }

  void give_up_waiting() {
    log::error("No end of {} messages of client {} within their time", slots.size(), peer);
    listening = false;
    slots.clear();
    close_if_done();
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

  std::string peer, to_peer;  // for the log
  net::bytes unread;                      // less than one message
  bool message_begun = false;
  time_point message_begun_at{};
  time_point heard_at{};
  std::deque<slot> slots;                 // in the order of the requests
  std::uint64_t next_number = 0;
  bool listening = true;
  std::optional<time_point> closing_since;
};

visitor_actor::behavior_type session(visitor_actor::stateful_pointer<session_state> self, environment_ptr env, net::link_ptr link,
                                     directory offices, admission seats) {
  with_house_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.link = std::move(link);
  state.dispatcher = std::move(offices.dispatcher);
  state.seats.emplace(std::move(seats));
  state.start();
  return {
    [&state](received& r) { state.take(r); },
    [&state](finished_atom) { state.finished(); },
    [&state](const link_down& down) { state.gone(down.why); },
    [&state](tick_atom) { state.tick(); },
    [&state](drain_atom) { state.drain(); },
    [&state](const directory& d) { state.dispatcher = d.dispatcher; },
  };
}

} // namespace

visitor_actor spawn_session(caf::actor_system& system, environment_ptr env, net::link_ptr link, directory offices, admission seats) {
  return system.spawn(session, std::move(env), std::move(link), std::move(offices), std::move(seats));
}

} // namespace actors
