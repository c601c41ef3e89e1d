// Options that need or exclude each other.
#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace config {

/// What is wrong with these settings as a whole, a sentence each, the most important first.
std::vector<std::string> faults_of(const settings& s);

/// Whether `port` of this machine is one of the clients' own: a gateway that dials it would be its own bank.
bool dials_itself(const settings& s, const upstream_settings& host);

}  // namespace config
