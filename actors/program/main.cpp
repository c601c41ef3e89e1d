// The process: reads arguments, starts the actors, handles signals, returns the exit status.

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <optional>

#include "actors/core/loop_scheduler.hpp"
#include "actors/operator/operator_command.hpp"
#include "actors/program/check.hpp"
#include "actors/program/emulator_command.hpp"
#include "actors/program/lab.hpp"
#include "actors/program/node_process.hpp"
#include "actors/program/pid_file.hpp"
#include "actors/program/reload.hpp"
#include "actors/program/wiring.hpp"
#include "actors/remote/inspect_command.hpp"
#include "actors/remote/node_command.hpp"
#include "actors/remote/node_config.hpp"
#include "config/command.hpp"
#include "config/load.hpp"
#include "config/log.hpp"
#include "config/service_manager.hpp"
#include "config/variables.hpp"
#include "config/warnings.hpp"
#include "inspect/command.hpp"
#include "net/local/program.hpp"
#include "net/local/service_manager.hpp"
#include "net/loop.hpp"
#include "sender/command.hpp"
#include "store/files.hpp"

namespace {

namespace log = config::log;

constexpr int exit_failed = 1;   // it ran, and something failed
constexpr int exit_misused = 2;  // wrong arguments, or it could not start

int misused(const std::string& why) {
  std::cerr << "socketqueue: " << why << "\n";
  return exit_misused;
}

// Where a process is started without its standard files, the journal or a connection would get the number of
// one of them, and lines of the log with it.
bool open_missing_standard_files() {
  for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(file, F_GETFD) < 0 && errno == EBADF && ::open("/dev/null", O_RDWR) != file)
      return false;
  return true;
}

// Each connection is an open file.
void raise_file_limit() {
  constexpr rlim_t wanted = 65536;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur =
    limit.rlim_max == RLIM_INFINITY ? wanted : std::max(limit.rlim_cur, std::min(limit.rlim_max, wanted));
  setrlimit(RLIMIT_NOFILE, &limit);
}

// A core file would hold card data in clear.
void forbid_core_files() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);  // a system that pipes cores to a program ignores the limit
}

// `r`: its dialers say how they call the hosts.
void announce(const config::settings& s, const actors::roles& r) {
  if (s.log.dangerous)
    log::warning("--dangerous: card data is logged in clear");
  for (const auto& text : config::warnings_of(s))
    log::warning("{}", text);
  if (s.bank.port != 0)
    log::notice("Echo server listens on port {}", s.bank.port);
  if (s.raw_listeners.front().port != 0)
    log::notice("Raw clients are awaited on port {}", s.raw_listeners.front().port);
  if (s.http_listeners.front().port != 0)
    log::notice("HTTP clients are awaited on port {}", s.http_listeners.front().port);
  if (r.host && s.upstreams.front().listen_port != 0)
    log::notice("The ISO-host is awaited on port {}", s.upstreams.front().listen_port);
  if (r.host && !s.upstreams.front().host.empty())
    log::notice("The ISO-host is {}", r.host->target());
  for (const auto& l : r.links)
    if (const auto port = l.link->settings.listen_port; port != 0)
      log::notice("The ISO-host {} is awaited on port {}", l.link->name, port);
    else
      log::notice("The ISO-host {} is {}", l.link->name, l.dialer->target());
  if (s.admin.port != 0)
    log::notice("The admin port is {} of {}", s.admin.port, s.admin.address);
  if (s.node.port != 0)
    log::notice("Other CAF nodes may look at port {} of {}{}", s.node.port, s.node.address,
                s.node.has_tls() ? ", with TLS" : "");
  if (s.statistics_port != 0)
    log::notice("Statistics are served on port {}", s.statistics_port);
  if (s.has_upstream() && s.journal.is_kept())
    log::notice("The journal is in {}", s.journal.directory);
  constexpr std::size_t enough = 10000;
  if (const auto most = actors::connections_max(); s.has_clients() && most < enough)
    log::warning(
      "At most {} connections can be open at a time; for more, raise the limit of open files (ulimit -Hn)",
      most);
  if (s.test_clients.count != 0)
    log::notice("{} test clients go to {}:{}", s.test_clients.count, s.test_clients.host,
                s.test_clients.port);
}

