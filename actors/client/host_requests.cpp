// Knows which raw client takes the host's requests for which terminal: the one that has sent a message of it
// last and is still connected. Writes each request to its link once, and never to another client's. It closes
// no connection. Without such a client the request is posted to the operator's server, where there is one.

#include "actors/client/host_requests.hpp"

#include <deque>
#include <map>
#include <unordered_map>

#include "actors/core/default_handlers.hpp"
#include "actors/core/message_log.hpp"
#include "codec/exchange/host_request.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace log = config::log;

namespace {

// A client may send messages of any number of terminals.
constexpr std::size_t clients_max = 100000;
constexpr std::size_t pending_max = 10000;

// Each post is a connection, and takes one of the descriptors that are kept for the gateway itself.
constexpr std::size_t posts_under_way_max = 16;

constexpr std::chrono::seconds look_period{1};

using again_atom = caf::atom_constant<caf::atom("again")>;
using host_requests_self =
  host_requests_actor::extend<caf::reacts_to<posted>, caf::reacts_to<again_atom, std::uint64_t>>;

constexpr std::chrono::seconds pause_between_posts{1};

// The same but for its MTI (0221 repeats 0220) and its time of transmission.
bool is_repeat(const codec::message& again, const codec::message& first) {
  for (const auto& [field, value] : again)
    if (field != codec::fields::mti && field != codec::fields::transmission_time && first[field] != value)
      return false;
  return true;
}

class host_requests_state {
public:
  static inline const char* name = "host_requests";

  explicit host_requests_state(host_requests_self::pointer s) : self(s) {}

  caf::typed_response_promise<answer> pass_on(const host_request& r) {
    auto promise = self->make_response_promise<answer>();
    const auto* taker = client_of(codec::terminal_of(*r.request));
    if (!taker && hook && posts.size() < pending_max) {
      posts.emplace(++last_post, unposted{r, promise, env->new_public_id()});
      post_in_turn(last_post);
      return promise;
    }
    if (!taker || pending.size() >= pending_max) {
      promise.deliver(caf::make_error(refusal::failed_unsent));
      return promise;
    }
    auto& waiting = pending[codec::pairing_key(*r.request, *taker->port->dialect)];
    // Its response could not be told from that of the first.
    if (!waiting.promises.empty() &&
        (waiting.upstream != r.upstream || !is_repeat(*r.request, *waiting.request))) {
      promise.deliver(caf::make_error(refusal::key_in_use));
      return promise;
    }
    // The host repeats what the client has not answered: it has it already, unless it is another one.
    const bool has_it = !waiting.promises.empty() && waiting.link.lock() == taker->link.lock();
    if (!has_it && !give(*r.request, *taker)) {
      pending.erase(codec::pairing_key(*r.request, *taker->port->dialect));
      promise.deliver(caf::make_error(refusal::malformed));
      return promise;
    }
    waiting.link = taker->link;
    waiting.upstream = r.upstream;
    waiting.request = r.request;
    waiting.deadline = std::max(waiting.deadline, r.deadline);
    waiting.promises.push_back(promise);
    return promise;
  }

  void take(const subscribed& s) {
    if (clients.size() < clients_max || clients.contains(s.tid))
      clients[s.tid] = {s.link, s.port};
  }

  // Only the client that has the request may answer it.
  void take_answer(const client_answered& a) {
    const auto found = pending.find(codec::pairing_key(*a.response, *a.port->dialect));
    if (found == pending.end() || found->second.link.lock() != a.link.lock())
      return log::warning("Dropped {} of a client: it answers no request that it has from the host",
                          codec::label(*a.response));
    for (auto& promise : found->second.promises)
      promise.deliver(answer{a.response});
    pending.erase(found);
  }

  void post_in_turn(std::uint64_t number) {
    to_post.push_back(number);
    post_next();
  }

  void take_reply(const posted& reply) {
    --posts_under_way;
    if (const auto found = posts.find(reply.number); found != posts.end() && has_ended(found->second, reply))
      posts.erase(found);
    post_next();
  }

  void tick() {
    std::erase_if(posts, [at = self->clock().now()](const auto& p) { return p.second.what.deadline <= at; });
    std::erase_if(pending, [at = self->clock().now()](const auto& p) { return p.second.deadline <= at; });
    std::erase_if(clients, [](const auto& known) { return known.second.link.expired(); });
    self->delayed_send(self, look_period, tick_atom::value);
  }

