// A message to the host, and its response.
//
//   session, idempotency, reversal -submit-> dispatcher -submit-> tid_queue -submit-> upstream <-> host
//          ^                                                        |                   |
//          '------------- answer, or a refusal ---------------------'<---- the same ----'
#pragma once

#include <optional>
#include <set>
#include <string>

#include "actors/protocol/client.hpp"
#include "actors/protocol/common.hpp"
#include "actors/protocol/inspection.hpp"
#include "actors/protocol/transaction.hpp"
#include "actors/transaction/refusal.hpp"
#include "codec/exchange/reversal.hpp"

namespace actors {

/// The cause of the reversal that follows a refusal with an unknown outcome, and the refusal for a cause.
cause cause_of(refusal why);
refusal refusal_of(cause why);

/// What the clients of a revoked approval are told.
refusal refusal_of(const custody* revoked);

/// Of what a reversal is made: a link of another dialect makes it itself.
struct reversal_parts {
  message_ptr original;
  std::int64_t begun = 0;  ///< as `transaction::begun`, of the original
  codec::message heard;    ///< `heard_of` the original
  codec::reversal_attempt attempt;
};

/// Who has submitted a request and its terminal's queue share this, so that also the one of them that stops
/// knows whether it was sent.
struct way_to_host {
  bool has_begun = false;  ///< the link has the request, whose intent is durable if it moves money
  bool is_closed = false;  ///< the link must not get it any more
};

/// Send this to the host before `deadline`. Replied to with exactly one `answer` or one `refusal`, whichever
/// actor stops on the way.
struct submit {
  message_ptr request;
  time_point deadline;    ///< after it nothing is sent
  transaction_id id = 0;  ///< of a client's message: unique in this journal
  client_options options = {};
  std::optional<caf::timespan> host_timeout =
    {};                         ///< the host's time after the sending; none: until `deadline`
  transaction_id reverses = 0;  ///< of the gateway's own reversal: its transaction. It is sent before others
  std::string upstream = {};    ///< the host that it is for
  bool own_stan = false;        ///< its client gave no STAN, so it may get another one
  std::shared_ptr<const reversal_parts> undoes = nullptr;        ///< of the gateway's own reversal
  std::shared_ptr<const codec::known_original> means = nullptr;  ///< of a client's own reversal
  bool by_http = false;                                          ///< of an HTTP client
  std::string client = {};                                       ///< for the log
  std::int64_t begun = 0;     ///< of what moves money: as `transaction::begun`
  bool has_namesake = false;  ///< the host may still respond to another one with its TID and STAN
  std::shared_ptr<way_to_host> way = nullptr;  ///< where the sender wants to know
};

/// The host's response.
struct answer {
  message_ptr response;
  transaction_id delivery_of = 0;  ///< of an approval: report its delivery or request its reversal
  in_hand hand = {};      ///< with `delivery_of`: once it is revoked the approval is not shown any more
  std::string link = {};  ///< that it came on, where it is one of several
};

/// The client of this submit has disconnected. If the request has not been sent, it is not sent.
struct withdraw {
  std::string tid;
  transaction_id id;
  bool told_failed = false;  ///< its client is told that the outcome is unknown, now and ever after
};

/// A transaction of this terminal is being reversed, so no other of its transactions that moves money is
/// sent. The book decides it (book::terminal_blocked).
struct terminal_blocked {
  std::string tid;
};

/// The terminal's transactions may be sent again.
struct terminal_free {
  std::string tid;
};

/// The host, or who may be it, has called again while its link is in use.
struct host_calls_again {
  std::string peer;
};

/// Whether requests can be sent to this upstream.
struct link_status {
  bool up;
  std::string upstream = {};
};

/// The upstreams that requests can be sent to.
class links_up {
public:
  void take(const link_status& l) {
    if (l.up)
      up_.insert(l.upstream);
    else
      up_.erase(l.upstream);
  }
  bool has(const std::string& upstream) const { return up_.contains(upstream); }

private:
  std::set<std::string> up_;
};

/// What a link of a group can do now.
struct link_state {
  std::string link;
  bool is_ready;         ///< what it gets is sent
  bool refuses = false;  ///< its host has signed off, and requests are refused until it is back
};

/// The queue of a terminal was idle; it has received `accepted` submits. If the dispatcher has sent as many,
/// it stops the queue.
struct idle {
  std::string tid;
  std::uint64_t accepted;
};

/// Accepts messages for the host.
using submitter = caf::typed_actor<caf::replies_to<submit>::with<answer>, caf::reacts_to<withdraw>>;

/// Sends requests to upstreams: the only link, or the groups of links. `drain` ends the links in order.
using host_actor =
  submitter::extend<caf::replies_to<drain_atom>::with<drain_atom>, caf::reacts_to<directory>>;

/// A link to a host: sends requests, matches responses, keeps the host's timeouts.
using upstream_actor = host_actor::extend<caf::reacts_to<received>, caf::reacts_to<link_up>,
                                          caf::reacts_to<link_down>, caf::reacts_to<finished_atom>,
                                          caf::reacts_to<host_calls_again>, caf::reacts_to<tick_atom>>;

/// Has the links of all groups. A request that a link refuses unsent goes to the next link of its group.
using link_groups_actor = host_actor::extend<caf::reacts_to<link_state>, caf::reacts_to<tick_atom>,
                                             caf::reacts_to<tick_atom, std::string>,
                                             caf::replies_to<children_atom>::with<std::vector<caf::actor>>>;

/// Sends one transaction of a terminal at a time.
using tid_queue_actor =
  submitter::extend<caf::reacts_to<terminal_blocked>, caf::reacts_to<terminal_free>,
                    caf::reacts_to<link_status>, caf::reacts_to<tick_atom>, caf::reacts_to<directory>>;

/// Has the queue of each terminal.
using dispatcher_actor =
  submitter::extend<caf::reacts_to<terminal_blocked>, caf::reacts_to<terminal_free>,
                    caf::reacts_to<link_status>, caf::reacts_to<idle>, caf::reacts_to<directory>,
                    caf::replies_to<children_atom>::with<std::vector<caf::actor>>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::submit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::withdraw)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::terminal_blocked)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::terminal_free)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::host_calls_again)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::link_status)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::link_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::idle)
