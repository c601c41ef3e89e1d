// What dials the hosts of the settings.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "actors/program/parts.hpp"

namespace net {
class loop;
}

namespace actors {

/// What dials this link, or why nothing can.
std::variant<std::shared_ptr<net::dialer>, std::string> make_dialer_of(const upstream& link, net::loop& on);

/// Why a link of the settings cannot be dialed; empty: all can. Opens nothing.
std::string fault_of_dialers(const environment& env);

/// Adds what dials the links to `r`. Returns what is wrong; empty: nothing.
std::string add_dialers(roles& r, const environment& env, net::loop& on);

}  // namespace actors
