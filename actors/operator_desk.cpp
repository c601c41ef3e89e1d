// An operator at the control socket: asks for the open cases, or for something to be done about one.
//
// What is done here stands in the log and in the journal with who did it and why. Cards are shown masked.

#include "actors/operator_desk.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "actors/house_handlers.hpp"
#include "actors/link_messages.hpp"
#include "codec/latin1.hpp"
#include "codec/masking.hpp"
#include "codec/validate.hpp"

namespace actors {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t line_max = 4096;

// Ticks come every second; whoever has not asked and hung up by then is hung up on.
constexpr int ticks_max = 30;

ordered_json shown(const purchase& p, const codec::dialect& d) {
  const auto text = [](std::string_view value) { return codec::utf8_of_latin1(codec::masked_text(value)); };
  const auto field = [&](const codec::message& m, int number) {
    const auto* spec = d.find(number);
    return codec::utf8_of_latin1(spec ? codec::shown(m[number], *spec) : "");
  };
  const std::chrono::local_seconds begun{std::chrono::seconds(p.begun)};
  const auto& m = *p.request;
  return {{"case", p.id},
          {"state", p.state == lifecycle::state::dead ? "needs you" : p.state == lifecycle::state::unconfirmed ? "unconfirmed" : "reversing"},
          {"mti", text(m.mti())},
          {"tid", field(m, 41)},
          {"stan", field(m, 11)},
          {"amount", field(m, 4)},
          {"currency", field(m, 49)},
          {"card", p.card},
          {"merchant", field(m, 42)},
          {"rrn", field(p.heard, 37)},
          {"begun", codec::format_local_time(begun)},
          {"attempts", p.attempts},
          {"code", text(p.code)},
          {"why", text(p.why)}};
}

class operator_desk_state {
public:
  static inline const char* name = "operator_desk";

  explicit operator_desk_state(visitor_actor::pointer s) : self(s) {}

  void take(const received& r) {
    for (const auto& segment : r.frames)
      line += segment;
    const auto end = line.find('\n');
    if (end == std::string::npos) {
      if (line.size() > line_max)
        self->quit();
      return;
    }
    if (!std::exchange(asked, true))
      serve(line.substr(0, end));
  }

  void tick() {
    if (++ticks >= ticks_max)
      self->quit();
  }

  visitor_actor::pointer self;
  environment_ptr env;
  net::link_ptr link;
  directory offices;

private:
  void serve(const std::string& request) {
    const auto verb = request.substr(0, request.find(' '));
    auto rest = request.substr(std::min(request.size(), verb.size() + 1));
    if (verb == "pending")
      return list();
    purchase_id id = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
    if (error != std::errc() || id == 0 || (verb != "retry" && verb != "reverse" && verb != "resolve"))
      return say({{"error", "the gateway is asked pending, retry CASE, reverse CASE WHY or resolve CASE WHY, and nothing else"}});
    rest.erase(0, static_cast<std::size_t>(end - rest.data()) + 1);
    if (verb == "retry")
      return ask(retry{id});
    if (rest.empty())
      return say({{"error", verb + " needs a reason: " + verb + " CASE WHY"}});
    // It is kept for long, and whoever types it may think of the card.
    const auto why = codec::masked_text(rest);
    if (verb == "reverse")
      return reverse(id, why);
    ask(resolve{id, link->peer(), why});
  }

  // An approval that an earlier process did not see delivered: the operator knows that its client does not have it.
  void reverse(purchase_id id, const std::string& why) {
    self->request(offices.journal, caf::infinite, undo{id, "by the operator (" + link->peer() + "): " + why})
      .then([this](const kept&) { say({{"done", "it is being reversed"}}); },
            [this](caf::error&) { say({{"error", "there is no open case of this number"}}); });
  }

  void list() {
    self->request(offices.journal, caf::infinite, cases_atom::value)
      .then(
        [this](const std::vector<purchase>& cases) {
          auto rows = ordered_json::array();
          for (const auto& c : cases)
            rows.push_back(shown(c, env->dialect));
          say({{"cases", std::move(rows)}});
        },
        [this](caf::error&) { say({{"error", "the journal does not answer"}}); });
  }

  template <class Wish>
  void ask(Wish wish) {
    self->request(offices.reversals, caf::infinite, std::move(wish))
      .then([this](const told& t) { say({{t.done ? "done" : "error", t.text}}); },
            [this](caf::error&) { say({{"error", "the reversals are being restarted; ask again in a few seconds"}}); });
  }

  void say(const ordered_json& answer) {
    link->send(answer.dump() + "\n");
    link->close();
  }

  std::string line;
  bool asked = false;
  int ticks = 0;
};

visitor_actor::behavior_type operator_desk(visitor_actor::stateful_pointer<operator_desk_state> self, environment_ptr env, net::link_ptr link, directory offices) {
  with_house_handlers(self);
  auto& state = self->state;
  state.env = std::move(env);
  state.link = std::move(link);
  state.offices = std::move(offices);
  state.link->open(events_to(caf::actor_cast<visitor_actor>(self)));
  return {
    [&state](const received& r) { state.take(r); },
    [](finished_atom) {},
    [self](const link_down&) { self->quit(); },
    [&state](tick_atom) { state.tick(); },
    [](drain_atom) {},
    [&state](const directory& d) { state.offices = d; },
  };
}

} // namespace

visitor_actor spawn_operator_desk(caf::actor_system& system, environment_ptr env, net::link_ptr link, directory offices) {
  return system.spawn(operator_desk, std::move(env), std::move(link), std::move(offices));
}

} // namespace actors
