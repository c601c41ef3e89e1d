// One raw client: its bytes in, its answers out, in the order of its requests.
//
// Messages are cut out of the bytes by their frames, or by reading them where they have none, whatever the
// segments. A bad message, or a refusal, ends the conversation: nothing more is read, what is still
// unanswered is answered, the connection is closed. The session outlives its connection until its last submit
// has ended, and until it knows which approvals the client has: one that it does not have is reversed.

#include "actors/client/session.hpp"

#include <algorithm>
#include <optional>

#include "actors/client/client_session.hpp"
#include "actors/client/confirmations.hpp"
#include "actors/client/delivery.hpp"
#include "actors/client/options_of.hpp"
#include "actors/core/message_log.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/several_messages.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "codec/validate.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

// A client that has begun a message must finish it within `clientTimeout`, by default this.
constexpr std::chrono::milliseconds finish_timeout = 60s;

// A client that says nothing more for so long has finished a message whose length nobody else knows.
constexpr auto unknown_end_pause = 200ms;

// Bytes that are read ahead while a message waits for its seat: enough to see that its client hangs up.
constexpr std::size_t read_ahead_max = 16 * 1024;

// Confirmations of one client that may be on their way at a time.
constexpr std::size_t confirmations_max = 16;

bool has(const std::vector<codec::part_fault>& faults, codec::fault_code code) {
  return std::ranges::any_of(faults, [code](const codec::part_fault& f) { return f.what.code == code; });
}

class session_state : public conversation {
public:
  static inline const char* name = "session";

  explicit session_state(session_actor::pointer s) : self(s) {}

  void start(environment_ptr e, net::link_ptr link, const directory& peers, admission seats,
             raw_port_ptr at) {
    env = std::move(e);
    port = std::move(at);
    heard_at = now();
    connection.emplace(self, link, link->peer());
    delivery.emplace(self, *this, env, *connection, std::move(seats));
    confirmed.emplace(self, *delivery, env, port);
    learn(peers);
    connection->link()->may_give_way(true);
  }

  void take(received& r) {
    heard_at = now();
    if (connection->link())
      connection->link()->may_give_way(false);
    delivery->look();
    for (auto& segment : r.frames) {
      if (!connection->is_listening())
        return;
      log::info("Client {} sent data ({}b)", peer(), segment.content.size());
      unread += segment.content;
      cut();
    }
    if (delivery->is_waiting() && unread.size() >= read_ahead_max && connection->link())
      connection->link()->hold(true);
  }

  // It may still be reading: it gets what it asked for.
  void finished() {
    if (delivery->is_waiting()) {
      client_finished = true;
      return;
    }
    if (connection->is_listening() && unknown_end_at)
      take_unknown_end();
    if (connection->is_listening() && !unread.empty())
      log::warning("Client {} hung up in the middle of a message, after {} bytes", peer(), unread.size());
    connection->stop_listening();
    close_if_done();
  }

  void gone(const std::string& why) {
    log::info("Client {} is gone: {}", peer(), why);
    // Closed in order behind the last answer, or cut off: what its TCP has acknowledged, it has.
    delivery->leave_client();
    client_lost();
  }

  void drain() {
    connection->stop_listening();
    close_if_done();
  }

  void tick() {
    delivery->tick();
    go_on();
    close_if_done();
    const auto unfinished_max = port->settings.idle_max != 0ms ? port->settings.idle_max : finish_timeout;
    if (connection->is_listening() && unknown_end_at && *unknown_end_at <= now())
      take_unknown_end();
    if (connection->is_listening() && message_begun && now() - message_begun_at >= unfinished_max)
      stop_listening("did not finish its message, of which there are " + std::to_string(unread.size()) +
                     " bytes");
    else if (const auto silent_max = silence_allowed(); connection->is_listening() && delivery->is_idle() &&
                                                        silent_max != 0ms && now() - heard_at >= silent_max)
      stop_listening("was silent for " + std::to_string(silent_max.count() / 1000) + " s");
    if (connection->link())
      connection->link()->may_give_way(is_idle());
    if (connection->is_closed() && delivery->is_proven())
      self->quit();
  }

  void learn(const directory& d) {
    parts = d;
    delivery->learn(d);
    confirmed->learn(d);
  }

private:
  time_point now() const { return self->clock().now(); }
  const std::string& peer() const { return connection->peer(); }
  const codec::dialect& dialect() const { return *port->dialect; }
  // A client that gets the host's requests has nothing to say until one comes.
  std::chrono::milliseconds silence_allowed() const {
    return port->settings.idle_max != 0ms || port->settings.takes_host_requests ? port->settings.idle_max
                                                                                : port->settings.silent_max;
  }

  bool is_idle() const {
    return connection->is_listening() && delivery->is_idle() && delivery->is_proven() && unread.empty() &&
           !(port->settings.takes_host_requests && delivery->begun_count() != 0);
  }