// Whether all test clients had success.
bool all_succeeded(const actors::test_report& report) {
  if (report.clients == 0)
    return true;
  log::notice("Test clients: {}, correct responses: {}, failures: {}, clients without a correct response: {}",
              report.clients, report.good, report.failed, report.clients_without_success);
  return report.failed == 0 && report.clients_without_success == 0;
}

class process {
public:
  process(std::shared_ptr<actors::environment> env, std::span<const char* const> arguments,
          config::loaded started, const config::service_manager_settings& asked)
    : env_(std::move(env)),
      manager_(std::make_shared<net::service_manager>(asked.socket)),
      watchdog_(asked.watchdog / 2),
      reloader_(env_, arguments, std::move(started), loop_,
                [this](actors::dialed_links links) { set_links(std::move(links)); }),
      config_(loop_),
      system_(config_) {}

  int run() {
    // First of all, because another process may send signals as soon as it reads that this one is running.
    // The loop handles them when it runs.
    loop_.on_signals({SIGTERM, SIGINT, SIGHUP}, [this](int signal) { handle_signal(signal); });
    net::reap_orphans(loop_);
    auto roles = actors::make_roles(env_, loop_);
    if (const auto* why = std::get_if<std::string>(&roles))
      return misused(*why);
    if (const auto& node = settings().node; node.port != 0) {
      auto inspector = actors::open_node(loop_, "/proc/self/exe", node);
      if (const auto* why = std::get_if<std::string>(&inspector))
        end_at_once(*why);
      std::get<actors::roles>(roles).more.push_back(std::get<actors::part>(std::move(inspector)));
    }
    if (manager_->asks()) {
      std::get<actors::roles>(roles).manager = manager_;
      std::get<actors::roles>(roles).watchdog = watchdog_;
    }
    // Not earlier: a second process that cannot open the ports must not change the first one's file.
    if (const auto& path = env_->settings.pid_file; !path.empty())
      if (const auto why = actors::write_pid(path, pid_file_); !why.empty())
        end_at_once("cannot write the pidFile '" + path + "': " + why);
    announce(env_->settings, std::get<actors::roles>(roles));
    auto& all = std::get<actors::roles>(roles);
    all.reload = [this] { return reload(); };
    reloader_.begin(all);
    pages_ = all.journal.pages;
    gateway_ = actors::spawn_gateway(system_, env_, std::get<actors::roles>(std::move(roles)));
    gateway_->attach_functor([this](const caf::error& reason) { failed_ = failed_ || reason; });
    actors::run_until_empty(system_, loop_);
    if (pid_file_)
      store::empty(pid_file_.get());
    log::notice("Bye");
    return failed_ ? exit_failed : 0;
  }

private:
  // Actors that run already would have to be stopped, which waits for them.
  [[noreturn]] static void end_at_once(const std::string& why) {
    log::stop(misused(why));
    std::_Exit(exit_misused);
  }

  void handle_signal(int signal) {
    if (signal == SIGHUP) {
      manager_->reloading();
      log::reopen();
      caf::anon_send(gateway_, actors::reset_atom::value);
      log::notice("Hung up on: the log file is opened anew and the statistics begin at zero");
      if (!draining_since_)
        reloader_.run();
      manager_->reloaded();
      return;
    }
    // One order may come twice: shells and `timeout` send it to the process and to its group.
    constexpr auto same_order = std::chrono::seconds(1);
    const auto now = system_.clock().now();
    if (draining_since_ && now - *draining_since_ < same_order)
      return;
    if (draining_since_) {
      log::warning("A second signal to end: ending at once");
      log::stop(exit_failed);
      std::_Exit(exit_failed);
    }
    draining_since_ = now;
    manager_->stopping();
    log::notice("Ending on a signal: accepting nothing new, finishing what is in flight");
    system_.spawn([this](caf::event_based_actor* self) {
      const auto limit = settings().drain_timeout;
      self
        ->request(gateway_, limit.count() == 0 ? caf::duration(caf::infinite) : caf::duration(limit),
                  actors::drain_atom::value)
        .then([this](const actors::test_report& report) { failed_ = !all_succeeded(report); },
              [this](caf::error& why) {
                if (why == caf::sec::request_timeout)
                  end_overdue();
                failed_ = true;
              });
    });
  }

