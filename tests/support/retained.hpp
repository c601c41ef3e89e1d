// Both parts of a request that may be written to a disk.
#pragma once

#include "codec/privacy/retention.hpp"

namespace support {

struct retained_parts {
  codec::message open, sealed;
};

inline retained_parts parts_to_retain(const codec::message& request, const codec::dialect& d) {
  return {codec::open_part(request, d), codec::sealed_part(request, d)};
}

}  // namespace support
