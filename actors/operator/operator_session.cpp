// Serves one connection to the control socket: one line, one reply (operator_requests).

#include "actors/operator/operator_session.hpp"

#include <optional>

#include "actors/core/default_handlers.hpp"
#include "actors/core/link_messages.hpp"
#include "actors/operator/operator_requests.hpp"
#include "config/log.hpp"

namespace actors {

namespace {

// Enough for `cases_named_max` numbers of 20 digits and a reason.
constexpr std::size_t line_max = 4096;

// Ticks come every second; a connection that is still open by then is closed.
constexpr int ticks_max = 30;

class operator_session_state {
public:
  static inline const char* name = "operator_session";

  explicit operator_session_state(session_actor::pointer s) : self(s) {}

  void start(environment_ptr env, net::link_ptr with, const directory& peers,
             std::function<std::string()> reload_now) {
    link = std::move(with);
    reload = std::move(reload_now);
    requests.emplace(self, std::move(env));
    requests->learn(peers);
    link->open(events_to(caf::actor_cast<session_actor>(self)));
  }

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
      return say("{\"error\":\"a line may have " + std::to_string(line_max) + " bytes\"}");
    if (line.substr(0, end) == "reload" && reload) {
      config::log::warning("{} asks for a reload of the configuration", link->peer());
      return say(reload());
    }
    requests->serve(line.substr(0, end), link->peer(),
                    [this](const operator_result& result) { say(result.json); });
  }

  void tick() {
    if (++ticks >= ticks_max)
      self->quit();
  }

  void learn(const directory& d) { requests->learn(d); }

private:
  void say(const std::string& reply) {
    link->send(reply + "\n");
    link->close();
  }

  session_actor::pointer self;
  net::link_ptr link;
  std::optional<operator_requests> requests;
  std::function<std::string()> reload;
  std::string line;
  bool asked = false;
  int ticks = 0;
};

session_actor::behavior_type operator_session(session_actor::stateful_pointer<operator_session_state> self,
                                              environment_ptr env, net::link_ptr link, directory peers,
                                              std::function<std::string()> reload) {
  with_default_handlers(self);
  auto& state = self->state;
  state.start(std::move(env), std::move(link), peers, std::move(reload));
  return {
    [&state](const received& r) { state.take(r); },
    [](finished_atom) {},
    [self](const link_down&) { self->quit(); },
    [&state](tick_atom) { state.tick(); },
    [](drain_atom) {},
    [&state](const directory& d) { state.learn(d); },
  };
}

}  // namespace

session_actor spawn_operator_session(caf::actor_system& system, environment_ptr env, net::link_ptr link,
                                     directory peers, std::function<std::string()> reload) {
  return system.spawn(operator_session, std::move(env), std::move(link), std::move(peers), std::move(reload));
}

}  // namespace actors
