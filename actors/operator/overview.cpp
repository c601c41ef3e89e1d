// Collects what is seen of the gateway from outside: it asks the other parts, and keeps their answers for
// half a second, so that they are asked at most twice a second, by however many programs it is asked.
//
// Each kind of view is collected alone and only when it is asked for. The queues of terminals are read where
// they are (core/busy_terminals). No other part waits for this one, and it changes nothing.

#include "actors/operator/overview.hpp"

#include <algorithm>
#include <set>

#include "actors/core/default_handlers.hpp"
#include "actors/operator/readiness.hpp"
#include "actors/transaction/operator_decision.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/latin1.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

// How old an answer may be.
constexpr auto fresh_max = 500ms;

std::int64_t in_milliseconds(caf::timespan t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t).count();
}

std::string shown(std::string_view text) { return codec::utf8_of_latin1(codec::masked_text(text)); }

// What waits in an actor's mailbox. All actors share this thread, so none reads its mailbox now. The size of
// one that is blocked must not be asked for: that would unblock it.
std::uint64_t mailbox_of(const caf::actor& a) {
  auto* const of = dynamic_cast<caf::scheduled_actor*>(caf::actor_cast<caf::abstract_actor*>(a));
  if (!of || of->mailbox().closed() || of->mailbox().blocked())
    return 0;
  return of->mailbox().size();
}

inspection::open_case case_of(const transaction& t, const environment& env, std::int64_t now) {
  const auto& d = env.upstreams.dialect_of(t.upstream);
  const auto& m = *t.request;
  const auto text = [&](int number, std::string_view value) {
    const auto* spec = d.find(number);
    return codec::utf8_of_latin1(spec ? codec::shown(value, *spec) : "");
  };
  const auto field = [&](int number) { return text(number, m[number]); };
  inspection::open_case c;
  c.id = t.id;
  c.state = listed_state(t.state);
  c.group = t.upstream;
  c.mti = shown(m.mti());
  c.tid = field(codec::fields::tid);
  c.stan = field(codec::fields::stan);
  c.amount = text(codec::fields::amount, amount_of(t));
  c.currency = field(codec::fields::currency);
  c.age_s = now - t.begun;
  c.attempts = t.attempts;
  c.code = shown(t.code);
  c.meaning = d.meaning_of(t.code);
  c.why = codec::masked_text(t.why);
  return c;
}

inspection::summary summary_of(const stats_view& v) {
  const auto& s = v.status;
  inspection::summary all;
  for (const auto& p : problems_of(s))
    all.problems.push_back(p.part + ": " + p.detail);
  all.ready = all.problems.empty();
  all.numbers = v.numbers;
  all.links = v.links.all;
  for (auto& l : all.links)
    l.history.clear();
  all.needs_operator = s.journal.parked;
  all.reversing = s.journal.reversing;
  all.unconfirmed = s.journal.unconfirmed;
  all.oldest_reversal_s = s.journal.oldest_reversal.count();
  all.blocked_terminals = s.journal.blocked_terminals;
  all.remembered = s.journal.remembered;
  all.journal_has_room = s.journal.has_room;
  return all;
}

class overview_state {
public:
  static inline const char* name = "overview";

  explicit overview_state(overview_actor::pointer s) : self(s) {}

  caf::typed_response_promise<inspection::summary> summary() {
    return give<inspection::summary>(seen, &overview_state::look, [this] { return summary_of(stats_seen); });
  }
  caf::typed_response_promise<inspection::stats> numbers() {
    return give<inspection::stats>(seen, &overview_state::look, [this] { return stats_seen.numbers; });
  }
  caf::typed_response_promise<inspection::links> links() {
    return give<inspection::links>(seen, &overview_state::look, [this] { return stats_seen.links; });
  }
  caf::typed_response_promise<inspection::terminals> terminals() {
    return give<inspection::terminals>(queues, &overview_state::look_at_terminals,
                                       [this] { return terminals_seen; });
  }
  caf::typed_response_promise<inspection::pending> pending() {
    return give<inspection::pending>(cases, &overview_state::ask_journal, [this] { return pending_seen; });
  }
  caf::typed_response_promise<inspection::parts> parts() {
    return give<inspection::parts>(children, &overview_state::ask_gateway, [this] { return parts_seen; });
  }
  caf::typed_response_promise<inspection::transactions> transactions(std::uint64_t most) {
    return give<inspection::transactions>(ended, &overview_state::ask_for_last, [this, most] {
      inspection::transactions some;
      const auto count = std::min<std::uint64_t>(most, last_seen.all.size());
      some.all.assign(last_seen.all.begin(), last_seen.all.begin() + static_cast<std::ptrdiff_t>(count));
      some.kept = some.fitting = last_seen.all.size();
      return some;
    });
  }

  overview_actor::pointer self;
  environment_ptr env;
  directory peers;

private:
  // One kind of view: when it was collected, and what is done when that has ended.
  struct view {
    std::optional<time_point> tried;
    bool is_known = false;
    bool is_being_collected = false;
    std::vector<std::function<void()>> waiting;
  };

  time_point now() const { return self->clock().now(); }

  template <class View, class Make>
  caf::typed_response_promise<View> give(view& v, void (overview_state::*collect)(), Make make) {
    auto promise = self->make_response_promise<View>();
    auto reply = [&v, promise, make]() mutable {
      if (v.is_known)
        promise.deliver(make());
      else
        promise.deliver(caf::make_error(caf::sec::request_receiver_down));
    };
    if (!v.is_being_collected && v.tried && now() - *v.tried < fresh_max) {
      reply();
      return promise;
    }
    v.waiting.emplace_back(std::move(reply));
    if (!std::exchange(v.is_being_collected, true)) {
      v.tried = now();
      (this->*collect)();
    }
    return promise;
  }

