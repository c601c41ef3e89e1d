// What the gateway counts, and how it is.
//
//   upstream -messages_observed, host_report, link_load-> stats <-get, reset- stats_session, gateway
//   upstream, session -frame_dropped-> stats <-status, metrics- admin_service, overview
//   tid_queue -messages_ended-> stats <-part_restarted- gateway
//   session -message_refused-> stats <-journal_report, case_changed- journal
//   acceptor -sessions_open-> stats <-reversal_attempted- upstream
//                              stats <-status, alarms_on, alarm_sent- alarms
//
// Nobody waits for it, and no other part depends on it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/core/told_together.hpp"
#include "actors/protocol/common.hpp"
#include "actors/protocol/inspection.hpp"
#include "actors/protocol/transaction.hpp"
#include "actors/transaction/refusal.hpp"
#include "net/link.hpp"

namespace actors {

/// How is the gateway? What has it counted, as Prometheus reads it?
using status_atom = caf::atom_constant<caf::atom("status")>;
using metrics_atom = caf::atom_constant<caf::atom("metrics")>;

/// Why a response matches no request in flight.
enum class unmatched : std::uint8_t { unknown, late, duplicate, contradicting };

/// A message has passed between the gateway and the host, in either direction.
struct message_observed {
  message_ptr message;
  std::optional<unmatched> why;  ///< of an unmatched response
  message_ptr request = {};      ///< of a response: the request that it answers
};

/// Messages have passed over one link.
struct messages_observed {
  told_together<message_observed>::list all;
  std::string upstream = {};  ///< the host
  std::string link = {};      ///< to it; empty: the only one
};

/// A frame of the host or of a client was not used: its header says that the peer refuses the message, or it
/// cannot be read, which ends its connection.
struct frame_dropped {
  net::frame::kind why;
};

/// What became of a client's message in its terminal's queue.
struct message_ended {
  enum class outcome : std::uint8_t {
    approved,
    declined,
    answered,  ///< a message that moves no money
    refused,   ///< nothing was sent
    unknown    ///< the host may have acted on it: it is reversed
  };
  std::string mti;   ///< of the request
  std::string code;  ///< field 39 of the host's response; empty where there was none
  outcome is;
  std::optional<refusal> why = {};  ///< of `refused` and `unknown`
  caf::timespan waited{};           ///< for its turn
  caf::timespan committing{};       ///< until its intent, and then its approval, were durable
  caf::timespan at_host{};          ///< until the host's response, or until it is waited for no longer
  bool host_answered = false;       ///< the host's response has come
  caf::timespan total{};
  message_ptr request = {};        ///< as it was sent
  std::string id = {};             ///< the client's, or the journal's number
  transaction_id transaction = 0;  ///< the journal's number; 0: the journal does not have it
  bool by_http = false;
  std::string upstream = {};  ///< the host
  std::string link = {};      ///< that the response came on, where it is one of several
};
std::string_view to_string(message_ended::outcome o);

struct messages_ended {
  told_together<message_ended>::list all;
};

/// The reversal of a transaction has begun, gone on or ended. Of `is` all is set but the time.
struct case_changed {
  transaction_id id;
  inspection::reversal is;
};

/// A client's message that no queue got: the gateway is full, or it cannot be read.
struct message_refused {
  refusal why;
};

/// What a link can do: `opening`: it is connected, and its first steps are not done; `signed_off`: the host
/// takes no requests now; `closing`: the gateway ends it in order.
enum class link_condition : std::uint8_t { down, opening, up, signed_off, closing };
std::string_view to_string(link_condition c);

/// The link to a host has changed its state.
struct host_report {
  std::string upstream;  ///< the group's name, where it has one
  std::string link;      ///< its name where it is one of several
  bool up = false;       ///< requests are sent
  std::string detail;    ///< why not
  bool gone = false;     ///< there is no such link any more
  link_condition is = link_condition::down;
  std::string dialect = {};
  std::string last_error = {};  ///< why it was lost the last time
  std::size_t attempts = 0;     ///< dials without success since then
  std::string dial_error = {};  ///< why the last of them had none
};

/// How many requests a link has at its host.
struct link_load {
  std::string link;
  std::size_t in_flight;
};

/// What the journal has open, told once a second.
struct journal_report {
  std::size_t unconfirmed = 0, reversing = 0, parked = 0;
  std::chrono::seconds oldest_reversal{};  ///< how long ago the oldest open reversal was due
  std::size_t blocked_terminals = 0;       ///< which wait for their reversal
  std::size_t remembered = 0;              ///< transactions in memory
  std::uint64_t forgotten_early = 0;       ///< that had ended less than a day ago, since the start
  bool has_room = true;                    ///< false: new transactions are refused until the disk has room
  std::uint64_t bytes_used = 0, bytes_free = 0;  ///< of its files, and of its disk
  std::string lost_key = {};                     ///< path of its key file, where that was removed or changed
};

/// So many connections are open at this port.
struct sessions_open {
  std::string port;  ///< raw, http, admin, ...
  std::size_t count;
};

/// A reversal is sent, the first time or again.
struct reversal_attempted {};

/// A part of the gateway has failed and was started again.
struct part_restarted {
  std::string part;
};

/// So many alarms of this kind are on.
struct alarms_on {
  std::string alarm;
  std::size_t count;
};

/// What became of an alarm's notice on this channel.
struct alarm_sent {
  enum class result : std::uint8_t { sent, dropped };
  std::string channel;
  result is;
};

/// How the gateway is.
struct gateway_status {
  struct host {
    std::string upstream, link;
    bool up = false;
    std::string detail;            ///< why it is not up
    std::chrono::seconds since{};  ///< how long it has been so
    std::uint64_t times_lost = 0;  ///< since the start
  };
  std::vector<host> hosts;
  journal_report journal;
  std::uint64_t approved = 0, declined = 0, answered = 0, refused = 0, unknown = 0;
  std::uint64_t restarts = 0;  ///< of parts
  std::chrono::seconds uptime{};
};

/// What of the gateway is seen from outside?
using view_atom = caf::atom_constant<caf::atom("view")>;
struct stats_view {
  gateway_status status;
  inspection::stats numbers;
  inspection::links links;
  /// A part that was started again: how often, and when the last time. Others run since the start.
  struct restarted {
    std::uint64_t times = 0;
    time_point at{};
  };
  std::map<std::string, restarted> parts;
  time_point started{};
};

/// The messages of clients that have ended, and those of them whose reversal has changed, behind a change.
struct changed_transactions {
  std::uint64_t after = 0;  ///< `newest` of an earlier reply; 0: all that are kept
  std::size_t most = inspection::transactions::kept_max;
};
struct transactions_seen {
  inspection::transactions seen;  ///< the newest first
  std::uint64_t newest = 0;       ///< of the changes of all that are kept
};

/// Counts messages. `get`: the sums as a line of JSON; `metrics`: in Prometheus' text format.
using stats_actor = caf::typed_actor<
  caf::reacts_to<messages_observed>, caf::reacts_to<frame_dropped>, caf::reacts_to<messages_ended>,
  caf::reacts_to<message_refused>, caf::reacts_to<host_report>, caf::reacts_to<journal_report>,
  caf::reacts_to<case_changed>, caf::reacts_to<part_restarted>, caf::reacts_to<sessions_open>,
  caf::reacts_to<reversal_attempted>, caf::reacts_to<alarms_on>, caf::reacts_to<alarm_sent>,
  caf::replies_to<caf::get_atom>::with<std::string>, caf::replies_to<metrics_atom>::with<std::string>,
  caf::replies_to<status_atom>::with<gateway_status>, caf::reacts_to<link_load>,
  caf::replies_to<view_atom>::with<stats_view>,
  caf::replies_to<changed_transactions>::with<transactions_seen>, caf::reacts_to<reset_atom>,
  caf::reacts_to<tick_atom>>;

/// Tells people what needs one.
using alarms_actor = caf::typed_actor<caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::messages_observed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::frame_dropped)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::messages_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::case_changed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::message_refused)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::host_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::link_load)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::stats_view)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::changed_transactions)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::transactions_seen)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::journal_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::part_restarted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::sessions_open)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::reversal_attempted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::alarms_on)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::alarm_sent)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::gateway_status)
