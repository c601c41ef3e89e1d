// How the simulated bank answers balance inquiries, and how it approves purchases beside them.

#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "scenarios/simulator/bank.hpp"

namespace simulator {

// The response always says that it is one of an inquiry: where it says no time either, nothing else would
// tell it from that of a purchase.
void bank::inquiry(const codec::message& m) {
  auto& random = world_.random;
  auto r = m;
  for (const int number : {2, 14, 35, 52, 55})
    r.erase(number);
  r.set(0, codec::response_mti(m.mti()));
  r.set(39, random.chance(0.9) ? "000" : "116");
  if (random.chance(0.7))
    r.erase(codec::fields::local_time);
  if (random.chance(0.5))
    r.erase(codec::fields::amount);
  if (!world_.calm) {
    if (random.chance(0.9))
      world_.in(random.between(0ms, random.chance(0.7) ? 2s : 60s), [this, r] { write(r); });
    return;
  }
  const bool answers_first = random.chance(0.3);
  if (answers_first)
    write(r);
  for (auto& t : world_.audit.all())
    if (t.comes_far_too_late && !t.was_applied && t.is_named_by(m))
      approve_far_too_late(t, m);
  if (!answers_first)
    write(r);
}

// A purchase that it has never approved, when its reversal has ended. Perhaps nothing in the response tells
// it from one to the inquiry.
void bank::approve_far_too_late(ledger_entry& t, codec::message inquiry) {
  static const std::vector<std::vector<int>> lacks{{3, 4, 12}, {3, 4, 12}, {3, 12}, {12}, {4, 12}, {3}, {}};
  apply(t);
  inquiry.set(codec::fields::processing_code, "000000");
  inquiry.set(codec::fields::amount, amount_text(t.amount));
  inquiry.set(codec::fields::local_time, t.time);
  auto r = response_to(t, inquiry, "000");
  for (const int number : world_.random.one_of(lacks))
    if (number != codec::fields::amount || t.approved == t.amount)  // else nobody could say how much
      r.erase(number);
  world_.audit.bank_says(t, r);
  write(r);
}

}  // namespace simulator
