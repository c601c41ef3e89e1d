#include "actors/emulator/bank_control.hpp"

#include "actors/core/default_handlers.hpp"
#include "actors/core/link_messages.hpp"
#include "config/log.hpp"

namespace actors {

namespace {

constexpr std::size_t command_max = 200;

// Ticks come every second.
constexpr int control_ticks_max = 30;

class bank_control_state {
public:
  static inline const char* name = "bank_control";

  explicit bank_control_state(session_actor::pointer s) : self(s) {}

  void take(const received& r) {
    if (has_replied)
      return;
    for (const auto& segment : r.frames)
      line += segment.content;
    const auto end = line.find('\n');
    if (end == std::string::npos && line.size() <= command_max)
      return;
    has_replied = true;
    link->send(reply_to(line.substr(0, std::min(end, command_max))) + "\n");
    link->close();
  }

  void tick() {
    if (++ticks >= control_ticks_max)
      self->quit();
  }

  session_actor::pointer self;
  net::link_ptr link;
  dialect_ptr dialect;
  std::shared_ptr<bank_misbehaviour> misbehaviour;

private:
  std::string reply_to(const std::string& command) {
    auto read = read_misbehaviour(command, *dialect);
    if (const auto* why = std::get_if<std::string>(&read))
      return "error: " + *why;
    *misbehaviour = std::get<bank_misbehaviour>(std::move(read));
    config::log::warning("Echo server, as {} wants it: {}", link->peer(), to_string(*misbehaviour));
    return "now: " + to_string(*misbehaviour);
  }

  std::string line;
  bool has_replied = false;
  int ticks = 0;
};

session_actor::behavior_type bank_control(session_actor::stateful_pointer<bank_control_state> self,
                                          net::link_ptr link, dialect_ptr dialect,
                                          std::shared_ptr<bank_misbehaviour> misbehaviour) {
  with_default_handlers(self);
  auto& state = self->state;
  state.link = std::move(link);
  state.dialect = std::move(dialect);
  state.misbehaviour = std::move(misbehaviour);
  state.link->open(events_to(caf::actor_cast<session_actor>(self)));
  return {
    [&state](const received& r) { state.take(r); }, [](finished_atom) {},
    [self](const link_down&) { self->quit(); },     [&state](tick_atom) { state.tick(); },
    [self](drain_atom) { self->quit(); },           [](const directory&) {},
  };
}

}  // namespace

session_actor spawn_bank_control(caf::actor_system& system, net::link_ptr link, dialect_ptr dialect,
                                 std::shared_ptr<bank_misbehaviour> misbehaviour) {
  return system.spawn(bank_control, std::move(link), std::move(dialect), std::move(misbehaviour));
}

}  // namespace actors