  // What has waited for its seat does not any more: what came behind it is read.
  void go_on() {
    if (!has_waited || delivery->is_waiting())
      return;
    has_waited = false;
    if (connection->is_listening())
      cut();
    if (connection->link() && !delivery->is_waiting())
      connection->link()->hold(false);
    if (client_finished && !delivery->is_waiting())
      finished();
  }

  void cut() {
    if (port->framing.find)
      cut_frames();
    else
      cut_messages();
    has_waited = delivery->is_waiting();
  }

  void cut_messages() {
    while (connection->is_listening() && !unread.empty() && !delivery->is_waiting()) {
      auto front = codec::unpack_front(unread, dialect());
      if (!front) {
        if (front.error().code == codec::fault_code::unknown_field &&
            port->settings.on_unknown == config::unknown_fields::forward)
          return wait_for_unknown_end();
        if (front.error().code != codec::fault_code::truncated)
          return stop_listening("sent a bad message: " + codec::to_string(front.error()));
        return begin_message();
      }
      unread.erase(0, front->size);
      message_begun = false;
      admit(std::make_shared<const codec::message>(std::move(front->value)));
    }
  }

  void begin_message() {
    if (!std::exchange(message_begun, true))
      message_begun_at = now();
  }

  void cut_frames() {
    while (connection->is_listening() && !unread.empty() && !delivery->is_waiting()) {
      const auto next = port->framing.find(unread);
      if (next.is == net::cut::kind::more_needed)
        return begin_message();
      if (next.is == net::cut::kind::bad) {
        count_dropped(net::frame::kind::bad);
        return stop_listening("sent what is no frame: " + next.why);
      }
      const auto frame = unread.substr(0, next.next);
      unread.erase(0, next.next);
      message_begun = false;
      if (next.is == net::cut::kind::keep_alive) {
        if (port->framing.answers_keep_alive)
          connection->link()->send(frame);
      } else if (next.is == net::cut::kind::refused) {
        log::warning("Client {} sent a frame that is dropped: {}", peer(), next.why);
        count_dropped(net::frame::kind::refused);
      } else {
        take_content(std::string_view(frame).substr(next.begin, next.end - next.begin),
                     {frame.substr(0, next.begin)});
      }
    }
  }

  // Its frame says where it ends, also where a field is unknown.
  void take_content(std::string_view content, net::frame_context context) {
    if (auto whole = codec::unpack(content, dialect()))
      admit(std::make_shared<const codec::message>(std::move(*whole)), std::move(context));
    else if (port->settings.on_unknown == config::unknown_fields::refuse)
      stop_listening("sent a bad message: " + codec::to_string(whole.error()));
    else
      take_part(content, std::move(context));
  }

  // A frame that can be read in part; none with a second message, which the host alone would read.
  void take_part(std::string_view content, net::frame_context context) {
    using enum codec::fault_code;
    auto part = codec::unpack_what_can_be_read(content, dialect());
    const auto fault = codec::to_string(codec::unpack(content, dialect()).error());
    if (!part || part->faults.size() != 1 ||
        (part->faults.front().code != unknown_field && part->faults.front().code != trailing))
      return stop_listening("sent a bad message: " + fault);
    if (const auto at = codec::other_message_in(content, dialect()))
      return stop_listening("sent a bad message: " + fault + ", and another message begins at byte " +
                            std::to_string(*at));
    // A mandatory field may lie behind the unknown one, so the message cannot be judged.
    if (has(codec::validate(part->value, dialect(), env->local_time()), missing))
      return stop_listening("sent a bad message: " + fault);
    env->unread->tell(now(), "A client's message goes on as it came, though not all of it can be read: ",
                      part->faults.front());
    admit(std::make_shared<const codec::message>(std::move(part->value)), std::move(context));
  }

  void count_dropped(net::frame::kind why) {
    if (parts.stats)
      self->send(parts.stats, frame_dropped{why});
  }

  // Where a message ends that has a field of unknown length, only its client knows: at the end of what it
  // says at a time, when the fields in front of that one have come.
  void wait_for_unknown_end() {
    begin_message();
    const auto part = codec::unpack_what_can_be_read(unread, dialect());
    if (part && !part->faults.empty() && part->faults.back().code == codec::fault_code::truncated)
      return;
    unknown_end_at = now() + unknown_end_pause;
    self->delayed_send(self, unknown_end_pause, tick_atom::value);
  }

  void take_unknown_end() {
    unknown_end_at.reset();
    message_begun = false;
    take_part(std::exchange(unread, {}), {});
  }

