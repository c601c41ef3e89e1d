// From settings to the connections and the environment of the actors.

#include "actors/program/wiring.hpp"

#include <openssl/rand.h>
#include <sys/resource.h>

#include <mimalloc.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <random>

#include "actors/core/chosen_dialect.hpp"
#include "actors/core/framings.hpp"
#include "actors/core/timeouts.hpp"
#include "actors/journal/journal_records.hpp"
#include "actors/program/alarm_outlets.hpp"
#include "actors/program/dialers.hpp"
#include "actors/program/host_marks.hpp"
#include "actors/program/hosts.hpp"
#include "actors/program/preparation.hpp"
#include "config/file.hpp"
#include "config/log.hpp"
#include "net/framing.hpp"
#include "net/local/listener.hpp"
#include "net/loop.hpp"
#include "net/tcp/connector.hpp"
#include "net/tcp/listener.hpp"
#include "net/tcp/networks.hpp"
#include "net/tcp/proxied.hpp"
#include "store/files.hpp"
#include "store/journal_files.hpp"
#include "store/saved_file.hpp"
#include "store/sqlite_store.hpp"

// Not all programs that have this file are linked with mimalloc.
#pragma weak mi_option_get
#pragma weak mi_option_set

namespace actors {

namespace {

// Zones change at quarters of an hour, so their rules are looked up once in each.
std::chrono::local_seconds local_time() {
  constexpr std::time_t quarter = 900;
  thread_local std::time_t looked_up = -1;
  thread_local long offset = 0;
  const auto now = std::time(nullptr);
  if (now / quarter != looked_up) {
    std::tm parts{};
    localtime_r(&now, &parts);
    offset = parts.tm_gmtoff;
    looked_up = now / quarter;
  }
  return std::chrono::local_seconds(std::chrono::seconds(now + offset));
}

constexpr std::size_t admin_connections_max = 16, control_connections_max = 16;

// The records of a long journal take more memory than what is remembered of them. mimalloc would keep it: it
// gives free pages back to the system when their neighbours are used later, and these are not.
void give_back(store::contents& records) {
  const auto delay = mi_option_set ? mi_option_get(mi_option_decommit_delay) : 0;
  if (mi_option_set)
    mi_option_set(mi_option_decommit_delay, 0);
  records = {};
  if (mi_option_set)
    mi_option_set(mi_option_decommit_delay, delay);
}

}  // namespace

// Opens the journal for this process and replays it. The error is a sentence for the operator.
std::variant<journal_parts, std::string> make_journal(const environment_ptr& env, net::loop& on) {
  const auto& s = env->settings.journal;
  journal_parts parts{std::make_shared<book>(env->upstreams, env->remembered_max), nullptr, nullptr};
  if (!s.is_kept()) {
    config::log::warning(
      "--journal=none: when this process ends, transactions under way are lost and are not reversed");
    return parts;
  }
  const auto key_file = s.key_file.empty() ? s.directory + "/journal.key" : s.key_file;
  if (const auto error = store::make_own_directory(s.directory); !error.empty())
    return "journal: " + error;
  auto key = store::load_key(key_file, !store::has_journal(s.directory));
  if (auto* error = std::get_if<std::string>(&key))
    return "journalKeyFile: " + *error;
  parts.sealer = std::make_shared<const store::sealer>(std::get<store::sealer>(std::move(key)));
  auto opened = store::open_sqlite(
    s.directory, parts.sealer->id(), s.adopt, store::outside_watermark(s.directory, key_file),
    [sealer = parts.sealer](const store::record& r) { return key_of(r, *sealer); }, key_file);
  if (auto* error = std::get_if<std::string>(&opened))
    return "journal: " + *error;
  auto& found = std::get<store::opened>(opened);
  for (const auto& text : found.notes)
    config::log::warning("Journal: {}", text);
  const auto now = std::chrono::steady_clock::now();
  if (const auto error = replay(*parts.pages, found.what, *parts.sealer, now); !error.empty())
    return "journal: " + error + "; nothing was changed";
  parts.pages->finish_replay(now);
  // A dropped transaction still has its number, so a new one must not get a number of the adopted journal.
  *env->last_transaction = std::max(parts.pages->last_id(), found.what.adopted);
  give_back(found.what);
  const auto unknown = std::ranges::count_if(
    parts.pages->all(), [&](const auto& entry) { return parts.pages->is_operators(entry.second); });
  if (unknown != 0)
    config::log::warning(
      "The journal was adopted: what became of {} of its transactions since it was copied is unknown, and "
      "none of them is reversed by itself; ask the bank, then `socketqueue reverse` those that no client was "
      "shown as approved, and `resolve` the others",
      unknown);
  if (const auto open = parts.pages->open_count(); open != 0)
    config::log::warning(
      "The journal holds {} open cases of earlier processes; `socketqueue pending` lists them", open);
  parts.writer = store::make_thread_writer(std::move(found.store),
                                           [&on](std::function<void()> f) { on.post(std::move(f)); });
  return parts;
}

// Adds the journal and the control socket to `r`. Returns what is wrong; empty: nothing.
std::string add_journal(roles& r, const environment_ptr& env, net::loop& on) {
  auto journal = make_journal(env, on);
  if (auto* why = std::get_if<std::string>(&journal))
    return std::move(*why);
  r.journal = std::get<journal_parts>(std::move(journal));
  const auto& directory = env->settings.journal.directory;
  if (directory == "none")
    return "";
  // Where the journal is not in place any more, the directory may be that of another gateway, and with it the
  // socket.
  const auto in_place = std::make_shared<store::watch>();
  for (const auto* name : {"/lock", "/journal.db"})
    in_place->add(directory + name);
  net::listen_options options;
  options.trouble = [](const std::string& why) { config::log::warning("Control socket: {}", why); };
  options.limit = net::connection_limit(control_connections_max);
  auto control = net::listen_local(on, directory + "/control", std::move(options),
                                   [in_place] { return in_place->find_lost().empty(); });
  if (const auto* why = std::get_if<std::string>(&control))
    return "journal: " + *why;
  r.control = std::get<std::unique_ptr<net::listener>>(std::move(control));
  return "";
}

// Adds how the emulator treats requests, and its control socket. Returns what is wrong; empty: nothing.
std::string add_manner(roles& r, const config::bank_settings& s, net::loop& on) {
  auto misbehaviour = misbehaviour_of(s, *r.bank_dialect);
  if (auto* why = std::get_if<std::string>(&misbehaviour))
    return std::move(*why);
  *r.misbehaviour = std::get<bank_misbehaviour>(std::move(misbehaviour));
  if (s.control.empty())
    return "";
  auto control = net::listen_local(
    on, s.control, {{}, [](const std::string& why) { config::log::warning("testControl: {}", why); }});
  if (const auto* why = std::get_if<std::string>(&control))
    return "testControl: " + *why;
  r.bank_control = std::get<std::unique_ptr<net::listener>>(std::move(control));
  return "";
}

// Adds what the admin port needs. Returns what is wrong; empty: nothing.
std::string add_admin(roles& r, const environment& env, net::loop& on) {
  const auto& s = env.settings.admin;
  if (s.port == 0)
    return "";
  net::listen_options options;
  options.address = s.address;
  // However many clients there are, an operator gets in.
  options.limit = net::connection_limit(admin_connections_max);
  auto bound = net::listen(on, s.port, std::move(options));
  if (const auto* why = std::get_if<std::string>(&bound))
    return "adminPort: " + *why;
  r.admin = std::get<std::unique_ptr<net::listener>>(std::move(bound));
  config::http_listener_settings port;
  port.port = s.port;
  r.admin_at = std::make_shared<const http_port>(http_port{port, env.upstreams.all().front()->dialect});
  return "";
}

// Adds what keeps the statistics for the next process. Returns what is wrong; empty: nothing.
std::string add_statistics(roles& r, const config::settings& s) {
  const auto& path = s.statistics_file;
  if (path.empty())
    return "";
  if (const auto why = store::replace_file(path, r.sums.json() + "\n"); !why.empty())
    return "statDumpFile: " + why;
  const auto file = std::make_shared<store::saved_file>(
    path, [](const std::string& why) { config::log::error("statDumpFile: {}", why); });
  r.save_statistics = [file](const std::string& line) { file->put(line + "\n"); };
  return "";
}

// Each connection is an open file; some are reserved for the host's link, the log and the journal.
std::size_t connections_max() {
  constexpr std::size_t files_kept = 64;
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_cur > 2 * files_kept ? files.rlim_cur - files_kept : files.rlim_cur / 2;
}

std::variant<std::shared_ptr<environment>, std::string> make_environment(const config::settings& s) {
  auto hosts = make_upstreams(s);
  if (auto* why = std::get_if<std::string>(&hosts))
    return std::move(*why);
  auto env = std::make_shared<environment>();
  env->aside = [](caf::actor_system& on, std::function<void()> work) {
    on.spawn<caf::detached>([work = std::move(work)] { work(); });
  };
  env->settings = s;
  env->upstreams = std::get<upstreams>(std::move(hosts));
  env->host_marks = marks_of_hosts(s);
  env->routes = routes(s.routes);
  if (auto why = why_no_test_clients(*env); !why.empty())
    return why;
  env->exposure = s.log.dangerous ? codec::exposure::everything : codec::exposure::masked;
  env->local_time = local_time;
  env->seed = std::random_device{}();
  env->random = [] {
    std::uint64_t number = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number);
    return number;
  };
  // The connections are not closed in order: not a byte may leave on them any more.
  env->panic = [alarms = s.alarms, id = env->new_public_id()](const std::string& why) {
    config::log::error("{}; the process ends here, and the next start reverses or keeps what is open", why);
    send_last_alarm(alarms, "alarm_" + id.substr(4), why);
    config::log::stop(1);
    std::_Exit(1);
  };
  return env;
}

