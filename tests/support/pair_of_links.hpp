// A gateway in virtual time between clients and two links to their banks.
#pragma once

#include "tests/support/virtual_gateway.hpp"

namespace support {

inline config::upstream_settings link_called(const std::string& name) {
  config::upstream_settings link;
  link.name = name;
  link.host = name;
  link.port = 1;
  link.dialect.name = "smartVista";
  link.liveness.echo_timeout = std::chrono::seconds(10);
  link.liveness.request_misses = 3;
  return link;
}

inline config::group_settings group_of(const std::string& name, const std::vector<std::string>& names) {
  config::group_settings group;
  group.name = name;
  group.links = names;
  return group;
}

// Links of one unnamed group.
inline std::function<void(config::settings&)> links(
  std::vector<std::string> names, const std::function<void(config::settings&)>& change = {}) {
  return [names, change](config::settings& s) {
    s.upstreams.clear();
    for (const auto& name : names)
      s.upstreams.push_back(link_called(name));
    s.groups = {group_of("", names)};
    if (change)
      change(s);
  };
}

struct pair_of_links : virtual_gateway {
  explicit pair_of_links(const std::function<void(config::settings&)>& change = {})
    : virtual_gateway(links({"main", "backup"}, change)) {
    main = link_answers("main");
    backup = link_answers("backup");
  }

  void main_says(const codec::message& m) {
    main->says(wire(m));
    run_until_idle();
  }
  void backup_says(const codec::message& m) {
    backup->says(wire(m));
    run_until_idle();
  }

  player::connection_ptr main, backup;
};

/// What was sent over a link, but for echoes.
inline std::vector<codec::message> money_in(const player::connection_ptr& line) {
  auto all = messages_in(line->sent);
  std::erase_if(all, [](const codec::message& m) { return m.mti() == "0800"; });
  return all;
}

}  // namespace support
