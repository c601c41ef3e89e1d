// How the simulated bank answers reversals: those of the gateway, and those of clients.

#include <algorithm>

#include "codec/fields.hpp"
#include "scenarios/simulator/bank.hpp"

namespace simulator {

namespace {

const std::vector<std::string> done{"000", "000", "400", "480"};
const std::vector<std::string> system_errors{"005", "120", "902", "903", "907",
                                             "909", "910", "911", "912", "923"};
const std::vector<std::string> refusals{"904", "908", "915"};

bool is_own(const codec::message& m) { return m[own_mark_field] == own_mark; }

}  // namespace

// When the bank reports a reversal as done, it is done, because the gateway could not detect otherwise. It
// may report a repeat where no earlier attempt can have been lost, and "no such transaction" where it has
// approved it and the gateway knows that: the gateway can detect both.
void bank::reversal(ledger_entry& t, const codec::message& m) {
  auto& random = world_.random;
  if (const auto part = is_own(m) ? t.part_named(m[codec::fields::amount]) : 0; part != 0)
    return reversal_of_part(t, part, m);
  if (t.reversals_received++ == 0 && !world_.calm)
    t.misleads = random.chance(0.1 * world_.wildness);
  // Where the link fell, an attempt may have been lost before the wire; then the gateway could not detect the
  // false answer.
  const bool may_lie = !t.attempt_was_lost && !world_.audit.disturbed_since(t.last_sent);
  if (t.misleads && !world_.calm && may_lie)
    return answer(t, m, "913");
  if (t.denied && !world_.calm && t.held > 0)
    return answer(t, m, "914");
  if (!world_.calm && is_own(m) && world_.doubts > 0 && random.chance(0.5))
    return own_reversal_wildly(t, m, may_lie);
  if (!world_.calm && random.chance(world_.wildness))
    return reversal_wildly(t, m);
  const auto pause = t.answers_reversals_late && !world_.calm ? random.between(5s, 40s)
                     : random.chance(0.6)                     ? 0ms
                                                              : random.between(0ms, 2s);
  if (t.held > 0) {
    reverse(t);
    return answer(t, m, random.one_of(done), pause);
  }
  if (t.was_applied && !world_.calm && random.chance(0.5))
    return answer(t, m, random.chance(0.5) ? "913" : "914", pause);
  if (t.was_applied)
    return answer(t, m, "000", pause);
  // The bank may not know it yet, or may remove it from what waits.
  if (t.may_apply_later && random.chance(0.5)) {
    t.may_apply_later = false;
    world_.audit.note(t, "the bank strikes it out");
    return answer(t, m, "000", pause);
  }
  answer(t, m, "914", pause);
}

void bank::reversal_wildly(ledger_entry& t, const codec::message& m) {
  auto& random = world_.random;
  const auto what = random.below(9);
  // The bank takes it for a repeat, perhaps of the purchase.
  if (what == 7 && !t.attempt_was_lost && !world_.audit.disturbed_since(t.last_sent))
    return answer(t, m, "913", random.between(0ms, 2s));
  // Another host of the bank does not know it.
  if (what == 8 && t.is_known_to_be_approved())
    return answer(t, m, "914", random.between(0ms, 2s));
  const bool tells_the_truth = what == 3 || what == 4;
  const bool refuses_a_client = what == 2 && is_own(m);
  if (tells_the_truth || (random.chance(0.6) && !refuses_a_client))
    reverse(t);
  const std::string answer_in_truth = t.was_applied ? "000" : "914";
  switch (what) {
    case 0: return;
    case 1: return answer(t, m, random.one_of(system_errors), random.between(0ms, 2s));
    case 2: return answer(t, m, random.one_of(refusals));
    case 3: return answer(t, m, answer_in_truth, random.between(4s, 30s));
    case 4: answer(t, m, answer_in_truth); return answer(t, m, answer_in_truth, random.between(0ms, 20s));
    case 5: return garble(0ms);
    default: world_.in(random.between(0ms, 500ms), [this] { cuts(); }); return;
  }
}

// A client's own reversal. A refusal of it is true, because nothing else tells its client what stands.
void bank::own_reversal_wildly(ledger_entry& t, const codec::message& m, bool may_lie) {
  auto& random = world_.random;
  const bool does_it = random.chance(0.5);
  const auto soon = random.chance(0.4) ? 0ms : random.between(0ms, 15s);
  const auto what = random.below(8);
  if (what >= 6 || (what >= 3 && does_it))
    reverse(t);
  const std::string answer_in_truth = t.was_applied ? "000" : "914";
  switch (what) {
    case 0:
    case 1: return answer_forgetfully(t, m, random.one_of(refusals), soon);
    case 2:  // the bank does not know it, from now on, or takes it for a repeat
      if (!may_lie)
        return answer_forgetfully(t, m, random.one_of(refusals), soon);
      t.denied = t.is_known_to_be_approved() && does_it;
      return answer(t, m, t.denied ? "914" : "913", soon);
    case 3:
    case 4: return answer(t, m, random.one_of(system_errors), soon);
    case 5: return;  // silent
    case 6: return answer_forgetfully(t, m, answer_in_truth, random.between(5s, 60s));
    default: return answer_forgetfully(t, m, answer_in_truth, soon);
  }
}

// It tells the truth, but may be silent, slow or out of order. A part that it has given back before is done.
void bank::reversal_of_part(ledger_entry& t, std::uint64_t part, const codec::message& m) {
  auto& random = world_.random;
  const bool errs = !world_.calm && random.chance(world_.wildness);
  const bool was_done = std::ranges::find(t.given_back, part) != t.given_back.end();
  const auto what = was_done ? 1 + random.below(3) : random.below(4);
  const bool does_it = t.held > 0 && !was_done && (!errs || (what > 0 && random.chance(0.5)));
  if (does_it)
    world_.audit.part_reversed(t, part);
  if (!errs)
    return answer(t, m, was_done || does_it || t.was_applied ? "000" : "914", random.between(0ms, 2s));
  switch (what) {
    case 0: return answer(t, m, random.one_of(refusals), random.between(0ms, 2s));
    case 1: return answer(t, m, random.one_of(system_errors), random.between(0ms, 2s));
    case 2: return;  // silent
    default: world_.in(random.between(0ms, 500ms), [this] { cuts(); }); return;
  }
}

void bank::reverse(ledger_entry& t) {
  if (t.held > 0)
    world_.audit.reversed(t);
}

}  // namespace simulator
