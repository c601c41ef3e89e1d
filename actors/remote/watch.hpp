// `socketqueue inspect --watch`: the gateway, live.
#pragma once

#include <string>

#include "actors/remote/node_client.hpp"

namespace actors {

/// Until a key ends it. `view`: what is listed first.
void watch(node_client& node, const std::string& view);

}  // namespace actors
