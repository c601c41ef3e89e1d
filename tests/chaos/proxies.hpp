// Real proxies in front of the gateway, as shops have them: HAProxy and nginx, with configurations that we
// write.
#pragma once

#include <cstdint>
#include <string>

#include "tests/chaos/child.hpp"

namespace chaos {

/// Where a proxy listens, and where the gateway does.
struct proxy_ports {
  std::uint16_t http, http_other,
    raw;  ///< `http_other` treats connections to the gateway in its other manner
  std::uint16_t gateway_http, gateway_raw;
};

class proxy {
public:
  virtual ~proxy() = default;

  virtual void start() = 0;
  /// It reads its configuration anew; connections of the old processes go on for a while.
  virtual void reload() = 0;
  void kill() { child_.kill(); }
  bool is_running() { return child_.is_running(); }

protected:
  child child_;
};

/// `http`: HAProxy's usual way of using connections to the gateway again; `http_other`: `http-reuse never`.
class haproxy final : public proxy {
public:
  haproxy(std::string directory, const proxy_ports& ports);

  /// A sentence where it is not installed.
  static std::string missing();

  void start() override;
  void reload() override;

private:
  std::string directory_;
};

/// `http`: a connection to the gateway for each request; `http_other`: kept open.
class nginx final : public proxy {
public:
  nginx(std::string directory, const proxy_ports& ports);

  /// A sentence where it is not installed.
  static std::string missing();

  void start() override;
  void reload() override;

private:
  std::string directory_;
};

}  // namespace chaos
