// Remembers deals by id and by Idempotency-Key, for as long as the process lives and 24 hours at most.
//
// However often and however parallel a deal is asked for under one key, it is
// submitted once, and everyone who asked gets the one answer, whatever has
// changed since. A refusal that
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

} // namespace

// The table of deals. No actor in it but the promises to those who wait.
class deals {
public:
  using promise = caf::typed_response_promise<standing>;

  struct record {
    std::string key, digest;
    time_point begun{};
    std::vector<promise> waiting;  // empty once it has ended
    standing now;
  };

  record* find(const std::string& id) {
    const auto it = by_id_.find(id);
    return it == by_id_.end() ? nullptr : &it->second;
  }

  record* find_key(const std::string& key) {
    const auto it = key.empty() ? by_key_.end() : by_key_.find(key);
    return it == by_key_.end() ? nullptr : find(it->second);
  }

  record& add(const deal& d, time_point now) {
    auto& r = by_id_[d.id];
    r.key = d.key;
    r.digest = d.digest;
    r.begun = now;
    r.now.id = d.id;
    in_order_.push_back(d.id);
    if (!d.key.empty())
      by_key_.emplace(d.key, d.id);
    return r;
  }

  // The one end of a deal: everyone who waits hears it.
  void end(record& r, message_ptr response, std::optional<refusal> refused) {
    r.now.response = std::move(response);
    r.now.refused = refused;
    for (auto& p : std::exchange(r.waiting, {}))
      p.deliver(r.now);
    if (refused && !outcome_unknown(*refused))
      by_key_.erase(std::exchange(r.key, {}));
  }

  // The actor that would have heard the end has died.
  void lose_those_under_way() {
    for (auto& [_, r] : by_id_)
      if (!r.waiting.empty())
        end(r, nullptr, refusal::broken);
  }

  void forget_old(time_point now) {
    for (auto left = in_order_.size(); left > 0; --left) {
      const auto it = by_id_.find(in_order_.front());
      const bool waits = !it->second.waiting.empty();
      if (!waits && now - it->second.begun < retention && in_order_.size() <= remembered_max)
        return;
      if (waits) {
        in_order_.push_back(in_order_.front());  // its time comes
      } else {
        by_key_.erase(it->second.key);
        by_id_.erase(it);
      }
      in_order_.pop_front();
    }
  }

private:
  std::unordered_map<std::string, record> by_id_;
  std::unordered_map<std::string, std::string> by_key_;  // to ids
  std::deque<std::string> in_order_;                     // ids, oldest first
};

namespace {

class registry_state {
public:
  static inline const char* name = "registry";

  explicit registry_state(registry_actor::pointer s) : self(s) {}
  ~registry_state() {
    if (remembered)
      remembered->lose_those_under_way();
  }
  registry_state(const registry_state&) = delete;
  registry_state& operator=(const registry_state&) = delete;

  deals::promise take(deal& d) {
    auto p = self->make_response_promise<standing>();
    if (auto* known = remembered->find_key(d.key)) {
      join(*known, d.digest, p);
      return p;
    }
    remembered->add(d, self->clock().now()).waiting.push_back(p);
    self->request(dispatcher, caf::infinite, std::move(d.what))
      .then([this, id = d.id](answer& a) { end(id, std::move(a.response), {}); },
            [this, id = d.id](caf::error& e) { end(id, nullptr, refusal_of(e)); });
    remembered->forget_old(self->clock().now());
    return p;
  }

  standing look_up(const lookup& l) {
    const auto* known = remembered->find(l.id);
    return known ? known->now : standing{};
  }

  deals::promise recall_it(const recall& r) {
    auto p = self->make_response_promise<standing>();
    if (auto* known = remembered->find_key(r.key))
      join(*known, r.digest, p);
    else
      p.deliver(standing{});
    return p;
  }

  registry_actor::pointer self;
  dispatcher_actor dispatcher;
  std::shared_ptr<deals> remembered;

private:
  static void join(deals::record& r, const std::string& digest, deals::promise& p) {
    if (r.digest != digest)
      p.deliver(caf::make_error(refusal::other_content));
    else if (r.waiting.empty())
      p.deliver(r.now);
    else
      r.waiting.push_back(p);
  }

  void end(const std::string& id, message_ptr response, std::optional<refusal> refused) {
    if (auto* known = remembered->find(id))
      remembered->end(*known, std::move(response), refused);
  }
};

registry_actor::behavior_type registry(registry_actor::stateful_pointer<registry_state> self, std::shared_ptr<deals> remembered) {
  with_house_handlers(self);
  auto& state = self->state;
  state.remembered = std::move(remembered);
  self->delayed_send(self, tick_period, tick_atom::value);
  return {
    [&state](deal& d) { return state.take(d); },
    [&state](const lookup& l) { return state.look_up(l); },
    [&state](const recall& r) { return state.recall_it(r); },
    [self, &state](tick_atom) {
      state.remembered->forget_old(self->clock().now());
      self->delayed_send(self, tick_period, tick_atom::value);
    },
    [&state](const directory& d) { state.dispatcher = d.dispatcher; },
  };
}

} // namespace

std::shared_ptr<deals> make_deals() { return std::make_shared<deals>(); }

registry_actor spawn_registry(caf::actor_system& system, std::shared_ptr<deals> remembered) { return system.spawn(registry, std::move(remembered)); }

} // namespace actors