  // If a part is being restarted, the last view stays.
  void collected(view& v, bool is_new) {
    v.is_known = v.is_known || is_new;
    v.is_being_collected = false;
    for (auto& reply : std::exchange(v.waiting, {}))
      reply();
  }

  template <class Reply, class Part, class Take, class... What>
  void ask(view& v, const Part& part, Take take, What... what) {
    if (!part)
      return collected(v, false);
    self->request(part, caf::infinite, what...).then(std::move(take), [this, &v](caf::error&) {
      collected(v, false);
    });
  }

  void look() {
    ask<stats_view>(
      seen, peers.stats,
      [this](stats_view& v) {
        stats_seen = std::move(v);
        collected(seen, true);
      },
      view_atom::value);
  }

  void ask_for_last() {
    ask<transactions_seen>(
      ended, peers.stats,
      [this](transactions_seen& t) {
        last_seen = std::move(t.seen);
        collected(ended, true);
      },
      changed_transactions());
  }

  void ask_journal() {
    if (!peers.journal)
      return collected(cases, true);
    ask<cases_page>(
      cases, peers.journal,
      [this](const cases_page& page) {
        const auto wall =
          std::chrono::duration_cast<std::chrono::seconds>(env->local_time().time_since_epoch()).count();
        pending_seen = {{}, page.next != 0};
        for (const auto& t : page.cases)
          pending_seen.all.push_back(case_of(t, *env, wall));
        collected(cases, true);
      },
      cases_after{0});
  }

  void ask_gateway() {
    ask<stats_view>(
      children, peers.stats,
      [this](const stats_view& v) {
        using named = std::vector<std::pair<std::string, caf::actor>>;
        ask<named>(
          children, peers.root, [this, v](const named& running) { take_parts(running, v); },
          children_atom::value);
      },
      view_atom::value);
  }

  void take_parts(const std::vector<std::pair<std::string, caf::actor>>& running, const stats_view& v) {
    parts_seen = {};
    for (const auto& [part, actor] : running)
      known_parts.insert(part);
    for (const auto& part : known_parts) {
      const auto it = std::ranges::find(running, part, [](const auto& r) { return r.first; });
      const auto restarted = v.parts.find(part);
      inspection::part p;
      p.name = "gateway/" + part;
      if (restarted != v.parts.end())
        p.restarts = restarted->second.times;
      if (it != running.end()) {
        const auto since = restarted == v.parts.end() ? v.started : restarted->second.at;
        p.mailbox = it->second == self ? 0 : mailbox_of(it->second);
        p.up_ms = std::max<std::int64_t>(in_milliseconds(now() - since), 1);
      }
      parts_seen.all.push_back(std::move(p));
    }
    collected(children, true);
  }

  // --- the queues of terminals ---

  void look_at_terminals() {
    std::vector<std::pair<time_point, const watched_terminal*>> busy;
    terminals_seen = {};
    for (const auto* t : env->terminals->all()) {
      const auto [waiting, since] = t->look();
      terminals_seen.waiting += waiting;
      busy.emplace_back(since, t);
    }
    const auto listed = std::min(busy.size(), inspection::terminals::listed_max);
    terminals_seen.more = busy.size() - listed;
    std::ranges::partial_sort(busy, busy.begin() + static_cast<std::ptrdiff_t>(listed), {},
                              [](const auto& one) { return one.first; });
    busy.resize(listed);
    for (const auto& [_, t] : busy)
      terminals_seen.all.push_back(t->view());
    const auto is_blocked = [](const inspection::terminal& t) { return t.why == blocked_by_reversal; };
    if (!peers.journal || std::ranges::none_of(terminals_seen.all, is_blocked))
      return collected(queues, true);
    self->request(peers.journal, caf::infinite, cases_after{0})
      .then(
        [this](const cases_page& page) {
          name_reversals(page);
          collected(queues, true);
        },
        [this](caf::error&) { collected(queues, true); });
  }

  void name_reversals(const cases_page& page) {
    for (auto& t : terminals_seen.all)
      for (const auto& c : page.cases)
        if (t.why == blocked_by_reversal && c.state != lifecycle::state::unconfirmed &&
            shown((*c.request)[codec::fields::tid]) == t.tid)
          t.why += " of STAN " + shown((*c.request)[codec::fields::stan]);
  }

  view seen, queues, cases, children, ended;
  stats_view stats_seen;
  inspection::terminals terminals_seen;
  inspection::pending pending_seen;
  inspection::parts parts_seen;
  inspection::transactions last_seen;
  std::set<std::string> known_parts;
};

overview_actor::behavior_type overview(overview_actor::stateful_pointer<overview_state> self,
                                       environment_ptr env) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  return {
    [&state](inspection::summary_atom) { return state.summary(); },
    [&state](inspection::stats_atom) { return state.numbers(); },
    [&state](inspection::links_atom) { return state.links(); },
    [&state](inspection::terminals_atom) { return state.terminals(); },
    [&state](inspection::pending_atom) { return state.pending(); },
    [&state](inspection::parts_atom) { return state.parts(); },
    [&state](inspection::transactions_atom, std::uint64_t most) { return state.transactions(most); },
    [&state](const directory& d) { state.peers = d; },
  };
}

}  // namespace

overview_actor spawn_overview(caf::actor_system& system, environment_ptr env) {
  return system.spawn(overview, std::move(env));
}

}  // namespace actors
