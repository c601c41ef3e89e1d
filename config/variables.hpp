// Options as environment variables: upstreamHost is SOCKETQUEUE_UPSTREAM_HOST.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/options.hpp"

namespace config {

/// "SOCKETQUEUE_UPSTREAM_HOST".
std::string variable_of(const option& o);

/// An option as it stands in the environment.
struct variable {
  const option* what;
  std::string name, text;
};

/// The options that the environment gives, of "NAME=value" each. Empty values are none, and so are the
/// variables by which Kubernetes and Docker tell of services that are called socketqueue. Another variable
/// that begins with SOCKETQUEUE_ adds a sentence to `faults`.
std::vector<variable> options_in(std::span<const char* const> environment, std::vector<std::string>& faults);

/// This process's environment.
std::vector<const char*> own_environment();

}  // namespace config
