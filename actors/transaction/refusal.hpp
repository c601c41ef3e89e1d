// Why a transaction was not served, and what is then known about the money.
#pragma once

#include <caf/all.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace actors {

enum class refusal : std::uint8_t {
  malformed = 1,       ///< the dialect cannot express it; nothing was sent
  not_permitted,       ///< what only the gateway tells the host, such as a sign-off; nothing was sent
  queue_full,          ///< the gateway already has `maxQueue` messages; nothing was sent
  key_in_use,          ///< a message with the same key fields is in flight; nothing was sent
  stan_in_use,         ///< TID and STAN are of one that is open or was sent in this second; nothing was sent
  original_unclear,    ///< a client's own reversal that may mean one at either of two hosts; nothing was sent
  journal_full,        ///< the journal's disk has room only to end what is open; nothing was sent
  not_yet,             ///< another transaction of this terminal is open; nothing was sent. No client gets it
  withdrawn,           ///< its client disconnected before its turn; nothing was sent
  other_content,       ///< its Idempotency-Key was used for another message; nothing was sent
  host_down,           ///< no link to the host until the deadline; nothing was sent
  queue_timeout,       ///< no turn until the deadline; nothing was sent
  failed_unsent,       ///< a part of the gateway failed before it was sent; nothing was sent
  rejected,            ///< sent; the host has rejected it, and never processed it
  reversed_by_client,  ///< approved, and reversed by its client's own reversal since
  undelivered,         ///< sent, but its client has disconnected: it is reversed
  being_reversed_by_client,  ///< the same, and its client itself has reversed it by then
  timed_out,                 ///< sent; no response in time; outcome unknown
  host_lost,                 ///< sent; the link fell before the response; outcome unknown
  rejected_unknown,          ///< sent; the host has rejected it, and may have processed it; outcome unknown
  left_to_operator,          ///< sent, and its journal was put back since; not reversed but by an operator
  failed_unknown,            ///< a part of the gateway failed; it may have been sent; outcome unknown
};

/// All facts of a refusal. HTTP, raw clients, the log and the docs use them.
struct refusal_facts {
  refusal why;
  std::string_view name;   ///< for logs: "other_content"
  std::string_view code;   ///< for clients: "idempotency_conflict"
  bool outcome_unknown;    ///< the host may have acted on it
  unsigned status;         ///< HTTP status at /v1
  unsigned legacy_status;  ///< HTTP status at / and /raw
  std::string_view stage;  ///< where it was refused: request, queue, host or timeout
  std::string_view title;  ///< a sentence for people
  /// Of the money, for HTTP clients; "reversing" only where the gateway reverses what it is.
  std::string_view outcome = outcome_unknown ? "reversing" : "not_sent";
};

/// One row for each refusal, in the order of the enum.
std::span<const refusal_facts> all_refusals();

const refusal_facts& facts_of(refusal why);

/// Whether the host may have acted on it.
bool outcome_unknown(refusal why);

/// "timed_out": for logs.
std::string to_string(refusal why);

/// For its client: the field of its message that a refusal is about, by its name, and a sentence: what is
/// wrong, and what to do. Without them the refusal's title says all.
struct refusal_detail {
  std::string field = {};
  std::string text = {};
};

/// The error that comes instead of an answer.
caf::error error_of(refusal why, const refusal_detail& about);

/// The refusal in an error that came instead of an answer; CAF's own errors are translated.
refusal refusal_of(const caf::error& e);

/// What else the error of `error_of` says.
refusal_detail detail_of(const caf::error& e);

}  // namespace actors

CAF_ERROR_CODE_ENUM(actors::refusal, "refusal")