  // Links are added, drained and dialed anew.
  void set_links(actors::dialed_links links) {
    system_.spawn([this, change = actors::set_links{std::move(links)}](caf::event_based_actor* self) {
      using parts = std::vector<std::pair<std::string, caf::actor>>;
      self->request(gateway_, caf::infinite, actors::children_atom::value)
        .then([self, change](const parts& all) {
          for (const auto& [name, part] : all)
            if (name == "upstream")
              self->send(caf::actor_cast<actors::changing_links_actor>(part), change);
        });
    });
  }

  std::string reload() {
    if (draining_since_)
      return actors::reload_report{{"the gateway is ending"}, {}, {}}.json();
    return reloader_.run().json();
  }

  // Everything that was decided is durable: the next start goes on with what is open.
  [[noreturn]] void end_overdue() {
    if (pages_) {
      const auto under_way = std::ranges::count_if(
        pages_->all(), [](const auto& t) { return t.second.state < actors::lifecycle::state::unconfirmed; });
      log::warning(
        "Not all has ended within drainTimeout: {} transactions under way and {} open cases are left to {}",
        under_way, pages_->open_count(),
        settings().journal.is_kept() ? "the journal and the next start" : "the bank: there is no journal");
    } else {
      log::warning("Not all has ended within drainTimeout");
    }
    if (pid_file_)
      store::empty(pid_file_.get());
    log::notice("Bye");
    // Test clients that have not ended have not all had success.
    const int status = settings().test_clients.count == 0 ? 0 : exit_failed;
    log::stop(status);
    std::_Exit(status);
  }

  const config::settings& settings() const { return env_->settings; }

  std::shared_ptr<actors::environment> env_;
  actors::service_manager_ptr manager_;
  std::chrono::milliseconds watchdog_;
  net::loop loop_;
  actors::reloader reloader_;
  actors::loop_config config_;
  caf::actor_system system_;
  actors::gateway_actor gateway_;
  std::optional<actors::time_point> draining_since_;
  store::file_descriptor pid_file_;
  std::shared_ptr<actors::book> pages_;  // of a gateway
  bool failed_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (!open_missing_standard_files())
    return exit_misused;
  const std::span<const char* const> arguments{argv + 1, static_cast<std::size_t>(argc - 1)};
  // Until the loop takes it: log rotation comes at any moment, and would end a gateway that is starting.
  if (arguments.empty() || arguments.front()[0] == '-')
    std::signal(SIGHUP, SIG_IGN);
  if (actors::is_lab_command(arguments))
    return actors::run_lab(argv);
  if (actors::is_reload_command(arguments))
    return actors::run_reload_command(arguments);
  if (actors::is_operator_command(arguments))
    return actors::operator_command(arguments);
  if (actors::is_inspect_command(arguments))
    return actors::inspect_command(arguments);
  if (actors::is_node_command(arguments))
    return actors::run_node_command(arguments);
  if (config::is_config_command(arguments))
    return config::run_config_command(arguments, std::cout, std::cerr);
  if (inspect::is_tool_command(arguments))
    return inspect::run_tool(arguments, {std::cin, std::cout, std::cerr});
  if (actors::is_emulator_command(arguments))
    return actors::run_emulator_command(arguments);
  if (sender::is_send_command(arguments))
    return sender::run_send(arguments, config::own_environment(), std::cout, std::cerr);
  const auto loaded = config::load_all(arguments, config::own_environment());
  const auto& settings = loaded.what;
  if (settings.reading.check && !settings.reading.asks_for_text())
    return actors::check_configuration(loaded, std::cout, std::cerr);
  if (!loaded.faults.empty())
    return misused(loaded.faults.front());
  if (settings.reading.asks_for_text())
    return config::print_text(settings.reading, std::cout, std::cerr);
  if (const auto why = actors::fault_of_tls(settings.node); !why.empty())
    return misused(why);
  const auto asked = config::take_service_manager();
  auto env = actors::make_environment(settings);
  if (const auto* why = std::get_if<std::string>(&env))
    return misused(*why);
  if (const auto why = log::start(settings); !why.empty())
    return misused(why);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a write that exceeds the file size limit returns an error instead
  raise_file_limit();
  forbid_core_files();

  const int status =
    process(std::get<std::shared_ptr<actors::environment>>(env), arguments, loaded, asked).run();
  log::stop(status);
  return status;
}
