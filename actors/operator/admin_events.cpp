// Makes the events of the admin port's streams: asks the other parts how they are, once a second, and gives
// one text to all streams that wait for it. It holds nothing that another part needs, and only streams wait
// for it.
//
// However many listen, each part is asked once a second; without a listener it is not asked at all.

#include "actors/operator/admin_events.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "actors/core/default_handlers.hpp"
#include "actors/core/inspection_json.hpp"
#include "actors/operator/admin_replies.hpp"
#include "actors/operator/case_page.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

using namespace std::chrono_literals;

namespace {

constexpr caf::timespan period = 1s;

// For another part's reply; it is in the same process.
constexpr caf::timespan part_reply_max = 1s;

// Transactions in an event; a busy second has more, and their counts are in the status.
constexpr std::size_t event_transactions_max = 200;

class admin_events_state {
public:
  static inline const char* name = "admin_events";

  explicit admin_events_state(admin_events_actor::pointer s) : self(s) {}

  caf::typed_response_promise<live_event> wait(const next_event& n) {
    auto promise = self->make_response_promise<live_event>();
    if (last.text && last.number != n.after && self->clock().now() - made_at < period)
      promise.deliver(last);
    else
      waiting.push_back(promise);
    if (!waiting.empty() && !std::exchange(is_due, true)) {
      const auto rest = last.text ? made_at + period - self->clock().now() : caf::timespan(0);
      if (rest > caf::timespan(0))
        self->delayed_send(self, rest, tick_atom::value);
      else
        self->send(self, tick_atom::value);
    }
    return promise;
  }

  void collect() {
    made_at = self->clock().now();
    members.fill("null");
    asked = members.size();
    const auto render = [](const auto& view) { return json_of(view); };
    ask<gateway_status>(status, peers.stats, status_text, status_atom::value);
    ask<inspection::links>(links, peers.overview, render, inspection::links_atom::value);
    ask<inspection::terminals>(terminals, peers.overview, render, inspection::terminals_atom::value);
    ask<cases_page>(
      pending, peers.journal,
      [this](const cases_page& page) { return case_page_text(page, {}, *env, made_at); }, cases_after{0});
    ask<inspection::parts>(parts, peers.overview, render, inspection::parts_atom::value);
    ask<transactions_seen>(
      transactions, peers.stats,
      [this](const transactions_seen& fresh) {
        newest_seen = fresh.newest;
        return json_of(fresh.seen);
      },
      changed_transactions{newest_seen, event_transactions_max});
  }

  environment_ptr env;
  directory peers;

private:
  enum member : std::uint8_t { status, links, terminals, pending, parts, transactions, member_count };
  static constexpr std::array names{"status", "links", "terminals", "pending", "actors", "transactions"};
  static_assert(names.size() == member_count);

  // A part that does not reply is null in the event.
  template <class Reply, class Part, class Render, class... Question>
  void ask(member m, const Part& part, Render render, Question... question) {
    if (!part)
      return take(m, "null");
    self->request(part, part_reply_max, std::move(question)...)
      .then([this, m, render](const Reply& r) { take(m, render(r)); },
            [this, m](caf::error&) { take(m, "null"); });
  }

  void take(member m, std::string text) {
    members.at(m) = std::move(text);
    if (--asked != 0)
      return;
    std::string whole;
    for (std::size_t i = 0; i < members.size(); ++i)
      whole += (i == 0 ? "{\"" : ",\"") + std::string(names.at(i)) + "\":" + members.at(i);
    last = {last.number + 1, std::make_shared<const std::string>(whole + "}")};
    is_due = false;
    for (auto& promise : std::exchange(waiting, {}))
      promise.deliver(last);
  }

  admin_events_actor::pointer self;
  std::vector<caf::typed_response_promise<live_event>> waiting;
  std::array<std::string, member_count> members;
  std::size_t asked = 0;
  std::uint64_t newest_seen = 0;
  live_event last{};
  time_point made_at{};
  bool is_due = false;
};

admin_events_actor::behavior_type admin_events(admin_events_actor::stateful_pointer<admin_events_state> self,
                                               environment_ptr env) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  return {
    [&state](const next_event& n) { return state.wait(n); },
    [&state](tick_atom) { state.collect(); },
    [&state](const directory& d) { state.peers = d; },
  };
}

}  // namespace

admin_events_actor spawn_admin_events(caf::actor_system& system, environment_ptr env) {
  return system.spawn(admin_events, std::move(env));
}

}  // namespace actors
