// The links of a configuration that was read again while the gateway runs.
#pragma once

#include <string>
#include <variant>

#include "actors/core/environment.hpp"
#include "actors/upstream/link_groups.hpp"

namespace net {
class loop;
}

namespace actors {

/// The links that `to` has, each with a dialer where it is new or another one than `from` has. The error is a
/// sentence for the operator: then nothing is changed.
std::variant<dialed_links, std::string> changed_links(const config::settings& from,
                                                      const config::settings& to, net::loop& on);

}  // namespace actors
