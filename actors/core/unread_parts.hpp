// Says in the log what of others' messages the dialect could not read: each kind once a minute, with how
// often.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "actors/protocol/transaction.hpp"
#include "codec/result.hpp"
#include "config/log.hpp"

namespace actors {

class unread_parts {
public:
  void tell(time_point now, const char* of_what, const codec::fault& f) {
    auto& k = kinds_[{f.code, f.field}];
    ++k.count;
    if (k.told && now - *k.told < std::chrono::minutes(1))
      return;
    k.told = now;
    config::log::warning("{}{} ({} so far)", of_what, codec::to_string(f), k.count);
  }

private:
  struct kind {
    std::optional<time_point> told;
    std::uint64_t count = 0;
  };
  std::map<std::pair<codec::fault_code, int>, kind> kinds_;
};

}  // namespace actors
