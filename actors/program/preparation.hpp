// What a start needs and that changes nothing.
#pragma once

#include <string>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/program/parts.hpp"

namespace net {
class loop;
}

namespace actors {

/// Why there can be no test clients; empty: there can, or none are asked for.
std::string why_no_test_clients(const environment& env);

/// Adds to `r` what comes from files and settings alone: dialects, frames, secrets, certificates. Returns
/// what is wrong with them, a sentence each.
std::vector<std::string> read_parts(roles& r, const environment& env, net::loop& on);

/// The same, and the statistics of earlier processes. Returns everything that is seen to be in the way of a
/// start: files, secrets, certificates, ports in use, the journal. Opens no port, makes no file and calls
/// nobody.
std::vector<std::string> faults_before_start(roles& r, const environment& env, net::loop& on);

/// Those of them that are seen where there is no environment, because a dialect or a link cannot be had.
std::vector<std::string> faults_without_hosts(const config::settings& s, net::loop& on);

}  // namespace actors
