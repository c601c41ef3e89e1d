// One test client: connects, sends a request, checks the response, waits, and repeats.
//
// Its first request is an echo; with `testPurchases` every second one is a purchase.

#include "actors/emulator/test_client.hpp"

#include <random>

#include "actors/core/default_handlers.hpp"
#include "actors/core/link_messages.hpp"
#include "actors/core/message_log.hpp"
#include "codec/exchange/example.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"

namespace actors {

namespace fields = codec::fields;
namespace log = config::log;
using namespace std::chrono_literals;

namespace {

// By then the gateway in the same process has opened its ports.
constexpr auto first_wait = 1s;

// Longer than a gateway with default settings takes for a response.
constexpr auto answer_timeout = 45s;

// A target that starts at the same time may open its ports later; this is no failure.
constexpr auto target_grace = 10s;

std::string padded(std::size_t number, std::size_t width) {
  auto text = std::to_string(number);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

class test_client_state {
public:
  static inline const char* name = "test_client";

  explicit test_client_state(test_client_actor::pointer s) : self(s) {}
  ~test_client_state() {
    if (dialer)
      dialer->abandon();
  }
  test_client_state(const test_client_state&) = delete;
  test_client_state& operator=(const test_client_state&) = delete;

  void start() {
    random_source.seed(env->seed + number);
    begun_at = now();
    rest(first_wait);
  }

  void connected(link_up& up) {
    link = std::move(up.link);
    request = next_request();
    const auto bytes = codec::pack(request, *dialect);
    if (!bytes)
      return end_round(false, "cannot pack the request: " + codec::to_string(bytes.error()));
    link->send(*bytes);
  }

  void take(const received& r) {
    for (const auto& segment : r.frames)
      unread += segment.content;
    auto front = codec::unpack_front(unread, *dialect);
    if (!front) {
      if (front.error().code != codec::fault_code::truncated)
        end_round(false, "bad answer: " + codec::to_string(front.error()));
      return;
    }
    check(front->value);
  }

  void lost(const std::string& why) {
    if (!busy)
      return;
    const bool never_connected = !link && !succeeded && now() - begun_at < target_grace;
    if (never_connected) {
      // One of them tells it for all, at once.
      if (number == 1 && !std::exchange(has_told, true))
        log::warning("Test clients: {} does not answer ({}); trying again for {} s", dialer->target(), why,
                     target_grace.count());
      else
        log::info("Test client {}: {}; trying again", number, why);
      return rest(1s);
    }
    end_round(false, link ? "connection lost before the answer: " + why : why);
  }

  void tick() {
    if (busy && now() >= answer_due)
      return end_round(false, "no answer in time");
    if (!busy && now() >= next_round)
      ask();
  }

  void drain() {
    draining = true;
    if (!busy)
      self->quit();
  }

  test_client_actor::pointer self;
  environment_ptr env;
  dialect_ptr dialect;
  std::size_t number = 0;
  std::shared_ptr<net::dialer> dialer;
  test_clients_actor owner;

private:
  time_point now() const { return self->clock().now(); }

  void ask() {
    busy = true;
    unread.clear();
    answer_due = now() + answer_timeout;
    dialer->dial(events_to(caf::actor_cast<test_client_actor>(self)));
  }

  codec::message next_request() {
    const auto& d = *dialect;
    const bool buy = env->settings.test_clients.purchases && std::exchange(echo_asked, !echo_asked);
    codec::message given;
    // Echoes of all clients may be told apart by their STAN alone: some hosts pair them without the TID.
    given.set(fields::stan, padded((buy ? ++stan : number) % 1000000, 6));
    given.set(fields::tid, padded(number, 8));
    if (buy) {
      given.set(fields::amount,
                padded(std::uniform_int_distribution<std::size_t>(100, 999)(random_source), 12));
      given.set(fields::merchant, padded(100000 + number, 15));
    }
    return codec::example_of(buy ? d.purchase : d.echo, given, d, env->local_time());
  }

  void check(const codec::message& response) {
    log_message("Test client " + std::to_string(number), {response}, dialect, *env);
    if (response.mti() != dialect->response_mti(request.mti()))
      return end_round(false, "asked " + std::string(request.mti()) + ", got " + std::string(response.mti()));
    if (response[fields::tid] != request[fields::tid])
      return end_round(false, "got the answer of terminal " + std::string(response[fields::tid]));
    if (response[fields::stan] != request[fields::stan])
      return end_round(false, "got the answer to STAN " + std::string(response[fields::stan]));
    end_round(true, {});
  }

  void end_round(bool good, const std::string& why) {
    dialer->abandon();
    link.reset();
    succeeded = succeeded || good;
    if (good)
      log::info("Test client {} got correct response", number);
    else
      log::error("Test failed: client {}: {}", number, why);
    self->send(owner, tested{number, good, why});
    if (draining)
      return self->quit();
    rest(std::chrono::milliseconds(std::uniform_int_distribution<int>(1000, 8000)(random_source)));
  }

  void rest(std::chrono::milliseconds wait) {
    busy = false;
    link.reset();
    next_round = now() + wait;
  }

  net::link_ptr link;
  net::bytes unread;
  codec::message request;
  std::mt19937_64 random_source;
  std::size_t stan = 1;
  bool echo_asked = false;
  bool busy = false;
  bool succeeded = false;
  bool has_told = false;  // that the target does not answer
  bool draining = false;
  time_point begun_at{}, next_round{}, answer_due{};
};

test_client_actor::behavior_type test_client(test_client_actor::stateful_pointer<test_client_state> self,
                                             environment_ptr env, dialect_ptr dialect, std::size_t number,
                                             std::shared_ptr<net::dialer> dialer, test_clients_actor owner) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.dialect = std::move(dialect);
  state.number = number;
  state.dialer = std::move(dialer);
  state.owner = std::move(owner);
  state.start();
  return {
    [&state](link_up& up) { state.connected(up); },
    [&state](const received& r) { state.take(r); },
    [&state](finished_atom) { state.lost("closed by the other side"); },
    [&state](const link_down& down) { state.lost(down.why); },
    [&state](tick_atom) { state.tick(); },
    [&state](drain_atom) { state.drain(); },
  };
}

}  // namespace

test_client_actor spawn_test_client(caf::actor_system& system, environment_ptr env, dialect_ptr dialect,
                                    std::size_t number, std::shared_ptr<net::dialer> dialer,
                                    test_clients_actor owner) {
  return system.spawn(test_client, std::move(env), std::move(dialect), number, std::move(dialer),
                      std::move(owner));
}

}  // namespace actors
