// What is seen of a running gateway from outside, and who is asked for it: the types that other CAF nodes
// share with it. No card data is in them. Needs CAF alone.
//
//   inspector (nodePort), admin_service -summary, stats, links, ...-> overview -> stats, dispatcher, journal
//
// Numbers are integers: times of the wall clock are milliseconds since 1970 (UTC), durations end in their
// unit. Whatever changes here changes `version`: nodes of two versions refuse each other when they connect.
#pragma once

#include <caf/all.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace actors::inspection {

inline constexpr int version = 2;

/// What a node calls itself when another one connects: both must give the same.
inline std::string application() { return "socketqueue-" + std::to_string(version); }

/// A change of a link's state.
struct link_change {
  std::int64_t at = 0;
  std::string state;  ///< as in `link`
  std::string why;
};

struct link {
  std::string name, group;  ///< empty: the only one
  std::string dialect;
  std::string state;  ///< down, opening, up, signed_off or closing
  std::int64_t since_ms = 0;
  std::uint64_t in_flight = 0;       ///< requests at the host
  std::string last_error;            ///< why it was lost the last time
  std::uint64_t attempts = 0;        ///< dials without success since then
  std::string dial_error;            ///< why the last of them had none
  std::vector<link_change> history;  ///< the last 50, oldest first
};

struct links {
  std::vector<link> all;
};

/// A terminal with messages in its queue or at the host.
struct terminal {
  std::string tid;
  std::uint64_t waiting = 0;  ///< messages behind the first one that were not sent yet
  std::int64_t oldest_ms = 0;
  std::string mti, stan, state;  ///< of its first message
  std::string why;               ///< what that one waits for, a sentence
};

struct terminals {
  static constexpr std::size_t listed_max = 200;
  std::uint64_t waiting = 0;  ///< of all terminals
  std::uint64_t more = 0;     ///< terminals that are not listed
  std::vector<terminal> all;  ///< the longest wait first
};

/// What became of a transaction that is to be reversed.
struct reversal {
  std::string state;    ///< reversing, needs you or unconfirmed; at its end reversed, declined or approved
  std::int64_t at = 0;  ///< of the last change
  std::uint64_t attempts = 0;  ///< reversals that were sent and have ended
  std::string code = {};       ///< field 39 of the host's last response to them
  std::string meaning = {};    ///< of that code
  std::string cause = {};      ///< why it is to be reversed
  std::string why = {};        ///< why it needs a person, or the reason of who has ended it
  std::string by = {};         ///< who has ended it, where it was no response of the host
};

/// A message of a client that has ended.
struct transaction {
  std::uint64_t number = 0;  ///< counts those of this process
  std::string id;
  std::int64_t at = 0;
  std::string by;  ///< raw or http
  std::string mti, tid, stan, amount, currency;
  std::string outcome;  ///< approved, declined, answered, refused or unknown
  std::string code;     ///< field 39 of the host's response
  std::string meaning;  ///< of that code
  std::string refusal;
  std::string link;  ///< that its response came on, where there are several
  std::int64_t queue_us = 0, commit_us = 0, host_us = 0, total_us = 0;
  reversal undone = {};      ///< without a state: it was not to be reversed
  std::uint64_t change = 0;  ///< of two, the one that has changed later has the greater number
};

struct transactions {
  static constexpr std::size_t kept_max = 1000;
  std::vector<transaction> all;  ///< newest first
  std::uint64_t kept = 0;        ///< how many the gateway keeps
  std::uint64_t fitting = 0;     ///< how many of these are what is asked for; `all` may have fewer
};

/// A part of the gateway.
struct part {
  std::string name;  ///< "gateway/journal"
  std::uint64_t restarts = 0;
  std::uint64_t mailbox = 0;  ///< messages that wait in it
  std::int64_t up_ms = 0;     ///< 0: it is being restarted
};

struct parts {
  std::vector<part> all;
};

/// How long one stage took, of the transactions that ended in the last seconds.
struct latency {
  std::int64_t median_us = 0, p99_us = 0;
};

struct stats {
  std::int64_t uptime_ms = 0;
  std::uint64_t approved = 0, declined = 0, answered = 0, refused = 0, unknown = 0;  ///< since the start
  std::uint64_t restarts = 0;                                                        ///< of parts
  std::uint64_t per_minute = 0;  ///< messages of clients that ended, by the last ten seconds
  latency queue, commit, host, total;
};

/// An open case: the host may hold money that no client knows of.
struct open_case {
  std::uint64_t id = 0;
  std::string state;  ///< needs you, unconfirmed or reversing
  std::string group, mti, tid, stan, amount, currency;
  std::int64_t age_s = 0;
  std::int64_t attempts = 0;
  std::string code;     ///< field 39 of the host's last response to its reversal
  std::string meaning;  ///< of that code
  std::string why;
};

struct pending {
  std::vector<open_case> all;  ///< the oldest, up to 250
  bool more = false;           ///< there are others
};

/// All at one glance.
struct summary {
  bool ready = false;                 ///< new transactions are served
  std::vector<std::string> problems;  ///< why not
  stats numbers;
  std::vector<link> links;  ///< without their history
  std::uint64_t needs_operator = 0, reversing = 0, unconfirmed = 0;
  std::int64_t oldest_reversal_s = 0;
  std::uint64_t blocked_terminals = 0;
  std::uint64_t remembered = 0;  ///< transactions in memory
  bool journal_has_room = true;
};

