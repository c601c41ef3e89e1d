// Sends each request over a link of its group, and starts, watches and restarts the links.
//
// A link refuses what it cannot send; as no byte of that was sent, it goes to the next link, or waits here
// until its deadline. What a link may have sent is never sent over another one: a lost link ends it as of
// unknown outcome, and its reversal comes as a request of its own.

#include "actors/upstream/link_groups.hpp"

#include <deque>
#include <map>

#include "actors/core/default_handlers.hpp"
#include "actors/core/supervisor.hpp"
#include "actors/upstream/link_choice.hpp"
#include "actors/upstream/upstream.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

// The precision of deadlines.
constexpr auto check_period = 100ms;

class link_groups_state {
public:
  static inline const char* name = "link_groups";

  explicit link_groups_state(changing_links_actor::pointer s)
    : self(s), children([s](const caf::actor& a) { s->monitor(a); }) {}
  ~link_groups_state() {
    for (auto& [_, g] : groups)
      for (auto& r : g.waiting)
        r.promise.deliver(caf::make_error(refusal::failed_unsent));
    for (auto& [_, r] : under_way)
      r.promise.deliver(caf::make_error(refusal::host_lost));
    for (const auto& c : children.children())
      if (c.handle)
        caf::anon_send_exit(c.handle, caf::exit_reason::kill);
    for (const auto& l : ending)
      caf::anon_send_exit(l.handle, caf::exit_reason::kill);
  }
  link_groups_state(const link_groups_state&) = delete;
  link_groups_state& operator=(const link_groups_state&) = delete;

  void start(environment_ptr e, std::shared_ptr<dialed_links> links) {
    env = std::move(e);
    for (const auto& u : env->upstreams.all()) {
      auto& g = groups[u->name];
      g.of = u;
      g.choice = link_choice(u->group.order, u->group.back);
    }
    dialed = std::move(links);
    for (const auto& l : *dialed)
      add(l);
    self->delayed_send(self, check_period, tick_atom::value);
  }

  caf::typed_response_promise<answer> accept(submit& s) {
    auto promise = self->make_response_promise<answer>();
    auto& g = groups.at(s.upstream);
    give(g, {std::move(s), promise});
    return promise;
  }

  // The client has disconnected, so a request of which no byte was sent need not be.
  void withdraw_submit(const withdraw& w) {
    const auto is_meant = [&w](const request& r) { return r.what.id == w.id; };
    for (auto& [_, g] : groups)
      if (const auto it = std::ranges::find_if(g.waiting, is_meant); it != g.waiting.end()) {
        it->promise.deliver(caf::make_error(refusal::withdrawn));
        g.waiting.erase(it);
        return;
      }
    for (const auto& [_, r] : under_way)
      if (is_meant(r))
        self->send(r.via, w);
  }

  void learn_state(const link_state& s) {
    // One of its name may be ending.
    if (const auto it = handles.find(s.link);
        it == handles.end() ||
        it->second.address() != caf::actor_cast<caf::actor_addr>(self->current_sender()))
      return;
    for (auto& [_, g] : groups)
      g.choice.learn(s, now());
    tell_status();
    give_waiting();
  }

  void tick() {
    for (auto& [_, g] : groups)
      std::erase_if(g.waiting, [at = now()](request& r) {
        if (r.what.deadline > at)
          return false;
        r.promise.deliver(caf::make_error(refusal::host_down));
        return true;
      });
    give_waiting();
    end_what_is_done();
    self->delayed_send(self, check_period, tick_atom::value);
  }

  // The configuration was read again.
  void change(const dialed_links& links) {
    const auto before = std::exchange(*dialed, {});
    for (const auto& l : links) {
      const auto was = std::ranges::find(before, l.link->name, [](const auto& b) { return b.link->name; });
      dialed->push_back(l.dialer || was == before.end() ? l : *was);
    }
    for (const auto& b : before) {
      const auto is = std::ranges::find(links, b.link->name, [](const auto& l) { return l.link->name; });
      if (is == links.end() || is->dialer)
        end(b);
    }
    for (const auto& l : *dialed)
      if (!children.has(l.link->name)) {
        log::notice("The link {} is dialed now", l.link->name);
        add(l);
        send_to_link(l.link->name, peers);
      }
    std::vector<std::string> order;
    for (const auto& l : *dialed)
      order.push_back(l.link->name);
    for (auto& [_, g] : groups)
      g.choice.arrange(order);
    tell_status();
    end_what_is_done();
  }

