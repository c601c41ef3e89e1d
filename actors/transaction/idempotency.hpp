// The actor for requests that a client may ask for again, by id or by Idempotency-Key: it submits each of
// them once. What it remembers is a `request_cache`; which phase follows which is a table, `request_phase`.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"
#include "store/sealing.hpp"

namespace actors {

class request_cache;

/// The transactions of earlier processes that the journal has.
struct known_requests {
  std::vector<found_by_key> transactions;
  std::optional<time_point> on_disk_alone_until = {};  ///< until then the disk may have more
};

/// The cache is outside the actor, so it survives a restart of the actor; it begins with the requests in
/// `known`. `sealer`: makes fingerprints of keys; nullptr if there is no journal on a disk.
std::shared_ptr<request_cache> make_request_cache(const known_requests& known, const environment& env,
                                                  std::shared_ptr<const store::sealer> sealer);

idempotency_actor spawn_idempotency(caf::actor_system& system, environment_ptr env,
                                    std::shared_ptr<request_cache> remembered);

}  // namespace actors
