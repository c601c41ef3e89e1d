// Remembers deals by id and by Idempotency-Key, for as long as the process lives and 24 hours at most.
//
// However often and however parallel a deal is asked for under one key, it is
// submitted once, and everyone who asked gets the one answer. A refusal that
// says "nothing was sent" forgets the key, so that asking again is a new try;
// one that says "outcome unknown" is an answer like any other and stays.

#include "actors/registry.hpp"

#include <deque>
#include <unordered_map>

#include "actors/house_handlers.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

constexpr auto retention = 24h;
constexpr auto tick_period = 60s;

// Deals that are remembered; the oldest that has ended is forgotten first.
constexpr std::size_t remembered_max = 100000;

class registry_state {
public:
  static inline const char* name = "registry";

  using promise = caf::typed_response_promise<standing>;

  explicit registry_state(registry_actor::pointer s) : self(s) {}
  ~registry_state() {
    for (auto& [_, r] : by_id)
      for (auto& p : r.waiting)
        p.deliver(caf::make_error(refusal::broken));
  }
  registry_state(const registry_state&) = delete;
  registry_state& operator=(const registry_state&) = delete;

  promise take(deal& d) {
    auto p = self->make_response_promise<standing>();
    if (const auto known = by_key.find(d.key); !d.key.empty() && known != by_key.end()) {
      join(by_id.at(known->second), d, p);
      return p;
    }
    auto& r = by_id[d.id];
    r.key = d.key;
    r.digest = d.digest;
    r.begun = self->clock().now();
    r.now.id = d.id;
    r.waiting.push_back(p);
    in_order.push_back(d.id);
    if (!d.key.empty())
      by_key.emplace(d.key, d.id);
    submit_it(d);
    forget_old();
    return p;
  }

  standing look_up(const lookup& l) const {
    const auto it = by_id.find(l.id);
    return it == by_id.end() ? standing{} : it->second.now;
  }

  void forget_old() {
    const auto now = self->clock().now();
    while (!in_order.empty()) {
      const auto it = by_id.find(in_order.front());
      const bool gone = it == by_id.end();
      const bool due = !gone && it->second.waiting.empty() && (now - it->second.begun >= retention || in_order.size() > remembered_max);
      if (!gone && !due)
        return;
      if (due)
        forget(it);
      in_order.pop_front();
    }
  }

  registry_actor::pointer self;
  dispatcher_actor dispatcher;

private:
  struct record {
    std::string key, digest;
    time_point begun{};
    std::vector<promise> waiting;  // empty once it has ended
    standing now;
  };
  using records = std::unordered_map<std::string, record>;

  static void join(record& r, const deal& d, promise& p) {
    if (r.digest != d.digest)
      p.deliver(caf::make_error(refusal::other_content));
    else if (r.waiting.empty())
      p.deliver(r.now);
    else
      r.waiting.push_back(p);
  }

  void submit_it(deal& d) {
    self->request(dispatcher, caf::infinite, std::move(d.what))
      .then([this, id = d.id](answer& a) { end(id, std::move(a.response), {}); },
            [this, id = d.id](caf::error& e) { end(id, nullptr, refusal_of(e)); });
  }

  void end(const std::string& id, message_ptr response, std::optional<refusal> refused) {
    const auto it = by_id.find(id);
    if (it == by_id.end())
      return;
    auto& r = it->second;
    r.now.response = std::move(response);
    r.now.refused = refused;
    for (auto& p : std::exchange(r.waiting, {}))
      p.deliver(r.now);
    if (refused && !outcome_unknown(*refused))
      by_key.erase(std::exchange(r.key, {}));
  }

  void forget(records::iterator it) {
    if (!it->second.key.empty())
      by_key.erase(it->second.key);
    by_id.erase(it);
  }

  records by_id;
  std::unordered_map<std::string, std::string> by_key;  // to ids
  std::deque<std::string> in_order;                     // ids, oldest first
};

registry_actor::behavior_type registry(registry_actor::stateful_pointer<registry_state> self) {
  with_house_handlers(self);
  auto& state = self->state;
  self->delayed_send(self, tick_period, tick_atom::value);
  return {
    [&state](deal& d) { return state.take(d); },
    [&state](const lookup& l) { return state.look_up(l); },
    [self, &state](tick_atom) {
      state.forget_old();
      self->delayed_send(self, tick_period, tick_atom::value);
    },
    [&state](const directory& d) { state.dispatcher = d.dispatcher; },
  };
}

} // namespace

registry_actor spawn_registry(caf::actor_system& system) { return system.spawn(registry); }

} // namespace actors
