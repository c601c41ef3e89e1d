// Why a transaction was not served, and what is then known about the money.
#pragma once

#include <caf/all.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace actors {

enum class refusal : std::uint8_t {
  malformed = 1,  ///< the dialect cannot express it; nothing was sent
  queue_full,     ///< as many messages as `maxQueue` allows were inside; nothing was sent
  key_in_use,     ///< a message with the same key fields is in flight; nothing was sent
  stan_in_use,    ///< TID and STAN are those of one open or sent in this second; nothing was sent
  journal_full,   ///< the journal's disk has room for ending what is open, and no more; nothing was sent
  not_yet,    ///< other money of this terminal is not at its end; nothing was sent. Never leaves the gateway
  withdrawn,  ///< its client went away before its turn came; nothing was sent
  other_content,   ///< its Idempotency-Key stands for another message; nothing was sent
  host_down,       ///< no link to the host until its time was up; nothing was sent
  queue_timeout,   ///< its time was up before its turn came; nothing was sent
  failed_unsent,   ///< a part of the gateway failed before it was sent; nothing was sent
  undelivered,     ///< sent, and nobody was left to hear the answer: it is reversed
  timed_out,       ///< sent; no answer in time; outcome unknown
  host_lost,       ///< sent; the link fell before the answer; outcome unknown
  failed_unknown,  ///< a part of the gateway failed; it may have been sent; outcome unknown
};

/// Whether the host may have acted on it.
bool outcome_unknown(refusal why);

/// "timed_out": for logs.
std::string to_string(refusal why);

/// What an error that came instead of an answer says; whatever CAF reports by itself is one of ours too.
refusal refusal_of(const caf::error& e);

}  // namespace actors

CAF_ERROR_CODE_ENUM(actors::refusal, "refusal")
