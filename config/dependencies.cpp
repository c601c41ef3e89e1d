#include "config/dependencies.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "config/config_file.hpp"

namespace config {

namespace {

using fault_list = std::vector<std::string>;

// "a:5000,[::1]:5001": each of the hosts has a port of its own (net/tcp/target).
bool all_have_ports(std::string_view hosts) {
  for (std::size_t from = 0; from <= hosts.size();) {
    const auto comma = std::min(hosts.find(',', from), hosts.size());
    const auto one = hosts.substr(from, comma - from);
    const auto colons = std::ranges::count(one, ':');
    if (one.find("]:") == one.npos && colons != 1)
      return false;
    from = comma + 1;
  }
  return true;
}

bool is_loopback(std::string_view address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

// Where a link leads to. `where`: in front of a fault.
void check_link(const upstream_settings& host, const std::string& where, fault_list& all) {
  if (host.host.empty() ? host.port != 0 : host.port == 0 && !all_have_ports(host.host))
    all.push_back(where + "upstreamHost and upstreamPort belong together; " +
                  std::string(host.port == 0 ? "upstreamPort" : "upstreamHost") + " is missing");
  if (!host.host.empty() && host.listen_port != 0)
    all.push_back(where +
                  "either upstreamHost (we connect) or upstreamListenPort (the host connects), not both");
  if (host.listen_port != 0 && host.allowed.empty())
    all.push_back(
      where +
      "upstreamListenPort needs upstreamAllow, the addresses or networks from which the host connects, as "
      "--upstreamAllow=10.1.2.3; without it the first program that connects would be the bank");
  if (host.listen_port == 0 && !host.allowed.empty())
    all.push_back(where + "upstreamAllow belongs to upstreamListenPort, where the host connects");
}

void check_links(const settings& s, fault_list& all) {
  const bool is_list = !s.groups.empty();
  for (std::size_t i = 0; i < s.upstreams.size(); ++i) {
    const auto where = is_list ? "upstreams[" + std::to_string(i) + "]: " : "";
    check_link(s.upstreams[i], where, all);
    if (is_list && !s.upstreams[i].is_given())
      all.push_back(where + "it leads nowhere: give it upstreamHost and upstreamPort, or upstreamListenPort");
  }
}

// Who reaches the port without TLS could speak to actors, so it is this machine alone.
void check_node(const node_settings& n, fault_list& all) {
  const std::pair<const char*, const std::string*> files[] = {{"nodeTlsCertificate", &n.certificate_file},
                                                              {"nodeTlsKey", &n.key_file},
                                                              {"nodeTlsAuthority", &n.authority_file}};
  const auto given = std::ranges::count_if(files, [](const auto& f) { return !f.second->empty(); });
  for (const auto& [name, file] : files)
    if (given != 0 && file->empty())
      all.push_back("nodeTlsCertificate, nodeTlsKey and nodeTlsAuthority belong together; " +
                    std::string(name) + " is missing");
  if (n.port != 0 && given == 0 && !is_loopback(n.address))
    all.push_back("nodeAddress=" + n.address +
                  ": nodePort is open to other machines only with TLS; give nodeTlsCertificate, nodeTlsKey "
                  "and nodeTlsAuthority, or a loopback address (docs/INSPECT.md)");
}

// What the process is for.
void check_roles(const settings& s, fault_list& all) {
  const auto& clients = s.test_clients;
  if (s.has_upstream() && !s.has_clients())
    all.emplace_back("a gateway needs clients: give listenPort or listenHttpPort");
  if (!s.has_upstream() && s.has_clients())
    all.emplace_back("a gateway needs a host: give upstreamHost and upstreamPort, or upstreamListenPort");
  if (clients.count != 0 && (clients.host.empty() || clients.port == 0))
    all.emplace_back("testClients needs testTargetHost and testTargetPort");
  if (const auto& b = s.bank; b.port == 0 && (b.silent != 0 || b.late.count() != 0 || b.hangs_up ||
                                              !b.response_code.empty() || !b.control.empty()))
    all.emplace_back(
      "testSilent, testLate, testResponseCode, testHangUp and testControl are the bank emulator's: give it "
      "echoServerPort");
  if (!s.has_upstream() && !s.has_clients() && s.bank.port == 0 && clients.count == 0)
    all.emplace_back(
      "nothing to do: give upstreamHost, upstreamPort and listenPort or listenHttpPort for a gateway, "
      "echoServerPort for a bank emulator, or testClients, testTargetHost and testTargetPort; --help lists "
      "all");
}

void check_journal(const journal_settings& j, fault_list& all) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (j.is_kept() && std::ranges::equal(j.directory, std::string_view("none"), {}, lower))
    all.push_back("journal is " + in_quotes(j.directory) +
                  ": give --journal=none for no journal, or --journal=./" + j.directory +
                  " for a directory of that name");
}

void check_servers(const settings& s, fault_list& all) {
  if (const auto& hook = s.host_requests; hook.url.empty() != hook.secret_file.empty())
    all.push_back("hostRequestUrl and hostRequestSecretFile belong together; " +
                  std::string(hook.url.empty() ? "hostRequestUrl" : "hostRequestSecretFile") + " is missing");
  if (s.proxies.uses_the_protocol && s.proxies.trusted.empty())
    all.emplace_back(
      "proxyProtocol needs trustedProxies, the addresses of the proxies: any other program "
      "that reached the ports could call itself by any address");
  const auto& l = s.log;
  if (l.logstash_host.empty() != (l.logstash_port == 0))
    all.push_back("logstashHost and logstashPort belong together; " +
                  std::string(l.logstash_port == 0 ? "logstashPort" : "logstashHost") + " is missing");
  const auto& a = s.alarms;
  if (a.url.empty() != a.secret_file.empty())
    all.push_back("alarmUrl and alarmSecretFile belong together; " +
                  std::string(a.url.empty() ? "alarmUrl" : "alarmSecretFile") + " is missing");
  else if ((!a.command.empty() || !a.url.empty()) && !s.has_upstream())
    all.push_back(std::string(a.command.empty() ? "alarmUrl" : "alarmCommand") +
                  " belongs to a gateway: give upstreamHost and upstreamPort, or upstreamListenPort");
}

// Two of this process's own ports that cannot both be opened.
void check_ports(const settings& s, fault_list& all) {
  struct own_port {
    std::string_view name;
    std::uint16_t number;
    std::string_view address = {};  // empty: all of this machine
  };
  const own_port ports[] = {{"listenPort", s.raw_listeners.front().port},
                            {"listenHttpPort", s.http_listeners.front().port},
                            {"echoServerPort", s.bank.port},
                            {"upstreamListenPort", s.upstreams.front().listen_port},
                            {"statServerPort", s.statistics_port},
                            {"adminPort", s.admin.port, s.admin.address},
                            {"nodePort", s.node.port, s.node.address}};
  for (const auto& a : ports)
    for (const auto& b : std::span(ports).first(static_cast<std::size_t>(&a - ports)))
      if (a.number != 0 && a.number == b.number &&
          (a.address == b.address || a.address.empty() || b.address.empty()))
        all.push_back(std::string(b.name) + " and " + std::string(a.name) + " are both port " +
                      std::to_string(a.number) + "; give each its own");
}

}  // namespace

std::vector<std::string> faults_of(const settings& s) {
  fault_list all;
  check_links(s, all);
  check_roles(s, all);
  check_journal(s.journal, all);
  if (const auto& raw = s.raw_listeners.front(); raw.takes_host_requests && !raw.keep_open)
    all.emplace_back(
      "clientHostRequests needs clientKeepOpen: a client that is to get requests stays connected");
  check_servers(s, all);
  check_node(s.node, all);
  check_ports(s, all);
  return all;
}

bool dials_itself(const settings& s, const upstream_settings& host) {
  const auto& raw = s.raw_listeners.front();
  const auto port = host.port;
  return is_loopback(host.host) && port != 0 && (port == raw.port || port == s.http_listeners.front().port);
}

}  // namespace config
