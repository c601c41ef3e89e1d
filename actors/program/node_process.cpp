// Keeps the process that serves `nodePort`, and answers its questions.
//
// CAF's network accepts every connection, reads what a stranger sends before it knows who it is, and ends its
// process where that is not what it expects. So it has a process of its own: one that fails takes no purchase
// along, and is started again.

#include "actors/program/node_process.hpp"

#include "actors/core/default_handlers.hpp"
#include "actors/core/link_messages.hpp"
#include "actors/remote/node_command.hpp"
#include "actors/remote/node_pipe.hpp"
#include "config/log.hpp"
#include "net/local/child.hpp"

namespace actors {

namespace log = config::log;
using namespace std::chrono_literals;

namespace {

constexpr auto start_max = 10s;
constexpr auto pause_between_starts = 1s;

using node_process_actor =
  directory_reader::extend<caf::reacts_to<received>, caf::reacts_to<finished_atom>, caf::reacts_to<link_up>,
                           caf::reacts_to<link_down>, caf::reacts_to<tick_atom>>;

// How the process is started.
struct node_program {
  std::string path;
  config::node_settings settings;
  net::loop* on;

  auto start() const { return net::start_child(path, node_arguments(settings), node_framing()); }
};

class node_process_state {
public:
  static inline const char* name = "node_process";

  explicit node_process_state(node_process_actor::pointer s) : self(s) {}

  void use(std::unique_ptr<net::child> started) {
    process = std::move(started);
    link = process->link(*program.on);
    link->open(events_to(caf::actor_cast<node_process_actor>(self)));
  }

  void take(const received& r) {
    for (const auto& f : r.frames) {
      node_question q;
      if (!from_bytes(f.content, q))
        return lose("it says what is no question");
      if (q.number != 0)
        answer(q);
      else if (std::string why; from_bytes(f.content, q, why))
        why.empty() ? log::notice("Port {} is open to other CAF nodes again", program.settings.port)
                    : log::error("{}", why);
    }
  }

  // Its end is known a moment after that of its socket.
  void lose(const std::string& why) {
    if (!std::exchange(link, nullptr))
      return;
    last_word = why;
    self->delayed_send(self, pause_between_starts, tick_atom::value);
  }

  void tick() {
    if (link)
      return;
    if (process) {
      const auto end = process->end();
      log::error("The process of nodePort {}: {}; it is started again",
                 end ? "has ended" : "does not answer as it should", end ? *end : last_word);
      process.reset();
    }
    auto started = program.start();
    if (auto* next = std::get_if<std::unique_ptr<net::child>>(&started))
      return use(std::move(*next));
    log::error("The process of nodePort cannot be started: {}", std::get<std::string>(started));
    self->delayed_send(self, pause_between_starts, tick_atom::value);
  }

  node_process_actor::pointer self;
  node_program program;
  overview_actor overview;

private:
  template <class View, class Question, class... Most>
  void pass_on(std::uint64_t number, Question question, Most... most) {
    const auto reply = [this, number, to = std::weak_ptr(link)](const std::string& view) {
      if (const auto still = to.lock(); still && still == link)
        link->send(to_bytes(number) + view);
    };
    self->request(overview, caf::infinite, question, most...)
      .then([reply](View& seen) { reply(to_bytes(std::move(seen))); }, [reply](caf::error&) { reply({}); });
  }

  void answer(const node_question& q) {
    using namespace inspection;
    switch (static_cast<std::uint64_t>(q.what)) {
      case summary_atom::value.uint_value(): return pass_on<summary>(q.number, summary_atom::value);
      case stats_atom::value.uint_value(): return pass_on<stats>(q.number, stats_atom::value);
      case links_atom::value.uint_value(): return pass_on<links>(q.number, links_atom::value);
      case terminals_atom::value.uint_value(): return pass_on<terminals>(q.number, terminals_atom::value);
      case pending_atom::value.uint_value(): return pass_on<pending>(q.number, pending_atom::value);
      case parts_atom::value.uint_value(): return pass_on<parts>(q.number, parts_atom::value);
      case transactions_atom::value.uint_value():
        return pass_on<transactions>(q.number, transactions_atom::value, q.most);
      default: return lose("it asks an unknown question");
    }
  }

  std::unique_ptr<net::child> process;
  net::link_ptr link;
  std::string last_word;  // why its socket was given up
};

node_process_actor::behavior_type node_process(node_process_actor::stateful_pointer<node_process_state> self,
                                               node_program program, overview_actor overview,
                                               std::shared_ptr<std::unique_ptr<net::child>> first) {
  with_default_handlers(self);
  auto& state = self->state;
  state.program = std::move(program);
  state.overview = std::move(overview);
  if (*first)
    state.use(std::move(*first));
  else
    self->send(self, tick_atom::value);
  return {
    [&state](const directory& d) { state.overview = d.overview; },
    [&state](const received& r) { state.take(r); },
    [&state](finished_atom) { state.lose("it has hung up"); },
    [](const link_up&) {},
    [&state](const link_down& d) { state.lose(d.why); },
    [&state](tick_atom) { state.tick(); },
  };
}

}  // namespace

std::variant<part, std::string> open_node(net::loop& on, const std::string& program,
                                          const config::node_settings& s) {
  const node_program how{program, s, &on};
  auto started = how.start();
  if (const auto* why = std::get_if<std::string>(&started))
    return "nodePort: its process cannot be started: " + *why;
  // Shared, since what starts a part may be copied.
  const auto first =
    std::make_shared<std::unique_ptr<net::child>>(std::get<std::unique_ptr<net::child>>(std::move(started)));
  const auto hello = (*first)->await_frame(start_max);
  node_question q;
  std::string why;
  if (!hello || !from_bytes(*hello, q, why))
    return std::string("nodePort: its process has not opened the port in time");
  if (!why.empty())
    return why;
  return part{"inspector", [how, first](caf::actor_system& system, directory& all) {
                return running_part::of(system.spawn(node_process, how, all.overview, first));
              }};
}

}  // namespace actors