  void take_directory(const directory& d) {
    peers = d;
    for (const auto& [link, _] : handles)
      send_to_link(link, peers);
    for (auto& [_, g] : groups)
      g.told.reset();
    tell_status();
  }

  void on_child_down(const caf::down_msg& down) {
    const auto failure = children.child_failed(down.source, now());
    if (!failure)
      return;
    handles.erase(failure->name);
    for (auto& [_, g] : groups)
      g.choice.lose(failure->name, now());
    tell_status();
    if (!failure->wait) {
      log::error("The link {} has failed too often", failure->name);
      return self->quit(caf::sec::runtime_error);
    }
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(*failure->wait);
    log::error("The link {} has failed and is started again in {} ms", failure->name, wait.count());
    self->delayed_send(self, *failure->wait, tick_atom::value, failure->name);
  }

  void restart(const std::string& link) {
    children.restart(link);
    send_to_link(link, peers);
  }

  caf::typed_response_promise<drain_atom> drain() {
    auto promise = self->make_response_promise<drain_atom>();
    const auto left = std::make_shared<std::size_t>(handles.size());
    auto one_less = [promise, left]() mutable {
      if (--*left == 0)
        promise.deliver(drain_atom::value);
    };
    for (const auto& [_, link] : handles)
      self->request(link, caf::infinite, drain_atom::value)
        .then([one_less](drain_atom) mutable { one_less(); },
              [one_less](caf::error&) mutable { one_less(); });
    if (*left == 0)
      promise.deliver(drain_atom::value);
    return promise;
  }

  std::vector<caf::actor> list_children() const {
    std::vector<caf::actor> all;
    for (const auto& [_, link] : handles)
      all.push_back(caf::actor_cast<caf::actor>(link));
    return all;
  }

private:
  struct request {
    submit what;
    caf::typed_response_promise<answer> promise;
    upstream_actor via = {};
    std::string link = {};    // its name
    std::size_t refused = 0;  // by links, one after the other
  };

  struct group {
    upstream_ptr of;
    link_choice choice;
    std::deque<request> waiting;  // for a link; no byte of them was sent
    std::string last_link;
    std::optional<std::pair<bool, bool>> told;  // whether transactions, and reversals, can be sent
  };

  struct ending_link {
    std::string name;
    upstream_actor handle;
    bool is_told = false;
  };

  time_point now() const { return self->clock().now(); }

  void add(const dialed_link& l) {
    groups.at(l.group).choice.add(l.link->name);
    children.keep(l.link->name, [this, l] {
      auto link = spawn_upstream(self->system(), env, l.link, l.dialer,
                                 {groups.at(l.group).of, caf::actor_cast<link_groups_actor>(self)});
      handles[l.link->name] = link;
      return caf::actor_cast<caf::actor>(link);
    });
  }

  // It gets nothing new.
  void end(const dialed_link& l) {
    const auto& link = l.link->name;
    log::notice("The link {} gets nothing new and ends when nothing is under way on it", link);
    groups.at(l.group).choice.remove(link);
    children.release(link);
    if (const auto it = handles.find(link); it != handles.end()) {
      ending.push_back({link, it->second});
      handles.erase(it);
    }
  }

  void end_what_is_done() {
    for (auto& l : ending) {
      const auto is_its = [&l](const auto& r) { return r.second.via == l.handle; };
      if (l.is_told || std::ranges::any_of(under_way, is_its))
        continue;
      l.is_told = true;
      const auto stop = [this, handle = l.handle, link = l.name] {
        log::notice("The link {} has ended", link);
        caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
        std::erase_if(ending, [&handle](const ending_link& e) { return e.handle == handle; });
        self->send(peers.stats, host_report{{}, link, false, {}, true});
      };
      self->request(l.handle, caf::infinite, drain_atom::value)
        .then([stop](drain_atom) { stop(); }, [stop](caf::error&) { stop(); });
    }
  }

  template <class Message>
  void send_to_link(const std::string& link, const Message& m) {
    if (const auto it = handles.find(link); it != handles.end())
      self->send(it->second, m);
  }

