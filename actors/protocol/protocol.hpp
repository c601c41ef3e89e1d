// Every message between actors, and what each actor accepts.
//
//   client <-> session -submit-> dispatcher -submit-> tid_queue -submit-> upstream <-> host
//                 ^ |               ^                   |  |  ^              | |
//                 | |               |                   |  |  '--- answer ---' |
//                 '-+-- answer, or a refusal -----------+--'                   |
//                   |               |                   |                      |
//                   |            submit            keep, undo            stray_response
//                   |               |                   v                      |
//              delivered, undo   reversal <- open_case- journal <--------------'
//                   |            (of reversal_supervisor)  ^
//                   '--------------------------------------'
//
//   client <-> http_session -deal-> registry -submit-> dispatcher
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

#include "actors/protocol/transaction.hpp"
#include "actors/transaction/refusal.hpp"
#include "codec/message.hpp"
#include "net/link.hpp"

namespace actors {

// --- a transaction ---------------------------------------------------------

/// Take this to the host before `deadline`. Ends in exactly one `answer` or one `refusal`, whoever dies on
/// the way.
struct submit {
  message_ptr request;
  time_point deadline;  ///< where nothing was sent until then, nothing is
  purchase_id id = 0;   ///< a client's message: its own, in this and all processes of this journal
  terms asked = {};
  std::optional<caf::timespan> patience =
    {};                    ///< how long the host may take from the moment it is sent; else until `deadline`
  purchase_id undoes = 0;  ///< a reversal of ours: whose. It goes in front of all that waits
};

/// What the host said.
struct answer {
  message_ptr response;
  purchase_id proves =
    0;  ///< an approval that its client must be known to have: `delivered` or `undo` with this id is due
  in_hand hand = {};  ///< with `proves`: not to be shown any more where it is revoked
};

/// The client of this submit is gone. What was not sent yet is not sent.
struct withdraw {
  std::string tid;
  purchase_id id;
};

/// While this purchase is being reversed, no other money of its terminal moves: until the first attempt is at
/// the host, and 35 s at the most.
struct hold {
  std::string tid;
  purchase_id id;
};
/// It is reversed, or on the operator's list.
struct release {
  std::string tid;
  purchase_id id;
};

// --- the journal -----------------------------------------------------------

/// Make this durable; then, and only then, go on.
struct keep {
  decision what;
};

struct kept {
  in_hand hand = {};  ///< of an intent: who waits for it has the purchase in hand from now on
  purchase_id joined =
    0;  ///< of a client's own reversal: that purchase is being reversed already, so nothing is to be sent
};

/// A client's reversal: is what it means being reversed already? Then it is `joined`, else it goes its own
/// way.
struct join {
  message_ptr reversal;
};

/// Make this durable with whatever comes next. Losing it loses no money.
struct note {
  decision what;
};

/// Nobody knows whether the client knows, or the host: reverse it. `kept` when nothing can revoke that any
/// more.
struct undo {
  purchase_id id;
  std::string why;  ///< "timed_out", "undelivered": for the log, the operator and whoever asks later
  message_ptr response = nullptr;  ///< what the host said, if anything
};

/// Reverse this purchase; it is durable that it is due.
struct open_case {
  purchase what;
};

/// A response that belongs to no request in flight.
struct stray_response {
  message_ptr response;
};

/// What the host said of a purchase that is being reversed, late.
struct late_word {
  purchase_id id;
  message_ptr response;
};

/// Is there a purchase with this key? `key` is its fingerprint.
struct lookup_by_key {
  std::string key;
};

/// The youngest one, in memory or on the disk.
struct found_by_key {
  std::optional<purchase> what = {};
  bool is_operators = false;  ///< only an operator may have it reversed
};

/// What will come of this purchase's reversal?
struct await_reversal {
  purchase_id id;
};

using cases_atom = caf::atom_constant<caf::atom("cases")>;  ///< what is open?

/// What is open, page by page: the oldest cases behind `after`. All at once would stop the loop where there
/// are many.
struct cases_after {
  purchase_id after;
};
inline constexpr std::size_t cases_page_max = 250;
struct cases_page {
  std::vector<purchase> cases;
  purchase_id next = 0;  ///< what the next page is asked for with; 0: there is none
};

// --- reversals -------------------------------------------------------------

/// A reversal may go now; and: it is at its end for now, another one may.
using attempt_atom = caf::atom_constant<caf::atom("attempt")>;
struct wants_attempt {
  purchase_id id;
};
struct ended_attempt {
  purchase_id id;
};

/// The link to the host is there, or not.
struct link_status {
  bool up;
};

/// An operator: try to reverse this now.
struct retry {
  purchase_id id;
};

/// An operator: it is ended otherwise, by `who` and because of `why`.
struct resolve {
  purchase_id id;
  std::string who, why;
};

/// An operator's word about what has no reversal under way. The journal decides, in one step: it alone knows
/// how a purchase stands.
struct operator_word {
  enum class kind : std::uint8_t { retry, reverse, resolve } what;
  purchase_id id;
  std::string who, why;
};

/// A sentence for the operator; `done` says whether it was done.
struct told {
  bool done;
  std::string text;
};

/// A submit that can be asked about later, by its id or by asking the same again under the same key.
struct deal {
  std::string id;      ///< of the transaction
  std::string key;     ///< by which its client may ask again, in its space (http_key); empty: none
  std::string digest;  ///< of what was asked; one key stands for one
  submit what;
};

/// The client of a deal is gone without having its answer, as far as we know; it may ask again for a while.
struct unheard {
  std::string id;
};

/// The client of a deal says that it has its answer.
struct confirm {
  std::string id;
};

/// An approval that was promised to this deal's client does not stand any more; or what is known of its end
/// has become better.
struct undone {
  std::string id;
  bool reversed;  ///< the host holds nothing for it any more
};

/// What became of a deal?
struct lookup {
  std::string id;
  bool unseen = false;  ///< who asks will not be shown the answer: that proves nothing, and gives no time
};

/// What came, or will come, of the deal under this key?
struct recall {
  std::string key, digest;
};

/// How a deal stands. Whoever repeats a deal is told the id of the first.
struct standing {
  std::string id;        ///< empty: there is no such deal
  message_ptr response;  ///< none while it is under way, or where it was refused
  std::optional<refusal> refused;
  purchase_id proves = 0;  ///< as in `answer`
  bool reversed = false;   ///< refused, and undone at the host
  in_hand hand = {};       ///< as in `answer`
};

// --- a connection: what its link_events become -----------------------------

struct link_up {
  net::link_ptr link;
};  ///< a dialed host answered
struct received {
  std::vector<net::bytes> frames;
};  ///< frames, or segments where the link has no framing
struct link_down {
  std::string why;
};                                                                ///< nothing more will come
using finished_atom = caf::atom_constant<caf::atom("finished")>;  ///< the peer will send no more

/// Someone came in at a door; the link is not open yet.
struct visit {
  net::link_ptr link;
};

// --- the house -------------------------------------------------------------

struct directory;  // below: it names the actors

using tick_atom = caf::atom_constant<caf::atom("tick")>;      ///< look at the clock
using drain_atom = caf::atom_constant<caf::atom("drain")>;    ///< take nothing new, finish what there is
using roster_atom = caf::atom_constant<caf::atom("roster")>;  ///< who is alive in your care?
using reset_atom = caf::atom_constant<caf::atom("reset")>;    ///< begin to count anew

/// A terminal's queue has had nothing to do; it knows of `accepted` submits. The dispatcher lets it go if
/// that is all.
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
  message_ptr request = {};  ///< what a response answers
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
using stats_actor =
  caf::typed_actor<caf::reacts_to<passed>, caf::replies_to<caf::get_atom>::with<std::string>,
                   caf::reacts_to<reset_atom>>;

/// The host: sends, pairs answers, keeps deadlines.
using upstream_actor =
  caf::typed_actor<caf::replies_to<submit>::with<answer>, caf::reacts_to<withdraw>, caf::reacts_to<received>,
                   caf::reacts_to<link_up>, caf::reacts_to<link_down>, caf::reacts_to<finished_atom>,
                   caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

/// Lets one transaction of a terminal through at a time.
using tid_queue_actor =
  caf::typed_actor<caf::replies_to<submit>::with<answer>, caf::reacts_to<withdraw>, caf::reacts_to<hold>,
                   caf::reacts_to<release>, caf::reacts_to<link_status>, caf::reacts_to<tick_atom>,
                   caf::reacts_to<directory>>;

/// Terminal id -> that terminal's queue.
using dispatcher_actor =
  caf::typed_actor<caf::replies_to<submit>::with<answer>, caf::reacts_to<withdraw>, caf::reacts_to<hold>,
                   caf::reacts_to<release>, caf::reacts_to<link_status>, caf::reacts_to<idle>,
                   caf::reacts_to<directory>, caf::replies_to<roster_atom>::with<std::vector<caf::actor>>>;

/// Makes decisions durable before anyone acts on them, and knows all that is open.
using journal_actor = caf::typed_actor<
  caf::replies_to<keep>::with<kept>, caf::replies_to<join>::with<kept>, caf::reacts_to<note>,
  caf::replies_to<undo>::with<kept>, caf::reacts_to<stray_response>,
  caf::replies_to<lookup_by_key>::with<found_by_key>, caf::replies_to<await_reversal>::with<answer>,
  caf::replies_to<cases_atom>::with<std::vector<purchase>>, caf::replies_to<cases_after>::with<cases_page>,
  caf::replies_to<operator_word>::with<told>, caf::replies_to<drain_atom>::with<drain_atom>,
  caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

/// Sees every open case through; spawns a reversal for each.
using reversal_supervisor_actor =
  caf::typed_actor<caf::reacts_to<open_case>, caf::reacts_to<late_word>, caf::reacts_to<link_status>,
                   caf::reacts_to<wants_attempt>, caf::reacts_to<ended_attempt>,
                   caf::replies_to<retry>::with<told>, caf::replies_to<resolve>::with<told>,
                   caf::replies_to<drain_atom>::with<drain_atom>,
                   caf::replies_to<roster_atom>::with<std::vector<caf::actor>>, caf::reacts_to<tick_atom>,
                   caf::reacts_to<directory>>;

/// One open case: repeats its reversal until the host agrees.
using reversal_actor =
  caf::typed_actor<caf::reacts_to<attempt_atom>, caf::reacts_to<late_word>,
                   caf::replies_to<retry>::with<told>, caf::replies_to<resolve>::with<told>,
                   caf::reacts_to<tick_atom, std::uint64_t>, caf::reacts_to<directory>>;

/// Remembers deals, so that a repeated one gets the same answer and is sent once.
using registry_actor =
  caf::typed_actor<caf::replies_to<deal>::with<standing>, caf::replies_to<lookup>::with<standing>,
                   caf::replies_to<recall>::with<standing>, caf::replies_to<confirm>::with<standing>,
                   caf::reacts_to<unheard>, caf::reacts_to<undone>, caf::reacts_to<tick_atom>,
                   caf::reacts_to<directory>>;

/// Whoever serves one connection that came in at a door: a session, the bank, the stats desk.
using visitor_actor =
  caf::typed_actor<caf::reacts_to<received>, caf::reacts_to<finished_atom>, caf::reacts_to<link_down>,
                   caf::reacts_to<tick_atom>, caf::reacts_to<drain_atom>, caf::reacts_to<directory>>;

/// Greets whoever comes in at a door, and knows who is still there. Answers `drain` when the last has left.
using reception_actor =
  caf::typed_actor<caf::reacts_to<visit>, caf::reacts_to<tick_atom>, caf::reacts_to<directory>,
                   caf::replies_to<drain_atom>::with<drain_atom>,
                   caf::replies_to<roster_atom>::with<std::vector<caf::actor>>>;

/// One test client.
using terminal_actor =
  caf::typed_actor<caf::reacts_to<link_up>, caf::reacts_to<received>, caf::reacts_to<finished_atom>,
                   caf::reacts_to<link_down>, caf::reacts_to<tick_atom>, caf::reacts_to<drain_atom>>;

/// All test clients. Answers `drain` when each has finished its round.
using terminal_hall_actor = caf::typed_actor<
  caf::reacts_to<tested>, caf::reacts_to<tick_atom>, caf::replies_to<caf::get_atom>::with<test_report>,
  caf::replies_to<drain_atom>::with<drain_atom>, caf::replies_to<roster_atom>::with<std::vector<caf::actor>>>;

/// The root. `roster` is its children, by name; `drain` ends the process in order and is answered when
/// nothing is left in flight.
using gateway_actor =
  caf::typed_actor<caf::replies_to<roster_atom>::with<std::vector<std::pair<std::string, caf::actor>>>,
                   caf::replies_to<drain_atom>::with<test_report>, caf::reacts_to<reset_atom>,
                   caf::reacts_to<tick_atom, std::string>>;

/// Who holds which office now. A restarted actor is a new handle: whoever gets a directory forgets the old
/// ones.
struct directory {
  dispatcher_actor dispatcher;
  upstream_actor upstream;
  stats_actor stats;
  registry_actor registry;
  journal_actor journal = {};
  reversal_supervisor_actor reversals = {};
};

}  // namespace actors

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
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::withdraw)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::hold)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::release)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::keep)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::kept)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::join)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::note)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::undo)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::open_case)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::stray_response)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::late_word)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::await_reversal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::lookup_by_key)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::found_by_key)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::wants_attempt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::ended_attempt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::link_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::retry)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::resolve)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::told)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::operator_word)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::cases_after)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::cases_page)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::unheard)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::confirm)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::undone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<actors::purchase>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::directory)
