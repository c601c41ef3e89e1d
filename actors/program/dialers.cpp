// What dials the hosts of the settings.

#include "actors/program/dialers.hpp"

#include "actors/core/framings.hpp"
#include "config/log.hpp"
#include "net/loop.hpp"
#include "net/tcp/connector.hpp"
#include "net/tcp/host_listener.hpp"
#include "net/tcp/networks.hpp"

namespace actors {

namespace {

// The dialer of a link, or why there is none; nullptr if the settings name no host.
std::variant<std::shared_ptr<net::dialer>, std::string> make_host_dialer(const config::upstream_settings& s,
                                                                         net::loop& on,
                                                                         const net::framing& framing) {
  if (!s.host.empty()) {
    auto targets = net::parse_targets(s.host, s.port);
    if (const auto* why = std::get_if<std::string>(&targets))
      return "upstreamHost: " + *why;
    net::dial_options options{std::get<std::vector<net::target>>(std::move(targets))};
    options.how = framing;
    options.in_turn = s.in_turn;
    options.limits = net::host_limits;
    return net::make_connector(on, std::move(options));
  }
  if (s.listen_port == 0)
    return std::shared_ptr<net::dialer>();
  auto allowed = net::networks::parse(s.allowed);
  if (const auto* why = std::get_if<std::string>(&allowed))
    return "upstreamAllow: " + *why;
  net::host_listen_options options;
  options.how = framing;
  options.allowed = std::make_shared<net::networks>(std::get<net::networks>(std::move(allowed)));
  if (options.allowed->is_any())
    config::log::warning("upstreamAllow={}: every program that reaches port {} can be the bank", s.allowed,
                         s.listen_port);
  options.trouble = [port = s.listen_port](const std::string& why) {
    config::log::warning("Port {} of the ISO-host: {}", port, why);
  };
  auto waiting = net::listen_for_host(on, s.listen_port, std::move(options));
  if (const auto* why = std::get_if<std::string>(&waiting))
    return "upstreamListenPort: " + *why;
  return std::shared_ptr<net::dialer>(std::get<std::unique_ptr<net::dialer>>(std::move(waiting)));
}

}  // namespace

std::variant<std::shared_ptr<net::dialer>, std::string> make_dialer_of(const upstream& link, net::loop& on) {
  auto framing = host_framing(link.settings.frame, link.dialect);
  if (auto* why = std::get_if<std::string>(&framing))
    return std::move(*why);
  return make_host_dialer(link.settings, on, std::get<net::framing>(framing));
}

std::string fault_of_dialers(const environment& env) {
  const auto fault_of = [](const upstream& link) -> std::string {
    auto framing = host_framing(link.settings.frame, link.dialect);
    if (auto* why = std::get_if<std::string>(&framing))
      return std::move(*why);
    const auto& s = link.settings;
    if (!s.host.empty())
      if (auto targets = net::parse_targets(s.host, s.port); auto* why = std::get_if<std::string>(&targets))
        return "upstreamHost: " + *why;
    if (s.host.empty() && s.listen_port != 0)
      if (auto allowed = net::networks::parse(s.allowed); auto* why = std::get_if<std::string>(&allowed))
        return "upstreamAllow: " + *why;
    return "";
  };
  for (const auto& group : env.upstreams.all()) {
    if (group->links.empty())
      return fault_of(*group);
    for (const auto& link : group->links)
      if (auto why = fault_of(*link); !why.empty())
        return "upstreams, link '" + link->name + "': " + why;
  }
  return "";
}

std::string add_dialers(roles& r, const environment& env, net::loop& on) {
  const auto& all = env.upstreams.all();
  if (all.front()->links.empty()) {
    auto dialer = make_dialer_of(*all.front(), on);
    if (auto* why = std::get_if<std::string>(&dialer))
      return std::move(*why);
    r.host = std::get<std::shared_ptr<net::dialer>>(std::move(dialer));
    return {};
  }
  for (const auto& group : all)
    for (const auto& link : group->links) {
      auto dialer = make_dialer_of(*link, on);
      if (const auto* why = std::get_if<std::string>(&dialer))
        return "upstreams, link '" + link->name + "': " + *why;
      r.links.push_back({group->name, link, std::get<std::shared_ptr<net::dialer>>(std::move(dialer))});
    }
  return {};
}

}  // namespace actors