using summary_atom = caf::atom_constant<caf::atom("summary")>;
using stats_atom = caf::atom_constant<caf::atom("stats")>;
using links_atom = caf::atom_constant<caf::atom("links")>;
using terminals_atom = caf::atom_constant<caf::atom("terminals")>;
using pending_atom = caf::atom_constant<caf::atom("pending")>;
using parts_atom = caf::atom_constant<caf::atom("parts")>;
/// With how many at most.
using transactions_atom = caf::atom_constant<caf::atom("last")>;

/// Only reads. The answers are at most a second old, however often it is asked.
using inspector_actor =
  caf::typed_actor<caf::replies_to<summary_atom>::with<summary>, caf::replies_to<stats_atom>::with<stats>,
                   caf::replies_to<links_atom>::with<links>, caf::replies_to<terminals_atom>::with<terminals>,
                   caf::replies_to<pending_atom>::with<pending>, caf::replies_to<parts_atom>::with<parts>,
                   caf::replies_to<transactions_atom, std::uint64_t>::with<transactions>>;

template <class Inspector>
auto inspect(Inspector& f, link_change& x) {
  return f(caf::meta::type_name("link_change"), x.at, x.state, x.why);
}

template <class Inspector>
auto inspect(Inspector& f, link& x) {
  return f(caf::meta::type_name("link"), x.name, x.group, x.dialect, x.state, x.since_ms, x.in_flight,
           x.last_error, x.attempts, x.dial_error, x.history);
}

template <class Inspector>
auto inspect(Inspector& f, links& x) {
  return f(caf::meta::type_name("links"), x.all);
}

template <class Inspector>
auto inspect(Inspector& f, terminal& x) {
  return f(caf::meta::type_name("terminal"), x.tid, x.waiting, x.oldest_ms, x.mti, x.stan, x.state, x.why);
}

template <class Inspector>
auto inspect(Inspector& f, terminals& x) {
  return f(caf::meta::type_name("terminals"), x.waiting, x.more, x.all);
}

template <class Inspector>
auto inspect(Inspector& f, reversal& x) {
  return f(caf::meta::type_name("reversal"), x.state, x.at, x.attempts, x.code, x.meaning, x.cause, x.why,
           x.by);
}

template <class Inspector>
auto inspect(Inspector& f, transaction& x) {
  return f(caf::meta::type_name("transaction"), x.number, x.id, x.at, x.by, x.mti, x.tid, x.stan, x.amount,
           x.currency, x.outcome, x.code, x.meaning, x.refusal, x.link, x.queue_us, x.commit_us, x.host_us,
           x.total_us, x.undone, x.change);
}

template <class Inspector>
auto inspect(Inspector& f, transactions& x) {
  return f(caf::meta::type_name("transactions"), x.all, x.kept, x.fitting);
}

template <class Inspector>
auto inspect(Inspector& f, part& x) {
  return f(caf::meta::type_name("part"), x.name, x.restarts, x.mailbox, x.up_ms);
}

template <class Inspector>
auto inspect(Inspector& f, parts& x) {
  return f(caf::meta::type_name("parts"), x.all);
}

template <class Inspector>
auto inspect(Inspector& f, latency& x) {
  return f(caf::meta::type_name("latency"), x.median_us, x.p99_us);
}

template <class Inspector>
auto inspect(Inspector& f, stats& x) {
  return f(caf::meta::type_name("stats"), x.uptime_ms, x.approved, x.declined, x.answered, x.refused,
           x.unknown, x.restarts, x.per_minute, x.queue, x.commit, x.host, x.total);
}

template <class Inspector>
auto inspect(Inspector& f, open_case& x) {
  return f(caf::meta::type_name("open_case"), x.id, x.state, x.group, x.mti, x.tid, x.stan, x.amount,
           x.currency, x.age_s, x.attempts, x.code, x.meaning, x.why);
}

template <class Inspector>
auto inspect(Inspector& f, pending& x) {
  return f(caf::meta::type_name("pending"), x.all, x.more);
}

template <class Inspector>
auto inspect(Inspector& f, summary& x) {
  return f(caf::meta::type_name("summary"), x.ready, x.problems, x.numbers, x.links, x.needs_operator,
           x.reversing, x.unconfirmed, x.oldest_reversal_s, x.blocked_terminals, x.remembered,
           x.journal_has_room);
}

}  // namespace actors::inspection

CAF_BEGIN_TYPE_ID_BLOCK(inspection, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(inspection, (actors::inspection::summary))
CAF_ADD_TYPE_ID(inspection, (actors::inspection::stats))
CAF_ADD_TYPE_ID(inspection, (actors::inspection::links))
CAF_ADD_TYPE_ID(inspection, (actors::inspection::terminals))
CAF_ADD_TYPE_ID(inspection, (actors::inspection::terminal))
CAF_ADD_TYPE_ID(inspection, (actors::inspection::pending))
CAF_ADD_TYPE_ID(inspection, (actors::inspection::parts))
CAF_ADD_TYPE_ID(inspection, (actors::inspection::transactions))
CAF_ADD_TYPE_ID(inspection, (actors::inspection::inspector_actor))
CAF_END_TYPE_ID_BLOCK(inspection)
