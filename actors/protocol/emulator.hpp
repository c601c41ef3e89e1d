// The test clients of this process.
//
//   test_clients -spawns-> test_client -tested-> test_clients
#pragma once

#include <string>
#include <vector>

#include "actors/protocol/client.hpp"

namespace actors {

/// A test client has ended its round.
struct tested {
  std::size_t client;
  bool good;
  std::string text;  ///< why it failed; empty: it did not
};

/// The sums of all test clients' rounds.
struct test_report {
  std::size_t clients = 0;
  std::size_t clients_without_success = 0;
  std::size_t good = 0;
  std::size_t failed = 0;
};

/// One test client.
using test_client_actor =
  caf::typed_actor<caf::reacts_to<link_up>, caf::reacts_to<received>, caf::reacts_to<finished_atom>,
                   caf::reacts_to<link_down>, caf::reacts_to<tick_atom>, caf::reacts_to<drain_atom>>;

/// All test clients. Drained when each has finished its round.
using test_clients_actor = drainable::extend<caf::reacts_to<tested>, caf::reacts_to<tick_atom>,
                                             caf::replies_to<caf::get_atom>::with<test_report>,
                                             caf::replies_to<children_atom>::with<std::vector<caf::actor>>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::tested)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::test_report)
