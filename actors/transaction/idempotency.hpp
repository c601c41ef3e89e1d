// Remembers requests by id and by Idempotency-Key.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"
#include "store/sealing.hpp"

namespace actors {

class request_cache;

/// What the journal knows of earlier processes.
struct known_requests {
  std::vector<found_by_key> transactions;
  std::optional<time_point> on_disk_alone_until = {};  ///< until then its disk may have more of them
};

/// What is remembered lies outside, so it survives the actor; what is `known` is in it from the start.
/// `sealer`: makes fingerprints of keys; none where nothing is written to a disk, and so nothing is found
/// there.
std::shared_ptr<request_cache> make_request_cache(const known_requests& known, const environment& env,
                                                  std::shared_ptr<const store::sealer> sealer);

idempotency_actor spawn_idempotency(caf::actor_system& system, environment_ptr env,
                                    std::shared_ptr<request_cache> remembered);

}  // namespace actors
