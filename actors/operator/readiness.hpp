// Whether the gateway can serve new transactions, and why not. Pure.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "actors/protocol/metrics.hpp"

namespace actors {

/// A reversal that has been open for longer makes the gateway not ready.
inline constexpr std::chrono::minutes reversal_age_max{15};

/// A part that has a problem, and what it is.
struct problem {
  std::string part, detail;
};

/// None: new transactions can be served.
std::vector<problem> problems_of(const gateway_status& s);

/// Of a link: "host" where it is the only one.
std::string name_of(const gateway_status::host& h);

}  // namespace actors
