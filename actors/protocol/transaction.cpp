// The causes of reversals: their names in the journal, and the refusal that a client gets. What was approved.

#include "actors/protocol/submit.hpp"

#include <algorithm>
#include <array>

#include "codec/fields.hpp"

namespace actors {

namespace {

constexpr std::array<std::string_view, 11> cause_names{"",
                                                       "timed_out",
                                                       "host_lost",
                                                       "failed_unknown",
                                                       "undelivered",
                                                       "undetermined",
                                                       "late_approval",
                                                       "client_reversal",
                                                       "unconfirmed",
                                                       "interrupted",
                                                       "rejected"};
static_assert(cause_names.size() == static_cast<std::size_t>(cause::operator_));

}  // namespace

std::string_view to_string(cause why) {
  return why == cause::operator_ ? "by an operator" : cause_names[static_cast<std::size_t>(why)];
}

cause cause_called(std::string_view name) {
  // The name in older journals.
  if (name == "broken")
    return cause::failed;
  return static_cast<cause>(std::ranges::find(cause_names, name) - cause_names.begin());
}

cause cause_of(refusal why) {
  switch (why) {
    case refusal::timed_out: return cause::timed_out;
    case refusal::host_lost: return cause::host_lost;
    case refusal::undelivered: return cause::undelivered;
    case refusal::rejected_unknown: return cause::rejected;
    default: return cause::failed;
  }
}

refusal refusal_of(cause why) {
  switch (why) {
    case cause::timed_out: return refusal::timed_out;
    case cause::host_lost: return refusal::host_lost;
    case cause::undelivered: return refusal::undelivered;
    case cause::rejected: return refusal::rejected_unknown;
    default: return refusal::failed_unknown;
  }
}

refusal refusal_of(const custody* revoked) {
  return revoked && revoked->by_client ? refusal::being_reversed_by_client : refusal::undelivered;
}

std::string_view amount_of(const transaction& t) {
  return t.approved_amount.empty() ? (*t.request)[codec::fields::amount]
                                   : std::string_view(t.approved_amount);
}

codec::message heard_of(const transaction& t) {
  auto heard = t.reference_fields;
  if (t.host_agreed || !t.approved_amount.empty())
    heard.set(codec::fields::amount, std::string(amount_of(t)));
  return heard;
}

}  // namespace actors