// When this process has ended, the kernel still sends the bytes that it has. If the next start reverses
// unconfirmed approvals, no client may read one after that.
net::tcp_limits limits_of_clients(const config::delivery_settings& s) {
  net::tcp_limits limits;
  if (s.of_unconfirmed == config::unconfirmed::reverse)
    limits.unacknowledged_max = fetch_timeout - delivery_timeout;
  return limits;
}

std::variant<roles, std::string> make_roles(const environment_ptr& env, net::loop& on) {
  const auto& s = env->settings;
  roles r;
  if (auto faults = faults_before_start(r, *env, on); !faults.empty())
    return std::move(faults.front());
  const auto of_bank = host_framing(s.bank.frame, r.bank_dialect);
  const auto of_tests = client_framing(s.test_clients.frame, *r.test_dialect);

  r.seats = admission(s.queue.messages_max);
  const net::connection_limit limit(connections_max());
  std::string error;
  const auto bind = [&](std::uint16_t port, const char* option, const net::framing& how,
                        bool behind_proxy = false) -> std::shared_ptr<net::listener> {
    if (port == 0 || !error.empty())
      return nullptr;
    net::listen_options options;
    options.how = how;
    options.trouble = [](const std::string& why) {
      config::log::error("Cannot accept a connection: {}", why);
    };
    options.limit = limit;
    options.limits = limits_of_clients(s.delivery);
    if (behind_proxy) {
      options.layer = net::make_proxied_layer();
      options.allowed = r.proxies;
    }
    auto bound = net::listen(on, port, std::move(options));
    if (const auto* why = std::get_if<std::string>(&bound)) {
      error = std::string(option) + ": " + *why;
      return nullptr;
    }
    return std::get<std::unique_ptr<net::listener>>(std::move(bound));
  };

  // The session of a client cuts its frames itself: only it knows how long an unfinished one may take.
  r.bank = bind(s.bank.port, "echoServerPort", std::get<net::framing>(of_bank));
  r.clients = bind(r.clients_at->settings.port, "listenPort", {}, s.proxies.uses_the_protocol);
  r.http_clients = bind(r.http_clients_at->settings.port, "listenHttpPort", {}, s.proxies.uses_the_protocol);
  r.statistics = bind(s.statistics_port, "statServerPort", {});
  if (!error.empty())
    return error;
  if (auto why = add_manner(r, s.bank, on); !why.empty())
    return why;
  if (auto why = add_admin(r, *env, on); !why.empty())
    return why;
  // Not earlier: a second process that cannot open the ports must not change the first one's file.
  if (auto why = add_statistics(r, s); !why.empty())
    return why;
  if (s.has_upstream())
    if (auto why = add_journal(r, env, on); !why.empty())
      return why;
  if (auto why = add_dialers(r, *env, on); !why.empty())
    return why;
  if (s.test_clients.count != 0)
    r.test_target = [&on, host = s.test_clients.host, port = s.test_clients.port,
                     how = std::get<net::framing>(of_tests)]() -> std::shared_ptr<net::dialer> {
      return net::make_connector(on, host, port, how);
    };
  return r;
}

}  // namespace actors