  void admit(message_ptr request, net::frame_context context = {}) {
    const bool takes_requests = port->settings.takes_host_requests && parts.host_requests;
    if (takes_requests && codec::is_response(request->mti())) {
      log_message(peer(), {*request}, port->dialect, *env);
      return self->send(parts.host_requests, client_answered{std::move(request), connection->link(), port});
    }
    auto faults = codec::validate(*request, dialect(), env->local_time());
    const bool confirms = confirmed->is_one(*request);
    const auto id = env->next_transaction();
    auto options = faults.empty() && !confirms ? options_of(*request, dialect(), *env) : client_options{};
    log_message(peer(), {*request, id, options.public_id}, port->dialect, *env,
                has(faults, codec::fault_code::expired));
    if (confirms)  // it moves no money, and repeats an earlier time
      std::erase_if(faults, [](const auto& f) {
        return f.what.code == codec::fault_code::not_reversible || f.what.code == codec::fault_code::expired;
      });
    if (!faults.empty()) {
      std::string text;
      for (const auto& f : faults)
        text += (text.empty() ? "" : "; ") + codec::to_string(f);
      log::warning(about{*request, id}, "Client {} sent a message that is refused: {}", peer(), text);
      return stop_listening();
    }
    if (takes_requests)
      self->send(parts.host_requests, subscribed{codec::terminal_of(*request), connection->link(), port});
    if (confirms && delivery->count() >= confirmations_max)
      return stop_listening("confirms more than can be on its way at a time");
    auto& m = delivery->begin(delivery->timeout());
    m.frame = std::move(context);
    if (confirms)
      return confirmed->take(m.number, std::move(request));
    confirmed->take_request(request);
    m.options = std::move(options);
    delivery->submit_message(m, std::move(request), id);
  }

  // A refusal ends the conversation; those before it are still answered.
  void refused() override { connection->stop_listening(); }

  void answer(client_message&& m) override {
    if (m.response && connection->link())
      write(m);
    else if (m.response)
      delivery->lose(m);
    else if (m.refused)
      connection->stop_listening();
    close_if_done();
  }

  void write(client_message& m) {
    const auto& response = *m.response;
    const auto& wire = response.wire();
    const auto bytes = wire.empty() ? codec::pack(response, dialect()) : codec::result<std::string>(wire);
    if (!bytes) {
      log::error(about{response, m.id, m.options.public_id}, "{} cannot be given to client {}: {}",
                 codec::label(response), peer(), codec::to_string(bytes.error()));
      return hang_up_on(m);
    }
    if (bytes->size() > port->framing.content_max) {
      log::error(about{response, m.id, m.options.public_id},
                 "{} cannot be given to client {}: it has {} bytes, a frame can have {}",
                 codec::label(response), peer(), bytes->size(), port->framing.content_max);
      return hang_up_on(m);
    }
    net::bytes frame;
    net::append_answer(port->framing, frame, *bytes, m.frame);
    // Without a frame the message ends where it can be read, whatever its bank sends behind it.
    const auto end = frame.size() - (port->framing.append ? 0 : codec::size_behind_message(wire, dialect()));
    // A client that keeps its connection reads a stream; another may take one read for the whole answer.
    const auto when = port->settings.keep_open ? net::ack::soon : net::ack::whenever;
    delivery->write(std::string_view(frame).substr(0, end), m, when, std::string_view(frame).substr(end));
  }

  // A client that keeps its connection would wait for this answer for ever.
  void hang_up_on(const client_message& m) {
    delivery->lose(m);
    connection->stop_listening();
  }

  void client_lost() override { close_if_done(); }

  void give_up_waiting() override {
    connection->stop_listening();
    delivery->give_back();
    close_if_done();
  }

  void stop_listening(const std::string& why) {
    log::warning("Client {} {}", peer(), why);
    stop_listening();
  }

  void stop_listening() {
    connection->stop_listening();
    close_if_done();
  }

  void close_if_done() {
    if (!delivery->is_idle())
      return;
    if (!connection->link())
      return self->quit();
    // The old way, and still the default: a client that sees the end has got everything.
    const bool served = delivery->begun_count() != 0 && !port->settings.keep_open && unread.empty();
    if (!connection->is_listening() || served)
      connection->close();
  }

  session_actor::pointer self;
  environment_ptr env;
  raw_port_ptr port;
  directory parts;
  std::optional<client_connection> connection;
  std::optional<client_delivery> delivery;
  std::optional<confirmations> confirmed;

  net::bytes unread;  // less than one message
  bool message_begun = false;
  bool has_waited = false;       // for a seat, and what came behind is not cut yet
  bool client_finished = false;  // meanwhile
  time_point message_begun_at{};
  std::optional<time_point> unknown_end_at;  // of a message that has a field of unknown length
  time_point heard_at{};
};

}  // namespace

session_actor spawn_session(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                            directory peers, admission seats, raw_port_ptr port) {
  return spawn_client_session<session_state>(system, std::move(env), std::move(link), std::move(peers),
                                             std::move(seats), std::move(port));
}

}  // namespace actors
