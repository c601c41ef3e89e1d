// Which purchase an amount belongs to. Each amount of a run is of one purchase alone: what was asked, what
// the bank approves of it, and the parts that its client takes back.

#include <algorithm>
#include <charconv>

#include "codec/fields.hpp"
#include "scenarios/simulator/auditor.hpp"

namespace simulator {

namespace {

constexpr std::uint64_t first_amount = 1001;

std::uint64_t number_in(std::string_view amount) {
  std::uint64_t number = 0;
  std::from_chars(amount.data(), amount.data() + amount.size(), number);
  return number;
}

}  // namespace

std::string amount_text(std::uint64_t amount) {
  const auto digits = std::to_string(amount);
  return std::string(12 - digits.size(), '0') + digits;
}

ledger_entry& auditor::new_purchase() {
  auto& t = entries_.emplace_back();
  t.amount = first_amount + entries_.size() - 1;
  ++sums.purchases;
  return t;
}

ledger_entry* auditor::find(std::string_view amount) {
  const auto number = number_in(amount);
  if (const auto it = smaller_.find(number); it != smaller_.end())
    return it->second;
  return number < first_amount || number - first_amount >= entries_.size() ? nullptr
                                                                           : &entries_[number - first_amount];
}

std::uint64_t auditor::part_of(ledger_entry& t, std::uint64_t whole, random_source& random) {
  const auto is_free = [this, &t](std::uint64_t amount) {
    const auto it = smaller_.find(amount);
    return amount > reserved && amount < first_amount && (it == smaller_.end() || it->second == &t);
  };
  for (int tries = 0; whole > 1 && tries < 100; ++tries) {
    const auto part = 1 + random.below(std::min(whole, first_amount) - 1);
    if (!is_free(part) || !is_free(whole - part))
      continue;
    smaller_[part] = smaller_[whole - part] = &t;
    return part;
  }
  return 0;
}

// The gateway's own reversal asks for all, or for what the bank has approved, as the bank wants it. A
// client's is as the client has sent it: a part stays that part.
void auditor::amount_on_wire(const ledger_entry& t, const codec::message& m) {
  const auto amount = number_in(m[codec::fields::amount]);
  const bool is_own = m[own_mark_field] == own_mark;
  const bool is_gateways = m.mti() == "0400" && !is_own;
  const bool wants_approved = dialect_.reversal.approved_amount && settings_.groups.empty();
  if (amount == t.amount) {
    if (is_gateways && wants_approved && t.approved < t.amount && t.is_known_to_be_approved())
      fail("M6", "0400 does not ask for what the bank has approved", &t);
    return;
  }
  const auto names_it = [&](const own_reversal& r) {
    return r.part == amount || (r.part == 0 && amount == t.approved);
  };
  if (!(is_gateways && dialect_.reversal.approved_amount && amount == t.approved) &&
      !(is_own && std::ranges::any_of(t.own_reversals, names_it)))
    fail("M6", std::string(m.mti()) + " has another amount than was asked", &t);
}

// M3, of a part.
void auditor::part_is_done(ledger_entry& t, const own_reversal& r) {
  if (t.held > 0 && std::ranges::find(t.given_back, r.part) == t.given_back.end() && !t.operator_decides)
    fail("M3", "a client reads that a part is taken back, and the bank holds that part", &t);
}

}  // namespace simulator
