// The table of refusals: a row has all facts of one. It also translates CAF's errors into refusals.

#include "actors/transaction/refusal.hpp"

#include <caf/sec.hpp>

#include <array>

namespace actors {

namespace {

using enum refusal;

constexpr bool not_sent = false, unknown = true;

constexpr std::array table{
  refusal_facts{malformed, "malformed", "malformed", not_sent, 422, 500, "request",
                "The host's dialect cannot express the message"},
  refusal_facts{not_permitted, "not_permitted", "not_permitted", not_sent, 422, 500, "request",
                "Signing on and off is the gateway's own: its link to the host is there for all clients"},
  refusal_facts{queue_full, "queue_full", "queue_full", not_sent, 503, 503, "queue",
                "The gateway has as many messages as it may hold"},
  refusal_facts{key_in_use, "key_in_use", "key_in_use", not_sent, 409, 500, "queue",
                "A message with this terminal and STAN is in flight"},
  refusal_facts{
    stan_in_use, "stan_in_use", "stan_in_use", not_sent, 409, 500, "queue",
    "The gateway has had a transaction with this terminal and STAN, perhaps this very purchase: "
    "find out its outcome (by its own id, or from the operator's list) before using another STAN"},
  refusal_facts{original_unclear, "original_unclear", "original_unclear", not_sent, 409, 500, "queue",
                "Several purchases with this terminal, STAN and amount are at different banks: say the card, "
                "the local time or the RRN of the one that is to be reversed"},
  refusal_facts{journal_full, "journal_full", "journal_full", not_sent, 503, 503, "queue",
                "The gateway's disk is nearly full"},
  // Internal, between the journal and a terminal's queue: no client gets it.
  refusal_facts{not_yet, "not_yet", "withdrawn", not_sent, 503, 503, "queue",
                "The client went away before its turn came"},
  refusal_facts{withdrawn, "withdrawn", "withdrawn", not_sent, 503, 503, "queue",
                "The client went away before its turn came"},
  refusal_facts{other_content, "other_content", "idempotency_conflict", not_sent, 409, 409, "request",
                "This Idempotency-Key stands for another message"},
  refusal_facts{host_down, "host_down", "host_down", not_sent, 503, 504, "queue",
                "There was no link to the host"},
  refusal_facts{queue_timeout, "queue_timeout", "queue_timeout", not_sent, 504, 504, "queue",
                "The terminal was busy with earlier messages for too long"},
  refusal_facts{failed_unsent, "failed_unsent", "failed_unsent", not_sent, 503, 503, "queue",
                "A part of the gateway failed before the message was sent"},
  refusal_facts{rejected, "rejected", "rejected", false, 502, 502, "host",
                "The host has rejected the message and has not processed it", "declined"},
  // By the old interface as any purchase that came to nothing.
  refusal_facts{reversed_by_client, "reversed_by_client", "reversed_by_client", false, 409, 504, "host",
                "The host has approved it, and its client has reversed it since by a reversal of its own",
                "reversed"},
  refusal_facts{undelivered, "undelivered", "undelivered", unknown, 504, 504, "host",
                "The client is not known to have got the host's answer"},
  refusal_facts{being_reversed_by_client, "being_reversed_by_client", "being_reversed_by_client", unknown,
                504, 504, "host",
                "The host has approved it, and its client reverses it by a reversal of its own"},
  refusal_facts{timed_out, "timed_out", "timed_out", unknown, 504, 504, "timeout",
                "The host did not answer in time"},
  refusal_facts{host_lost, "host_lost", "host_lost", unknown, 502, 504, "host",
                "The link to the host fell before its answer"},
  refusal_facts{rejected_unknown, "rejected_unknown", "rejected_unknown", unknown, 502, 504, "host",
                "The host has rejected the message, and may have processed it"},
  refusal_facts{left_to_operator, "left_to_operator", "left_to_operator", unknown, 500, 504, "host",
                "The gateway's journal was put back since the message was sent; only its operator can say "
                "what became of it",
                "unknown"},
  refusal_facts{failed_unknown, "failed_unknown", "failed_unknown", unknown, 500, 504, "host",
                "A part of the gateway failed while the message was under way"},
};

// The index is the refusal's number less 1.
constexpr bool is_in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].why) != i + 1)
      return false;
  return table.size() == static_cast<std::size_t>(failed_unknown);
}
static_assert(is_in_order());

}  // namespace

std::span<const refusal_facts> all_refusals() { return table; }

// An unknown number comes from no actor of the gateway, so the outcome counts as unknown.
const refusal_facts& facts_of(refusal why) {
  const auto number = static_cast<std::size_t>(why);
  return number >= 1 && number <= table.size() ? table[number - 1] : table.back();
}

bool outcome_unknown(refusal why) { return facts_of(why).outcome_unknown; }

std::string to_string(refusal why) { return std::string(facts_of(why).name); }

caf::error error_of(refusal why, const refusal_detail& about) {
  return about.text.empty() ? caf::make_error(why) : caf::make_error(why, about.field, about.text);
}

refusal_detail detail_of(const caf::error& e) {
  if (!e)
    return {};
  const auto& said = e.context();
  if (!said.match_elements<std::string, std::string>())
    return {};
  return {said.get_as<std::string>(0), said.get_as<std::string>(1)};
}

refusal refusal_of(const caf::error& e) {
  if (e.category() == caf::atom("refusal"))
    return static_cast<refusal>(e.code());
  // It never reached a running actor, so it was not sent.
  if (e == caf::sec::request_receiver_down)
    return refusal::failed_unsent;
  return refusal::failed_unknown;
}

}  // namespace actors
