#include "actors/transaction/refusal.hpp"

#include <caf/sec.hpp>

namespace actors {

bool outcome_unknown(refusal why) {
  switch (why) {
    case refusal::malformed:
    case refusal::queue_full:
    case refusal::key_in_use:
    case refusal::stan_in_use:
    case refusal::journal_full:
    case refusal::not_yet:
    case refusal::withdrawn:
    case refusal::other_content:
    case refusal::host_down:
    case refusal::queue_timeout:
    case refusal::failed_unsent: return false;
    case refusal::undelivered:
    case refusal::timed_out:
    case refusal::host_lost:
    case refusal::failed_unknown: break;
  }
  return true;
}

std::string to_string(refusal why) {
  switch (why) {
    case refusal::malformed: return "malformed";
    case refusal::queue_full: return "queue_full";
    case refusal::key_in_use: return "key_in_use";
    case refusal::stan_in_use: return "stan_in_use";
    case refusal::journal_full: return "journal_full";
    case refusal::not_yet: return "not_yet";
    case refusal::withdrawn: return "withdrawn";
    case refusal::undelivered: return "undelivered";
    case refusal::other_content: return "other_content";
    case refusal::host_down: return "host_down";
    case refusal::queue_timeout: return "queue_timeout";
    case refusal::failed_unsent: return "failed_unsent";
    case refusal::timed_out: return "timed_out";
    case refusal::host_lost: return "host_lost";
    case refusal::failed_unknown: break;
  }
  return "failed_unknown";
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
