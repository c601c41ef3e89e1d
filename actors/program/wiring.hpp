// From settings to the connections and the environment of the actors.
#pragma once

#include <string>
#include <variant>

#include "actors/core/environment.hpp"
#include "actors/program/parts.hpp"

namespace net {
class loop;
}

namespace actors {

/// The error is a sentence for the operator.
std::variant<std::shared_ptr<environment>, std::string> make_environment(const config::settings& s);

/// Connections that can be open at a time: what the limit of open files leaves.
std::size_t connections_max();

/// Takes the journal for this process, reads it, and binds all ports; they accept when their actors open
/// them. The error is for the operator.
std::variant<roles, std::string> make_roles(const environment_ptr& env, net::loop& on);

}  // namespace actors
