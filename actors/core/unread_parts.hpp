// Logs the parts of messages that the dialect could not read: each kind once a minute, with its count.
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
    if (k.logged_at && now - *k.logged_at < std::chrono::minutes(1))
      return;
    k.logged_at = now;
    config::log::warning("{}{} ({} so far)", of_what, codec::to_string(f), k.count);
  }

private:
  struct kind {
    std::optional<time_point> logged_at;
    std::uint64_t count = 0;
  };
  std::map<std::pair<codec::fault_code, int>, kind> kinds_;
};

}  // namespace actors
