// Real proxies in front of the gateway, as merchants use them: HAProxy and nginx, with generated
// configurations.
#pragma once

#include <cstdint>
#include <string>

#include "tests/chaos/child.hpp"

namespace chaos {

/// The ports of a proxy and of the gateway.
struct proxy_ports {
  std::uint16_t http, http_other,
    raw;  ///< `http_other` uses the proxy's other way of connecting to the gateway
  std::uint16_t gateway_http, gateway_raw;
};

class proxy {
public:
  virtual ~proxy() = default;

  virtual void start() = 0;
  /// Reloads its configuration; connections of the old processes go on for a while.
  virtual void reload() = 0;
  void kill() { child_.kill(); }
  bool is_running() { return child_.is_running(); }

protected:
  child child_;
};

/// `http`: HAProxy's default reuse of connections to the gateway; `http_other`: `http-reuse never`.
class haproxy final : public proxy {
public:
  haproxy(std::string directory, const proxy_ports& ports);

  /// A sentence where it is not installed, else empty.
  static std::string missing();

  void start() override;
  void reload() override;

private:
  std::string directory_;
};

/// `http`: a new connection to the gateway for each request; `http_other`: persistent ones.
class nginx final : public proxy {
public:
  nginx(std::string directory, const proxy_ports& ports);

  /// A sentence where it is not installed, else empty.
  static std::string missing();

  void start() override;
  void reload() override;

private:
  std::string directory_;
};

}  // namespace chaos
