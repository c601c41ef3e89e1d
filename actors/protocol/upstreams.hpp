// Where messages go, and how they look there and at the ports where they come in.
#pragma once

#include <algorithm>
#include <cassert>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/dialect/dialect.hpp"
#include "config/settings.hpp"
#include "net/framing.hpp"

namespace actors {

using dialect_ptr = std::shared_ptr<const codec::dialect>;

/// A bank's host.
struct upstream {
  std::string name;  ///< empty: the only one. It stands in the journal's records
  dialect_ptr dialect;
  config::upstream_settings settings;
};
using upstream_ptr = std::shared_ptr<const upstream>;

/// The hosts of a gateway.
class upstreams {
public:
  upstreams() = default;
  explicit upstreams(std::vector<upstream_ptr> all) : all_(std::move(all)) {}

  /// One alone.
  static upstreams only(dialect_ptr dialect, const config::upstream_settings& settings = {}) {
    return upstreams(
      {std::make_shared<const upstream>(upstream{settings.name, std::move(dialect), settings})});
  }

  /// nullptr where there is none of this name.
  const upstream* find(std::string_view name) const {
    const auto found = std::ranges::find(all_, name, [](const auto& u) { return std::string_view(u->name); });
    return found == all_.end() ? nullptr : found->get();
  }

  /// That of a message or a transaction: there is one, for ports are given only such, and a replay refuses
  /// other records.
  const upstream& of(std::string_view name) const {
    const auto* found = find(name);
    assert(found);
    return *found;
  }
  const codec::dialect& dialect_of(std::string_view name) const { return *of(name).dialect; }

  const std::vector<upstream_ptr>& all() const { return all_; }

private:
  std::vector<upstream_ptr> all_;
};

/// A port of raw clients.
struct raw_port {
  config::raw_listener_settings settings;
  dialect_ptr dialect;        ///< of its messages
  std::string upstream = {};  ///< where they go
  net::framing framing = {};  ///< without functions they have no frame, and are cut by reading them
};
using raw_port_ptr = std::shared_ptr<const raw_port>;

/// A port of HTTP clients.
struct http_port {
  config::http_listener_settings settings;
  dialect_ptr dialect;        ///< of its messages
  std::string upstream = {};  ///< where they go
};
using http_port_ptr = std::shared_ptr<const http_port>;

}  // namespace actors
