// What a start needs and that changes nothing: dialects, frames, secrets, certificates, and whether ports,
// files and the journal can be had.

#include "actors/program/preparation.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "actors/core/chosen_dialect.hpp"
#include "actors/core/framings.hpp"
#include "actors/program/alarm_outlets.hpp"
#include "actors/program/dialers.hpp"
#include "actors/program/pid_file.hpp"
#include "config/file.hpp"
#include "net/http/forwarded.hpp"
#include "net/local/socket_path.hpp"
#include "net/loop.hpp"
#include "net/tcp/listener.hpp"
#include "net/tcp/networks.hpp"
#include "store/files.hpp"
#include "store/journal_files.hpp"

namespace actors {

namespace {

// A host's where the settings are the same.
std::variant<dialect_ptr, std::string> dialect_of(const upstreams& hosts, const config::dialect_settings& s) {
  for (const auto& host : hosts.all())
    if (host->settings.dialect == s)
      return host->dialect;
  auto chosen = chosen_dialect(s);
  if (auto* why = std::get_if<std::string>(&chosen))
    return std::move(*why);
  return std::make_shared<const codec::dialect>(std::get<codec::dialect>(std::move(chosen)));
}

// Nobody where the option does not say whom; the text is why there are none.
std::variant<std::shared_ptr<const net::networks>, std::string> trusted_proxies(const config::settings& s) {
  if (s.proxies.trusted.empty())
    return std::shared_ptr<const net::networks>();
  auto read = net::networks::parse(s.proxies.trusted);
  if (const auto* why = std::get_if<std::string>(&read))
    return "trustedProxies: " + *why;
  auto all = std::make_shared<const net::networks>(std::get<net::networks>(std::move(read)));
  if (all->is_any())
    return "trustedProxies=" + s.proxies.trusted +
           ": every client could call itself by any address; name the proxies";
  return all;
}

// Adds to `r` what the clients' ports and the emulator speak. Returns what is wrong; empty: nothing.
std::string add_ports(roles& r, const environment& env) {
  const auto& s = env.settings;
  raw_port raw{s.raw_listeners.front(), nullptr};
  http_port http{s.http_listeners.front(), nullptr};
  using named = std::pair<const config::dialect_settings*, dialect_ptr*>;
  for (const auto& [which, into] :
       {named(&raw.settings.dialect, &raw.dialect), named(&http.settings.dialect, &http.dialect),
        named(&s.bank.dialect, &r.bank_dialect), named(&s.test_clients.dialect, &r.test_dialect)}) {
    auto found = dialect_of(env.upstreams, *which);
    if (auto* why = std::get_if<std::string>(&found))
      return std::move(*why);
    *into = std::get<dialect_ptr>(std::move(found));
  }
  auto framing = client_framing(raw.settings.frame, *raw.dialect);
  if (auto* why = std::get_if<std::string>(&framing))
    return std::move(*why);
  raw.framing = std::get<net::framing>(std::move(framing));
  auto proxies = trusted_proxies(s);
  if (auto* why = std::get_if<std::string>(&proxies))
    return std::move(*why);
  r.proxies = std::get<0>(std::move(proxies));
  if (r.proxies)
    http.client_of = [trusted = r.proxies](std::string_view peer, std::string_view forwarded_for) {
      return net::forwarded_client(peer, forwarded_for, *trusted);
    };
  r.clients_at = std::make_shared<const raw_port>(std::move(raw));
  r.http_clients_at = std::make_shared<const http_port>(std::move(http));
  return "";
}

// Adds the operator's server for requests of the host. Returns what is wrong; empty: nothing.
std::string add_hook(roles& r, const environment& env, net::loop& on) {
  const auto& s = env.settings.host_requests;
  if (s.url.empty())
    return "";
  const auto& dialect = *env.upstreams.all().front()->dialect;
  if (dialect.host_requests.fallback.empty())
    return "hostRequestUrl: the dialect '" + dialect.name +
           "' does not say which requests of the host are answered; add `hostRequests` to its file, or give "
           "it "
           "by exchangeConfig";
  const auto url = net::parse_url(s.url);
  if (const auto* why = std::get_if<std::string>(&url))
    return "hostRequestUrl: " + *why;
  const auto& to = std::get<net::http_url>(url);
  if (s.cards == config::card_view::full && !to.is_tls && !to.is_loopback())
    return "hostRequestCards=full: card data goes over https or to this machine alone; give an https:// URL, "
           "or "
           "leave the option out";
  std::string no_secret;
  auto secret = secret_in(s.secret_file, "hostRequestSecretFile", no_secret);
  if (!no_secret.empty())
    return no_secret;
  auto post = net::make_poster(on, to, s.ca_file);
  if (const auto* why = std::get_if<std::string>(&post))
    return "hostRequestCaFile: " + *why;
  r.hook = std::make_shared<webhook>(
    webhook{std::get<net::poster>(std::move(post)), std::move(secret), s.cards == config::card_view::full,
            [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }});
  return "";
}

// Adds the ways on which alarms reach people. Returns what is wrong; empty: nothing.
std::string add_alarms(roles& r, const config::settings& s, net::loop& on) {
  if (!s.has_upstream())
    return "";
  auto made = make_alarm_outlets(s.alarms, on);
  if (auto* why = std::get_if<std::string>(&made))
    return std::move(*why);
  r.alarms = std::get<std::shared_ptr<alarm_outlets>>(std::move(made));
  return "";
}

// A shorter one could be guessed.
constexpr std::size_t admin_token_min = 16;

std::string read_admin_token(roles& r, const config::admin_settings& s) {
  if (s.token_file.empty())
    return "";
  auto read = config::read_file(s.token_file);
  if (const auto* why = std::get_if<std::string>(&read))
    return "adminTokenFile: " + s.token_file + " " + *why;
  auto text = std::get<config::file_text>(std::move(read)).text;
  text.erase(std::min(text.find_last_not_of(" \r\n\t") + 1, text.size()));
  if (text.size() < admin_token_min || text.find_first_of(" \r\n\t") != std::string::npos)
    return "adminTokenFile: " + s.token_file + " must have one word of at least " +
           std::to_string(admin_token_min) + " characters, as `openssl rand -hex 32` makes";
  *r.admin_token = std::move(text);
  return "";
}

// Adds the statistics of earlier processes. Returns what is wrong; empty: nothing.
std::string read_statistics(roles& r, const config::settings& s) {
  const auto& path = s.statistics_file;
  if (path.empty())
    return "";
  const auto where = "statDumpFile '" + path + "' ";
  if (!store::identity_of(path).empty()) {
    const auto read = config::read_json_file(path);
    if (const auto* why = std::get_if<std::string>(&read))
      return where + *why;
    const auto& text = std::get<config::file_text>(read).text;
    auto sums = totals::from_json(text);
    if (!sums && !text.empty())
      return where +
             "does not have statistics as statServerPort sends them; give another path, or move that "
             "file away to begin at zero";
    r.sums = sums.value_or(totals());
  }
  return "";
}

// The bank emulator's and the test clients'.
std::string fault_of_framings(const roles& r, const config::settings& s) {
  if (auto of_bank = host_framing(s.bank.frame, r.bank_dialect);
      auto* why = std::get_if<std::string>(&of_bank))
    return std::move(*why);
  auto of_tests = client_framing(s.test_clients.frame, *r.test_dialect);
  auto* why = std::get_if<std::string>(&of_tests);
  return why ? std::move(*why) : "";
}

// Why a file that the process writes cannot be written; empty: it can be, or made.
std::string fault_of_writing(const std::string& path) {
  std::error_code missing;
  const auto is = std::filesystem::status(path, missing);
  if (std::filesystem::is_directory(is))
    return "it is a directory, not a file";
  const auto what = std::filesystem::exists(is) ? path : store::directory_of(path);
  if (what != path && !std::filesystem::is_directory(what, missing))
    return "there is no directory " + what;
  return ::access(what.c_str(), W_OK) == 0 ? "" : store::cannot("write", what);
}

std::string fault_of_log_file(const config::settings& s) {
  if (s.log.file.empty())
    return "";
  const auto why = fault_of_writing(s.log.file);
  return why.empty() ? "" : "cannot write the logFile '" + s.log.file + "': " + why;
}

std::string fault_of_pid_file(const config::settings& s) {
  if (s.pid_file.empty())
    return "";
  auto why = why_no_pid_file(s.pid_file);
  if (why.empty())
    why = fault_of_writing(s.pid_file);
  return why.empty() ? "" : "cannot write the pidFile '" + s.pid_file + "': " + why;
}

std::string fault_of_statistics_file(const config::settings& s) {
  if (s.statistics_file.empty())
    return "";
  const auto why = fault_of_writing(s.statistics_file);
  return why.empty() ? "" : "statDumpFile: " + why;
}

void add_faults_of_ports(std::vector<std::string>& faults, const config::settings& s, net::loop& on) {
  const auto look = [&](const char* name, std::uint16_t port, const std::string& address = {}) {
    if (port == 0)
      return;
    if (const auto why = net::fault_of_port(on, port, address); !why.empty())
      faults.push_back(name + (": " + why));
  };
  look("echoServerPort", s.bank.port);
  look("listenPort", s.raw_listeners.front().port);
  look("listenHttpPort", s.http_listeners.front().port);
  look("statServerPort", s.statistics_port);
  look("adminPort", s.admin.port, s.admin.address);
  for (const auto& host : s.upstreams)
    look("upstreamListenPort", host.listen_port);
  const auto& n = s.node;
  if (n.port != 0 &&
      !net::fault_of_port(on, n.port, n.address == "localhost" ? "127.0.0.1" : n.address).empty())
    faults.push_back("nodePort: port " + std::to_string(n.port) + " of " + n.address +
                     " cannot be opened; is another program using it?");
}

std::string fault_of_journal(const config::settings& s) {
  const auto& j = s.journal;
  if (!s.has_upstream() || !j.is_kept())
    return "";
  // Its control socket lies beside it.
  if (const auto why = net::fault_of_local_path(j.directory + "/control"); !why.empty())
    return "journal: " + why;
  return store::fault_of_journal(j.directory, j.key_file.empty() ? j.directory + "/journal.key" : j.key_file);
}

std::string fault_of_test_control(const config::settings& s) {
  const auto why = s.bank.control.empty() ? "" : net::fault_of_local_path(s.bank.control);
  return why.empty() ? "" : "testControl: " + why;
}

}  // namespace

// Empty where they can be, or are not asked for.
std::string why_no_test_clients(const environment& env) {
  const auto& s = env.settings.test_clients;
  if (s.count == 0)
    return "";
  const auto found = dialect_of(env.upstreams, s.dialect);
  if (const auto* why = std::get_if<std::string>(&found))
    return *why;
  const auto& d = *std::get<dialect_ptr>(found);
  return d.echo.mti.empty() || (s.purchases && d.purchase.mti.empty())
           ? "testClients: the dialect '" + d.name +
               "' has no examples of what they send; add `examples` with an echo and a purchase to its file"
           : "";
}

namespace {

void add_fault(std::vector<std::string>& faults, std::string why) {
  if (!why.empty())
    faults.push_back(std::move(why));
}

// Ports, files that are written, the journal.
void add_faults_outside(std::vector<std::string>& faults, roles& r, const config::settings& s,
                        net::loop& on) {
  add_faults_of_ports(faults, s, on);
  add_fault(faults, read_statistics(r, s));
  add_fault(faults, fault_of_statistics_file(s));
  add_fault(faults, fault_of_pid_file(s));
  add_fault(faults, fault_of_log_file(s));
  add_fault(faults, fault_of_test_control(s));
  add_fault(faults, fault_of_journal(s));
}

}  // namespace

std::vector<std::string> read_parts(roles& r, const environment& env, net::loop& on) {
  const auto& s = env.settings;
  std::vector<std::string> faults;
  if (auto why = add_ports(r, env); why.empty())
    add_fault(faults, fault_of_framings(r, s));
  else
    faults.push_back(std::move(why));
  add_fault(faults, add_hook(r, env, on));
  add_fault(faults, add_alarms(r, s, on));
  add_fault(faults, read_admin_token(r, s.admin));
  add_fault(faults, fault_of_dialers(env));
  return faults;
}

std::vector<std::string> faults_before_start(roles& r, const environment& env, net::loop& on) {
  auto faults = read_parts(r, env, on);
  add_faults_outside(faults, r, env.settings, on);
  return faults;
}

std::vector<std::string> faults_without_hosts(const config::settings& s, net::loop& on) {
  roles r;
  std::vector<std::string> faults;
  add_fault(faults, add_alarms(r, s, on));
  add_fault(faults, read_admin_token(r, s.admin));
  add_faults_outside(faults, r, s, on);
  return faults;
}

}  // namespace actors
