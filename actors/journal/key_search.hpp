// Finds the transaction of a key that memory has dropped, in the records on the disk.
#pragma once

#include <caf/all.hpp>
#include <functional>
#include <string>
#include <unordered_map>

#include "actors/core/environment.hpp"
#include "actors/journal/journal.hpp"
#include "actors/journal/write_queue.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// The disk's reply, for `key_search::take`.
struct looked_up {
  std::uint64_t number;
  store::found_records found;
};

class key_search {
public:
  /// `writes`: the journal's queue; a search may wait for its batch. `report` gets the disk's replies.
  void start(environment_ptr env, const journal_parts& parts, write_queue& writes,
             std::function<void(looked_up)> report);

  /// Delivers the youngest transaction with `key`, or none, to `promise`.
  caf::typed_response_promise<found_by_key> find(const std::string& key,
                                                 caf::typed_response_promise<found_by_key> promise);

  void take(const looked_up& result, time_point now);

private:
  struct inquiry {
    std::string key;
    caf::typed_response_promise<found_by_key> promise;
    bool waited = false;  ///< for the batch with what was decided before it
  };

  void look_up(inquiry asked);

  environment_ptr env_;
  journal_parts parts_;
  write_queue* writes_ = nullptr;
  std::function<void(looked_up)> report_;
  std::unordered_map<std::uint64_t, inquiry> inquiries_;
  std::uint64_t last_ = 0;
};

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::looked_up)
