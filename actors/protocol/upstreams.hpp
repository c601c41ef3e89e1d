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

struct upstream;
using upstream_ptr = std::shared_ptr<const upstream>;

/// A bank: a transaction belongs to one, and so does its reversal. The dialect is that of the gateway's own
/// messages, which is the clients'.
struct upstream {
  std::string name;  ///< of the group of links; empty: the only one. It stands in the journal's records
  dialect_ptr dialect;
  config::upstream_settings settings;
  config::group_settings group = {};     ///< how one of its links is chosen
  std::vector<upstream_ptr> links = {};  ///< with names, dialects and settings of their own; none: it is
                                         ///< its own link, the only one
  bool has_own_messages = false;         ///< of a link: its dialect is another one than the gateway's

  bool was_called(std::string_view n) const {
    return std::ranges::find(group.before, n) != group.before.end();
  }
};

/// The banks of a gateway.
class upstreams {
public:
  upstreams() = default;
  explicit upstreams(std::vector<upstream_ptr> all) : all_(std::move(all)) {}

  /// One alone.
  static upstreams only(dialect_ptr dialect, const config::upstream_settings& settings = {}) {
    return upstreams(
      {std::make_shared<const upstream>(upstream{settings.name, std::move(dialect), settings})});
  }

  /// By its name, or a name that it had before; nullptr where there is none.
  const upstream* find(std::string_view name) const {
    auto found = std::ranges::find(all_, name, [](const auto& u) { return std::string_view(u->name); });
    if (found == all_.end())
      found = std::ranges::find_if(all_, [name](const auto& u) { return u->was_called(name); });
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
  net::framing framing = {};  ///< without functions they have no frame, and are cut by reading them
};
using raw_port_ptr = std::shared_ptr<const raw_port>;

/// A port of HTTP clients.
struct http_port {
  config::http_listener_settings settings;
  dialect_ptr dialect;  ///< of its messages

  /// The client that a peer's X-Forwarded-For names; empty: the peer itself. None: nobody is believed.
  std::function<std::string(std::string_view peer, std::string_view forwarded_for)> client_of = {};
};
using http_port_ptr = std::shared_ptr<const http_port>;

}  // namespace actors
