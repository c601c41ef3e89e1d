// One host, as gateways have it in tests.
#pragma once

#include "actors/protocol/upstreams.hpp"
#include "tests/support/dialects.hpp"

namespace support {

inline actors::upstreams one_upstream(const config::upstream_settings& s = {}) {
  return actors::upstreams::only(shared_smart_vista(), s);
}

}  // namespace support
