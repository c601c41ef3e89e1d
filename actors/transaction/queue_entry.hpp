// A message in a terminal's queue, and its state.
#pragma once

#include <map>

#include "actors/core/message_log.hpp"
#include "actors/protocol/directory.hpp"
#include "actors/transaction/lifecycle.hpp"
#include "actors/transaction/refusal.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

/// Whether `m` moves money or takes money back, so that the journal must have it before it is sent.
bool is_money(const codec::message& m, const codec::dialect& d);

struct queue_entry;

/// What a terminal has waiting or under way, in the order of arrival.
using queue_entries = std::map<std::uint64_t, queue_entry>;

/// Whether this message must wait because one under way has its STAN, which the gateway chose: a client is
/// not refused for that.
bool shares_own_stan(const queue_entry& e, const queue_entries& all);

/// What the log names in its lines about it.
inline about subject_of(const submit& s) {
  return {*s.request, s.reverses != 0 ? s.reverses : s.id, s.options.public_id};
}

/// Logs that a terminal's queue has accepted it. `pending`: how many wait there, with it.
void log_accepted(const submit& s, std::size_t pending, std::size_t under_way);

struct queue_entry {
  submit what;
  caf::typed_response_promise<answer> ends;
  time_point accepted_at;
  bool money = false;  ///< the journal has it, or will
  in_hand hand = {};
  bool client_gone = false;
  bool told_failed = false;  ///< as in `withdraw`
  lifecycle::state where = lifecycle::state::queued;
  message_ptr response = nullptr;
  refusal why = refusal::failed_unknown;  ///< the refusal, if it is refused
  cause because = cause::failed;          ///< the cause, if it is reversed
  refusal_detail detail = {};             ///< of the refusal
  transaction_id joined = 0;     ///< of a client's reversal: the transaction whose reversal it waits for
  std::string client_stan = {};  ///< where the host gets another
  std::string link = {};         ///< that its response came on, where it is one of several
  time_point turn_at = {}, sent_at = {}, answered_at = {};  ///< the last two: of what moves money

  about subject() const { return subject_of(what); }

  /// Takes the host's response and returns the event that it is; if it is no approval, sets `why` and
  /// `because`.
  lifecycle::event take_response(message_ptr from_host, const codec::dialect& d, time_point now);

  /// The same of a refusal that came instead.
  lifecycle::event take_refusal(const caf::error& e);

  /// Nothing was sent.
  lifecycle::event unsent() const;

  /// Its intent is durable.
  void take_committed(const committed& reply, time_point now);

  /// Of a message that the journal does not have: with `restampStan` a financial one, such as an inquiry,
  /// gets a STAN of the gateway's own; one that has such a STAN gets another where that is under way. Where
  /// the host wants an RRN it gets one, too.
  void restamp(const environment& env, const queue_entries& all);

  /// Whether its STAN is the gateway's.
  bool has_own_stan() const { return what.own_stan || !client_stan.empty(); }

  /// The host's response as its client gets it: with the client's STAN.
  answer to_client(const message_ptr& r) const;

  /// Its client gets this answer, or this refusal, and the statistics count it.
  void end(answer a, const stats_actor& stats, const environment& env, time_point now);
  void end(refusal why, const stats_actor& stats, const environment& env, time_point now);
  void end(const caf::error& why, const stats_actor& stats, const environment& env, time_point now);

  /// Its turn has come, and its queue fails.
  void fail(const directory& peers, const environment& env, time_point now);

  void take(const withdraw& w);

  /// Whether it must not be sent any more.
  bool is_withdrawn() const { return client_gone || (what.way && what.way->is_closed); }
  void set_begun() const {
    if (what.way)
      what.way->has_begun = true;
  }

  /// That it may be sent, and its end, as decisions for the journal.
  decision intent(const queue_entries& all) const;
  decision closing() const;

  /// The host takes it for a repeat of an older one.
  void warn_of_duplicate() const;

  /// Of a client's reversal: the response to it, made from the host's response to the gateway's reversal of
  /// the same transaction.
  answer answer_like(const codec::message& other, const codec::dialect& d) const;

private:
  void tell_end(message_ended m, const stats_actor& stats, const environment& env, time_point now) const;
};

}  // namespace actors
