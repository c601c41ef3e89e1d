// Serves one connection to the control socket: lists open cases, or carries out decisions about some.
//
// Each decision is written to the log and to the journal, with the operator and the reason. Cards are masked.
// Cases are read from the journal one page at a time, so a long list does not block the loop. The session
// never changes a case itself: the reversal_supervisor and the journal do.

#include "actors/operator/operator_session.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "actors/core/default_handlers.hpp"
#include "actors/core/link_messages.hpp"
#include "actors/operator/case_filter.hpp"
#include "actors/transaction/operator_decision.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/latin1.hpp"

namespace actors {

namespace {

using nlohmann::ordered_json;

// Enough for `cases_named_max` numbers of 20 digits and a reason.
constexpr std::size_t line_max = 4096;

// A reply is complete before it is sent, and a link with 1 MB of unsent bytes is closed.
constexpr std::size_t answer_max = 256 * 1024;

// Ticks come every second; a connection that is still open by then is closed.
constexpr int ticks_max = 30;

// A text may have any bytes; the result is JSON all the same.
std::string line_of(const ordered_json& j) {
  return j.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json shown(const transaction& p, const environment& env, std::int64_t now) {
  const auto& d = env.upstreams.dialect_of(p.upstream);
  const auto field = [&](const codec::message& m, int number) {
    const auto* spec = d.find(number);
    return codec::utf8_of_latin1(spec ? codec::shown(m[number], *spec) : "");
  };
  const std::chrono::local_seconds begun{std::chrono::seconds(p.begun)};
  const auto& m = *p.request;
  ordered_json c{{"case", p.id},
                 {"state", listed_state(p.state)},
                 {"mti", codec::utf8_of_latin1(codec::masked_text(m.mti()))},
                 {"tid", field(m, 41)},
                 {"stan", field(m, 11)},
                 {"amount", field(m, 4)},
                 {"currency", field(m, 49)},
                 {"card", p.card},
                 {"merchant", field(m, 42)},
                 {"rrn", field(p.reference_fields, 37)},
                 {"begun", codec::format_local_time(begun)},
                 {"attempts", p.attempts},
                 {"code", codec::utf8_of_latin1(codec::masked_text(p.code))},
                 {"why", codec::masked_text(p.why)},
                 {"attention", needs_a_look(p, now)}};
  if (!p.upstream.empty())
    c["group"] = p.upstream;
  return c;
}

// The text before the next space, which is removed from `rest`.
std::string next_word(std::string& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  auto word = rest.substr(0, end);
  rest.erase(0, end + 1);
  return word;
}

std::vector<transaction_id> read_ids(const std::string& list) {
  std::vector<transaction_id> ids;
  const auto ranges = read_cases(list);
  for (const auto& [first, last] : ranges.value_or(std::vector<case_filter::range>()))
    for (auto id = first; ids.size() <= cases_named_max; ++id) {
      ids.push_back(id);
      if (id == last)
        break;
    }
  return ids;
}

class operator_session_state {
public:
  static inline const char* name = "operator_session";

  explicit operator_session_state(session_actor::pointer s) : self(s) {}

  void take(const received& r) {
    if (asked)
      return;
    for (const auto& segment : r.frames)
      line += segment.content;
    const auto end = line.find('\n');
    if (end == std::string::npos && line.size() <= line_max)
      return;
    asked = true;
    if (std::min(end, line.size()) > line_max)
      return refuse("a line may have " + std::to_string(line_max) + " bytes");
    serve(line.substr(0, end));
  }

  void tick() {
    if (++ticks >= ticks_max)
      self->quit();
  }

  session_actor::pointer self;
  environment_ptr env;
  net::link_ptr link;
  directory peers;

private:
  void serve(std::string rest) {
    const auto verb = next_word(rest);
    if (verb == "pending")
      return list(std::move(rest));
    const bool acts = verb == "reverse" || verb == "resolve";
    const auto ids = read_ids(next_word(rest));
    if (ids.empty() || (verb != "retry" && !acts))
      return refuse(
        "the gateway is asked pending, retry CASES, reverse CASES WHY or resolve CASES WHY, and nothing "
        "else");
    if (ids.size() > cases_named_max)
      return refuse("a line may name " + std::to_string(cases_named_max) + " cases");
    if (const auto fault = fault_of_reason(rest); acts && !fault.empty())
      return refuse(fault);
    // The reason is stored for long, and an operator may have typed a card number.
    const auto why = codec::masked_text(rest);
    results = ordered_json::array();
    left = ids.size();
    for (const auto id : ids) {
      results.push_back({{"case", id}, {"done", false}, {"text", ""}});
      if (verb == "retry")
        ask(peers.reversals, retry{id});
      else if (verb == "resolve")
        ask(peers.reversals, resolve{id, link->peer(), why});
      else
        ask(peers.journal, operator_decision{operator_decision::kind::reverse, id, link->peer(), why});
    }
  }

  template <class Office, class Wish>
  void ask(const Office& whom, Wish wish) {
    const auto at = results.size() - 1;
    self->request(whom, caf::infinite, std::move(wish))
      .then(
        [this, at](const operator_reply& t) { take_result(at, t); },
        [this, at](caf::error&) {
          take_result(at, {false, "a part of the gateway is being restarted; ask again in a few seconds"});
        });
  }

  void take_result(std::size_t at, const operator_reply& t) {
    results[at]["done"] = t.done;
    results[at]["text"] = t.text;
    if (--left == 0)
      say(line_of({{"results", std::move(results)}}));
  }

  void list(std::string words) {
    transaction_id after = 0;
    case_filter filter;
    while (!words.empty()) {
      const auto word = next_word(words);
      const auto key = word.substr(0, word.find('='));
      const auto value = word.substr(std::min(word.size(), key.size() + 1));
      if (key == "after") {
        if (const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), after);
            error != std::errc() || end != value.data() + value.size())
          return refuse("after= must be the number of a case");
      } else if (key != "cases" && !is_filter(key)) {
        return refuse("pending knows after, cases, state, older, amount and tid, and no '" +
                      codec::masked_text(key) + "'");
      } else if (const auto fault = read_filter(key, value, filter); !fault.empty()) {
        return refuse(fault);
      }
    }
    if (!filter.cases.empty())
      after = std::max(after, filter.cases.front().first - 1);
    self->request(peers.journal, caf::infinite, cases_after{after})
      .then([this, filter = std::move(filter)](const cases_page& page) { say_page(page, filter); },
            [this](caf::error&) { refuse("the journal does not answer"); });
  }

