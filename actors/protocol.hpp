// Every message between actors, and what each actor accepts.
//
//   client <-> session -submit-> dispatcher -submit-> tid_queue -submit-> upstream <-> host
//                 ^                 ^                     |                  |
//                 '------- answer, or a refusal ----------'<----- answer ----'
//                                   |
//   client <-> http_session -deal-> registry
//
//   reception spawns a session for each client; gateway spawns, watches and restarts the others and
//   tells them by `directory` who holds which office now; upstream tells stats what passed.
//
// Everything runs on one thread, so a handle, a link or a message may be shared as it is.
// Nothing here leaves the process.
#pragma once

#include <caf/all.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/refusal.hpp"
#include "codec/message.hpp"
#include "net/link.hpp"

namespace actors {

using message_ptr = std::shared_ptr<const codec::message>;
using time_point = caf::actor_clock::time_point;

// --- a transaction ---------------------------------------------------------

/// Take this to the host before `deadline`. Ends in exactly one `answer` or one `refusal`, whoever dies on the way.
struct submit {
  message_ptr request;
  time_point deadline;
};

/// What the host said.
struct answer {
  message_ptr response;
};

/// A submit that can be asked about later, by its id or by asking the same again under the same key.
struct deal {
  std::string id;      ///< of the transaction
  std::string key;     ///< the client's Idempotency-Key; empty: none
  std::string digest;  ///< of what was asked; one key stands for one
  submit what;
};

/// What became of a deal?
struct lookup { std::string id; };

/// What came, or will come, of the deal under this key?
struct recall {
  std::string key, digest;
};

/// How a deal stands. Whoever repeats a deal is told the id of the first.
struct standing {
  std::string id;                  ///< empty: there is no such deal
  message_ptr response;            ///< none while it is under way, or where it was refused
  std::optional<refusal> refused;
};

// --- a connection: what its link_events become -----------------------------

struct link_up { net::link_ptr link; };               ///< a dialed host answered
struct received { std::vector<net::bytes> frames; };  ///< frames, or segments where the link has no framing
struct link_down { std::string why; };                ///< nothing more will come
using finished_atom = caf::atom_constant<caf::atom("finished")>;  ///< the peer will send no more

/// Someone came in at a door; the link is not open yet.
struct visit { net::link_ptr link; };

// --- the house -------------------------------------------------------------

struct directory;  // below: it names the actors

using tick_atom = caf::atom_constant<caf::atom("tick")>;      ///< look at the clock
using drain_atom = caf::atom_constant<caf::atom("drain")>;    ///< take nothing new, finish what there is
using roster_atom = caf::atom_constant<caf::atom("roster")>;  ///< who is alive in your care?
using reset_atom = caf::atom_constant<caf::atom("reset")>;    ///< begin to count anew

/// A terminal's queue has had nothing to do; it knows of `accepted` submits. The dispatcher lets it go if that is all.
struct idle {
  std::string tid;
  std::uint64_t accepted;
};

/// Why a response belongs to no request in flight.
enum class stray : std::uint8_t { unknown, late, duplicate, contradicting };

/// A message passed between gateway and host, either way.
struct passed {
  message_ptr message;
  std::optional<stray> why;  ///< of a response that nobody gets
};

/// A test client's round is over.
struct tested {
  std::size_t client;
  bool good;
  std::string text;  ///< what went wrong
};

/// The sum of all test clients' rounds.
struct test_report {
  std::size_t clients = 0;
  std::size_t clients_without_success = 0;
  std::size_t good = 0;
  std::size_t failed = 0;
};

// --- offices ---------------------------------------------------------------

/// Counts what passed and answers questions about it with a line of JSON.
using stats_actor = caf::typed_actor<caf::reacts_to<passed>, caf::replies_to<caf::get_atom>::with<std::string>, caf::reacts_to<reset_atom>>;

/// The host: sends, pairs answers, keeps deadlines.
using upstream_actor =
  caf::typed_actor<caf::replies_to<submit>::with<answer>, caf::reacts_to<received>, caf::reacts_to<link_up>, caf::reacts_to<link_down>,
                   caf::reacts_to<finished_atom>, caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

/// Lets one transaction of a terminal through at a time.
using tid_queue_actor = caf::typed_actor<caf::replies_to<submit>::with<answer>, caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

/// Terminal id -> that terminal's queue.
using dispatcher_actor = caf::typed_actor<caf::replies_to<submit>::with<answer>, caf::reacts_to<idle>, caf::reacts_to<directory>,
                                          caf::replies_to<roster_atom>::with<std::vector<caf::actor>>>;

/// Remembers deals, so that a repeated one gets the same answer and is sent once.
using registry_actor = caf::typed_actor<caf::replies_to<deal>::with<standing>, caf::replies_to<lookup>::with<standing>, caf::replies_to<recall>::with<standing>, caf::reacts_to<tick_atom>,
                                        caf::reacts_to<directory>>;

/// Whoever serves one connection that came in at a door: a session, the bank, the stats desk.
using visitor_actor = caf::typed_actor<caf::reacts_to<received>, caf::reacts_to<finished_atom>, caf::reacts_to<link_down>,
                                       caf::reacts_to<tick_atom>, caf::reacts_to<drain_atom>, caf::reacts_to<directory>>;

/// Greets whoever comes in at a door, and knows who is still there. Answers `drain` when the last has left.
using reception_actor = caf::typed_actor<caf::reacts_to<visit>, caf::reacts_to<tick_atom>, caf::reacts_to<directory>,
                                         caf::replies_to<drain_atom>::with<drain_atom>,
                                         caf::replies_to<roster_atom>::with<std::vector<caf::actor>>>;

/// One test client.
using terminal_actor = caf::typed_actor<caf::reacts_to<link_up>, caf::reacts_to<received>, caf::reacts_to<finished_atom>,
                                        caf::reacts_to<link_down>, caf::reacts_to<tick_atom>, caf::reacts_to<drain_atom>>;

/// All test clients. Answers `drain` when each has finished its round.
using terminal_hall_actor = caf::typed_actor<caf::reacts_to<tested>, caf::reacts_to<tick_atom>, caf::replies_to<caf::get_atom>::with<test_report>,
                                             caf::replies_to<drain_atom>::with<drain_atom>,
                                             caf::replies_to<roster_atom>::with<std::vector<caf::actor>>>;

/// The root. `roster` is its children, by name; `drain` ends the process in order and is answered when nothing is left in flight.
using gateway_actor = caf::typed_actor<caf::replies_to<roster_atom>::with<std::vector<std::pair<std::string, caf::actor>>>,
                                       caf::replies_to<drain_atom>::with<test_report>, caf::reacts_to<reset_atom>,
                                       caf::reacts_to<tick_atom, std::string>>;

/// Who holds which office now. A restarted actor is a new handle: whoever gets a directory forgets the old ones.
struct directory {
  dispatcher_actor dispatcher;
  upstream_actor upstream;
  stats_actor stats;
  registry_actor registry;
};

} // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::submit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::deal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::lookup)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::recall)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::standing)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::link_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::received)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::link_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::visit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::idle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::passed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::tested)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::test_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::directory)
