// One HTTP client: its requests in, its replies out, one after the other.
//
// A request that comes while another is served waits in the reader, so replies
// keep the order of the requests. What a request means is for the router; here
// is only the conversation: keep-alive, slowness, hanging up. Like a raw
// session it outlives its connection until its message has ended.

#include "actors/http/http_session.hpp"

#include "actors/client/client_session.hpp"
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

class http_session_state : public http_conversation {
public:
  static inline const char* name = "http_session";

  explicit http_session_state(session_actor::pointer s) : self(s) {}

  void start(environment_ptr e, http_port_ptr at, net::link_ptr link, const directory& d,
             const http_service_factory& make) {
    env = std::move(e);
    port = std::move(at);
    quiet_since = now();
    log::info("New HTTP socket");
    connection.emplace(self, link, "http:" + link->peer());
    service = make(self, *connection, *this);
    learn(d);
    link->may_give_way(true);
  }

  void take(const received& r) {
    if (connection->link() && !r.frames.empty())
      connection->link()->may_give_way(false);
    service->received();
    if (!connection->is_listening())
      return;
    for (const auto& segment : r.frames)
      reader.feed(segment.content);
    read_out = false;
    if (serving && reader.waiting() > pipelined_max) {
      hang_up("sends requests without waiting for replies");
      return is_streaming ? finish_stream() : void();
    }
    serve();
  }

  // It may still be reading: all that it has asked is served.
  void finished() {
    client_finished = true;
    close_if_done();
  }

  void gone(const std::string& why) {
    log::info("Client {} is gone: {}", peer(), why);
    service->client_gone();
    connection->drop();
    finish_stream();
  }

  void learn(const directory& d) { service->learn(d); }

  void drain() {
    service->drain();
    // Between two requests nobody is harmed; within one the client is told.
    if (!serving && !reader.in_the_middle())
      hang_up("is told that we end");
  }

  void tick() {
    service->tick();
    if (connection->link())
      connection->link()->may_give_way(connection->is_listening() && !serving && !reader.in_the_middle() &&
                                       service->is_done());
    if (connection->is_closed() && service->is_done())
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
  time_point now() const { return self->clock().now(); }
  const std::string& peer() const { return connection->peer(); }

  std::chrono::nanoseconds idle_max() const {
    const auto timeout = port->settings.idle_max;
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
    if (port->client_of && connection->link())
      connection->speak_for(port->client_of(connection->link()->peer(), request.forwarded_for));
    log::info("Client {} sent data ({} {}, {} bytes)", peer(), codec::masked_text(request.method),
              codec::masked_text(request.path), request.body.size());
    serving.emplace(std::move(request));
    serving_since = now();
    is_in_turn = true;
    service->serve(*serving);
    is_in_turn = false;
  }

  void reply(const net::http_reply& r, bool goes_on, const writer& write, const log::subject& of) override {
    const auto request = *std::exchange(serving, {});
    say(r, request, request.keep_alive && goes_on, write, of);
    if (!is_in_turn)
      serve();
    close_if_done();
  }

  void say(net::http_reply reply, const net::http_request& to, bool keep_alive, const writer& write = {},
           const log::subject& of = {}) {
    log_access(reply.status, to, of);
    quiet_since = now();
    if (reply.status >= 400)
      log::warning(of, "Client {} is refused, {}: {}", peer(), reply.status, reason_of(reply));
    const bool stays = keep_alive && connection->is_listening();
    add_date(reply);
    if (stays)
      reply.headers.emplace_back(
        "Keep-Alive",
        "timeout=" + std::to_string(std::chrono::ceil<std::chrono::seconds>(idle_max()).count()));
    const auto bytes = net::write_http_reply(reply, to, stays);
    if (write)
      write(bytes);
    else if (connection->link())
      connection->link()->send(bytes);
    if (!keep_alive) {
      connection->stop_listening();
      close_if_done();
    }
  }

  void add_date(net::http_reply& reply) const {
    reply.headers.emplace_back("Date", net::http_date(env->utc_ms() / 1000));
  }

  // A line for each request; of one that could not be read there is no more than that.
  void log_access(int status, const net::http_request& to, const log::subject& of) const {
    if (!log::shows(log::level::info))
      return;
    const auto shown = [](const std::string& text) { return text.empty() ? "-" : codec::masked_text(text); };
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(
      now() - (to.method.empty() ? begun_at.value_or(now()) : serving_since));
    log::info(of, "{} {} {} {} ms, client {}", shown(to.method), shown(to.path), status, time.count(),
              peer());
  }

  void begin_stream(net::http_reply head) override {
    log_access(head.status, *serving, {});
    is_streaming = true;
    add_date(head);
    if (connection->link())
      connection->link()->send(net::write_http_stream_head(head));
  }

  bool send_more(std::string_view bytes) override {
    if (!is_streaming || !connection->link())
      return false;
    if (connection->link()->unacknowledged() <= stream_unread_max) {
      connection->link()->send(bytes);
      return true;
    }
    log::warning("Client {} does not read what it has asked for, and is hung up on", peer());
    connection->link()->reset();
    connection->drop();
    finish_stream();
    return false;
  }

  void end_stream() override { finish_stream(); }

  void client_lost() override { close_if_done(); }

  // Its end is the connection's.
  void finish_stream() {
    if (std::exchange(is_streaming, false)) {
      serving.reset();
      connection->stop_listening();
    }
    close_if_done();
  }

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
  http_port_ptr port;
  std::optional<client_connection> connection;
  std::unique_ptr<http_service> service;
  net::http_reader reader{{}};
  std::optional<net::http_request> serving;
  bool is_in_turn = false;  // the service is being given a request
  bool is_streaming = false;
  bool client_finished = false;
  bool read_out = true;                // the reader holds no complete request
  std::optional<time_point> begun_at;  // of a request that is not complete
  time_point quiet_since{}, serving_since{};
};

}  // namespace

session_actor spawn_http_session(caf::actor_system& system, environment_ptr env, http_port_ptr port,
                                 net::link_ptr link, directory peers, http_service_factory service) {
  return spawn_client_session<http_session_state>(system, std::move(env), std::move(port), std::move(link),
                                                  std::move(peers), std::move(service));
}

}  // namespace actors