  void say_page(const cases_page& page, const case_filter& filter) {
    const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(env->local_time().time_since_epoch()).count();
    auto next = page.next;
    transaction_id last = 0;
    std::string rows;
    for (const auto& c : page.cases) {
      if (rows.size() > answer_max) {
        next = last;  // the next page has the rest
        break;
      }
      if (matches(filter, c, now))
        rows += (rows.empty() ? "" : ",") + line_of(shown(c, *env, now));
      last = c.id;
    }
    if (!filter.cases.empty() && last >= filter.cases.back().second)
      next = 0;
    say("{\"cases\":[" + rows + "]" + (next != 0 ? ",\"next\":" + std::to_string(next) : "") + "}");
  }

  void refuse(const std::string& why) { say(line_of({{"error", why}})); }

  void say(const std::string& answer) {
    link->send(answer + "\n");
    link->close();
  }

  std::string line;
  bool asked = false;
  int ticks = 0;
  ordered_json results;  // in the order of the request
  std::size_t left = 0;  // decisions without a reply
};

session_actor::behavior_type operator_session(session_actor::stateful_pointer<operator_session_state> self,
                                              environment_ptr env, net::link_ptr link, directory peers) {
  with_default_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.link = std::move(link);
  state.peers = std::move(peers);
  state.link->open(events_to(caf::actor_cast<session_actor>(self)));
  return {
    [&state](const received& r) { state.take(r); },
    [](finished_atom) {},
    [self](const link_down&) { self->quit(); },
    [&state](tick_atom) { state.tick(); },
    [](drain_atom) {},
    [&state](const directory& d) { state.peers = d; },
  };
}

}  // namespace

session_actor spawn_operator_session(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                                     directory peers) {
  return system.spawn(operator_session, std::move(env), std::move(link), std::move(peers));
}

}  // namespace actors
