// What clients do in some worlds only: they reverse their purchases more often, and inquire with the STANs of
// purchases.

#include "codec/exchange/local_time.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "scenarios/simulator/clients.hpp"

namespace simulator {

// The client's own reversals, also twice, and inquiries with the STAN of the purchase, at any time.
void clients::plan_doubts(ledger_entry& t) {
  auto& random = world_.random;
  if (random.chance(world_.doubts))
    for (auto times = 1 + random.below(2); times > 0; --times)
      world_.in(random.between(0ms, random.chance(0.6) ? 20s : 150s), [this, &t] { reverse(t); });
  if (random.chance(world_.doubts))
    world_.in(random.between(0ms, 90s), [this, &t] { ask(t, nullptr, question::balance, true); });
}

// A client that has its approval takes back a part, or all of it in two.
void clients::plan_parts(ledger_entry& t) {
  auto& random = world_.random;
  if (t.approved == 0 || !random.chance(world_.parts))
    return;
  const auto part = world_.audit.part_of(t, t.approved, random);
  if (part == 0)
    return;
  std::vector<std::uint64_t> parts{part};
  if (random.chance(0.5))
    parts.push_back(t.approved - part);
  for (const auto amount : parts)
    for (auto times = random.chance(0.2) ? 2 : 1; times > 0; --times)
      world_.in(random.between(0ms, random.chance(0.6) ? 20s : 150s),
                [this, &t, amount] { reverse(t, amount); });
}

void clients::reverse(ledger_entry& t, std::uint64_t part) {
  const bool is_its_card = world_.doubts > 0 || world_.parts > 0;
  t.own_reversals.push_back({.asked_at = world_.now(), .part = part, .is_its_card = is_its_card});
  ++world_.audit.sums.own_reversals;
  world_.audit.sums.parts += part != 0 ? 1 : 0;
  ask(t, nullptr, question::own_reversal);
}

// In some worlds it names its card, in the others perhaps another one. One of all that was approved in part
// names what was asked or what was approved.
std::string clients::reversal_of(const ledger_entry& t, const own_reversal& r) const {
  auto& random = world_.random;
  auto m = r.is_its_card ? codec::unpack(t.frame, world_.dialect).value() : usual(t, random);
  for (const int number : {52, 55})
    m.erase(number);
  m.set(0, "0400");
  m.set(3, "000000");
  if (r.part != 0)
    m.set(4, amount_text(r.part));
  else if (t.is_approved_in_part() && random.chance(0.5))
    m.set(4, amount_text(t.approved));
  m.set(own_mark_field, own_mark);
  if (!t.reference.empty() && random.chance(0.5))
    m.set(37, t.reference);
  return codec::pack(m, world_.dialect).value();
}

// Only where nothing else may be meant by the response, and nothing else may have become of the money.
void clients::meet_late_approvals() {
  constexpr int most = 3;
  int count = 0;
  for (auto& t : world_.audit.all()) {
    if (world_.doubts == 0 || count == most)
      return;
    if (t.sent == 0 || t.was_applied || t.may_apply_later || t.operator_decides || t.approvals_read() > 0 ||
        !t.own_reversals.empty() || world_.audit.has_namesake(t))
      continue;
    ++count;
    t.comes_far_too_late = true;
    ask(t, nullptr, question::balance, true);
  }
}

std::string clients::balance_inquiry_of(const ledger_entry& t) const {
  auto m = codec::unpack(t.frame, world_.dialect).value();
  m.set(codec::fields::processing_code, "310000");
  m.set(codec::fields::amount, "000000000000");
  m.set(codec::fields::local_time, codec::format_local_time(world_.local_time()));
  return codec::pack(m, world_.dialect).value();
}

void clients::received_balance(conversation& c, const codec::message& m) {
  auto& t = *c.open.front().about;
  c.open.pop_front();
  world_.audit.note(t, "the client receives the response to its inquiry");
  if (m.mti() != "0210" || !t.is_named_by(m))
    world_.audit.fail("C1", "a client that inquires gets the answer to another message", &t);
}

}  // namespace simulator
