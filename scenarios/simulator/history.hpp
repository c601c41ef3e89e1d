// What happened to a purchase, as text.
#pragma once

#include <string>

#include "scenarios/simulator/ledger_entry.hpp"

namespace simulator {

/// Seconds since the beginning of the run, as in "12.034".
std::string stamp(time_point when);

/// A line for each event, behind one that says whose purchase it is.
std::string story_of(const ledger_entry& t);

}  // namespace simulator