  void give(group& g, request r) {
    const auto link = g.choice.next(now());
    if (r.what.deadline <= now() || (!link && (r.what.reverses != 0 || g.choice.is_refused())))
      return refuse(r, refusal::host_down);
    // A link says what it can do before it refuses; that it refuses all the same must not make a loop.
    if (!link || r.refused > handles.size())
      return g.waiting.push_back(std::move(r));
    if (*link != g.last_link && g.of->group.order == config::link_order::first)
      log::notice("Requests{} go over the link {}", g.of->name.empty() ? "" : " of group " + g.of->name,
                  *link);
    g.last_link = r.link = *link;
    r.via = handles.at(*link);
    g.choice.sent(*link);
    const auto number = next_number++;
    const auto it = under_way.emplace(number, std::move(r)).first;
    self->request(it->second.via, caf::infinite, it->second.what)
      .then([this, number](answer& a) { take(number).promise.deliver(std::move(a)); },
            [this, number](caf::error& why) { take_refusal(take(number), why); });
  }

  static void refuse(request& r, refusal why) { r.promise.deliver(caf::make_error(why)); }

  request take(std::uint64_t number) {
    auto r = std::move(under_way.extract(number).mapped());
    if (const auto it = handles.find(r.link); it != handles.end() && it->second == r.via)
      groups.at(r.what.upstream).choice.ended(r.link);
    return r;
  }

  void take_refusal(request r, const caf::error& why) {
    if (const auto is = refusal_of(why); is != refusal::host_down) {
      r.promise.deliver(error_of(is, detail_of(why)));
      return;
    }
    ++r.refused;
    auto& g = groups.at(r.what.upstream);
    give(g, std::move(r));
  }

  void give_waiting() {
    for (auto& [_, g] : groups)
      for (auto left = g.waiting.size(); left > 0 && (g.choice.is_up() || g.choice.is_refused()); --left) {
        auto r = std::move(g.waiting.front());
        g.waiting.pop_front();
        r.refused = 0;
        give(g, std::move(r));
      }
  }

  // Transactions wait in their terminal's queue, reversals in the supervisor. What a host that has signed off
  // refuses comes here to be refused.
  void tell_status() {
    for (auto& [upstream, g] : groups) {
      const std::pair status(g.choice.is_up() || g.choice.is_refused(), g.choice.is_up());
      if (g.told == status)
        continue;
      g.told = status;
      if (peers.dispatcher)
        self->send(peers.dispatcher, link_status{status.first, upstream});
      if (peers.reversals)
        self->send(peers.reversals, link_status{status.second, upstream});
    }
  }

  changing_links_actor::pointer self;
  environment_ptr env;
  directory peers;
  supervisor children;
  std::map<std::string, group> groups;  // by upstream
  std::shared_ptr<dialed_links> dialed;
  std::map<std::string, upstream_actor> handles;
  std::vector<ending_link> ending;
  std::map<std::uint64_t, request> under_way;
  std::uint64_t next_number = 0;
};

changing_links_actor::behavior_type link_groups(
  changing_links_actor::stateful_pointer<link_groups_state> self, environment_ptr env,
  std::shared_ptr<dialed_links> links) {
  with_default_handlers(self);
  auto& state = self->state;
  self->set_down_handler([&state](const caf::down_msg& down) { state.on_child_down(down); });
  state.start(std::move(env), std::move(links));
  return {
    [&state](submit& s) { return state.accept(s); },
    [&state](const withdraw& w) { state.withdraw_submit(w); },
    [&state](drain_atom) { return state.drain(); },
    [&state](const directory& d) { state.take_directory(d); },
    [&state](const link_state& s) { state.learn_state(s); },
    [&state](const set_links& s) { state.change(s.links); },
    [&state](tick_atom) { state.tick(); },
    [&state](tick_atom, const std::string& link) { state.restart(link); },
    [&state](children_atom) { return state.list_children(); },
  };
}

}  // namespace

changing_links_actor spawn_link_groups(caf::actor_system& system, environment_ptr env,
                                       std::shared_ptr<dialed_links> links) {
  return system.spawn(link_groups, std::move(env), std::move(links));
}

}  // namespace actors
