// The rows of the option table, a function for each group. For config/options.cpp alone.
#pragma once

#include <span>

#include "config/options.hpp"

namespace config {

// Limits of times in seconds.
inline constexpr double day = 86400, year = 366 * day;

std::span<const option> host_options();
std::span<const option> client_options();
std::span<const option> queue_options();
std::span<const option> money_options();
std::span<const option> test_options();
std::span<const option> log_options();
std::span<const option> watch_options();
std::span<const option> process_options();

}  // namespace config
