// The part that speaks to the service manager.
#pragma once

#include <chrono>
#include <memory>

#include "actors/core/gateway.hpp"

namespace net {
class service_manager;
}

namespace actors {

using service_manager_ptr = std::shared_ptr<net::service_manager>;

/// Says that the process serves when clients are admitted, and in each `period` that the loop still runs; 0:
/// the latter is not asked for.
part service_part(service_manager_ptr manager, std::chrono::milliseconds period);

}  // namespace actors