  host_requests_self::pointer self;
  environment_ptr env;
  std::shared_ptr<const webhook> hook;

private:
  struct client {
    std::weak_ptr<net::link> link;
    raw_port_ptr port;
  };
  struct unanswered {
    time_point deadline{};
    std::weak_ptr<net::link> link;
    std::string upstream;  ///< the host that asks
    message_ptr request;   ///< what it asks
    std::vector<caf::typed_response_promise<answer>> promises;
  };

  struct unposted {
    host_request what;
    caf::typed_response_promise<answer> promise;
    std::string id;
  };

  const codec::dialect& dialect_of(const unposted& p) const {
    return env->upstreams.dialect_of(p.what.upstream);
  }

  void post_next() {
    for (; posts_under_way < posts_under_way_max && !to_post.empty(); to_post.pop_front())
      if (const auto found = posts.find(to_post.front()); found != posts.end())
        post(found->first, found->second);
  }

  void post(std::uint64_t number, const unposted& p) {
    const auto left = p.what.deadline - self->clock().now();
    if (left <= caf::timespan::zero())
      return;
    ++posts_under_way;
    auto what = post_of(*p.what.request, p.id, *hook, dialect_of(p));
    what.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(left);
    hook->post(std::move(what), [to = caf::actor_cast<host_requests_self>(self), number](net::post_result r) {
      caf::anon_send(to, posted{number, std::move(r)});
    });
  }

  // Answers the host, unless it is to be posted again: what the server may have is not, if it asks for
  // something.
  bool has_ended(unposted& p, const posted& reply) {
    std::string why;
    if (auto m = response_in(reply.reply, *p.what.request, dialect_of(p), why)) {
      p.promise.deliver(answer{std::make_shared<const codec::message>(std::move(*m))});
      return true;
    }
    const bool again = reply.reply.status == 0 &&
                       (!reply.reply.was_sent || codec::is_repeatable(*p.what.request)) &&
                       self->clock().now() + pause_between_posts < p.what.deadline;
    log::warning("{} of the ISO-host, posted to hostRequestUrl, got no response: {}{}",
                 codec::label(*p.what.request), why, again ? "; it is posted again" : "");
    if (again)
      self->delayed_send(self, pause_between_posts, again_atom::value, reply.number);
    else
      p.promise.deliver(caf::make_error(refusal::failed_unknown));
    return !again;
  }

  const client* client_of(const std::string& tid) const {
    const auto found = clients.find(tid);
    return tid.empty() || found == clients.end() || found->second.link.expired() ? nullptr : &found->second;
  }

  // Whether it could be written to the client's link.
  bool give(const codec::message& request, const client& to) {
    const auto link = to.link.lock();
    const auto& wire = request.wire();
    const auto bytes =
      wire.empty() ? codec::pack(request, *to.port->dialect) : codec::result<std::string>(wire);
    if (!link || !bytes || bytes->size() > to.port->framing.content_max)
      return false;
    net::bytes frame;
    net::append_answer(to.port->framing, frame, *bytes, {});
    link->send(frame);
    log_message("ISO host to " + link->peer(), {request}, to.port->dialect, *env);
    return true;
  }

  std::unordered_map<std::string, client> clients;      // by terminal
  std::unordered_map<std::string, unanswered> pending;  // by pairing key
  std::map<std::uint64_t, unposted> posts;
  std::deque<std::uint64_t> to_post;  // of those, also some whose time is up
  std::size_t posts_under_way = 0;
  std::uint64_t last_post = 0;
};

host_requests_self::behavior_type host_requests(
  host_requests_self::stateful_pointer<host_requests_state> self, environment_ptr env,
  std::shared_ptr<const webhook> hook) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.hook = std::move(hook);
  self->delayed_send(self, look_period, tick_atom::value);
  return {
    [&state](const host_request& r) { return state.pass_on(r); },
    [&state](const subscribed& s) { state.take(s); },
    [&state](const client_answered& a) { state.take_answer(a); },
    [&state](tick_atom) { state.tick(); },
    [&state](const posted& p) { state.take_reply(p); },
    [&state](again_atom, std::uint64_t number) { state.post_in_turn(number); },
  };
}

}  // namespace

host_requests_actor spawn_host_requests(caf::actor_system& system, environment_ptr env,
                                        std::shared_ptr<const webhook> hook) {
  return system.spawn(host_requests, std::move(env), std::move(hook));
}

}  // namespace actors
