// The judge. It knows nothing of the gateway but what came to the bank, what came to the clients, and its list.

#include "tests/chaos/books.hpp"

namespace chaos {

namespace {

// Whether the client, having heard one thing, may hear another: a "no" that was not durable when the gateway died may become
// "failed", and nothing ever becomes or stops being a "yes".
bool may_follow(told before, told now) {
  if (before == now || before == told::nothing)
    return true;
  return (before == told::declined && now == told::failed) || before == told::not_sent;
}

} // namespace

const char* to_string(told t) {
  switch (t) {
    case told::nothing: return "nothing";
    case told::approved: return "approved";
    case told::declined: return "declined";
    case told::failed: return "failed";
    case told::not_sent: break;
  }
  return "not sent";
}

std::string label(const trace& t) { return "TID " + std::to_string(t.tid) + " STAN " + std::to_string(t.stan); }

receipt& books::open(const trace& t, std::uint64_t amount, bool by_http) {
  auto& r = receipts_[t];
  r.amount = amount;
  r.by_http = by_http;
  return r;
}

void books::tell(const trace& t, told what) {
  auto& r = receipts_[t];
  if (!may_follow(r.last, what))
    complain(label(t) + ": its client was told " + to_string(r.last) + " and later " + to_string(what));
  r.last = what;
}

balance books::reconcile(const std::set<trace>& kept, const std::set<trace>& open) const {
  balance b{{}, {}, {}, {}, complaints_};
  const auto violate = [&b](const trace& t, const std::string& what) { b.violations.push_back(label(t) + ": " + what); };
  for (const auto& [t, a] : accounts_)
    if (!receipts_.contains(t))
      violate(t, "the bank has a purchase that nobody made");
  for (const auto& [t, r] : receipts_) {
    const auto it = accounts_.find(t);
    const auto a = it == accounts_.end() ? account{} : it->second;
    const bool listed = kept.contains(t), reversing = open.contains(t);
    if (a.requests > 1)
      violate(t, "it was sent to the bank " + std::to_string(a.requests) + " times");
    if (a.bookings > 1)
      violate(t, "it was charged " + std::to_string(a.bookings) + " times");
    if (a.requests != 0 && a.amount != r.amount)
      violate(t, "the bank was asked for another amount");
    if (r.last == told::approved && !a.held())
      violate(t, a.reversed ? "its client was told approved, and it is reversed" : "its client was told approved, and the bank holds nothing");
    if (r.last == told::approved && reversing)
      violate(t, "its client was told approved, and it is being reversed");
    if (r.last == told::not_sent && a.requests != 0)
      violate(t, "its client was told that it was not sent, and the bank got it");
    if (a.held() && r.last != told::approved && !listed && !reversing)
      violate(t, std::string("the bank holds it, its client was told ") + to_string(r.last) + ", and it is no open case");
    if (listed && !a.held())
      violate(t, "it is listed as approved, and the bank holds nothing");

    auto row = std::string("told ") + to_string(r.last) + (r.left ? ", left" : "") + (listed ? ", unconfirmed" : reversing ? ", reversing" : "");
    row += a.held() ? ": held" : a.bookings > 0 ? ": reversed" : a.requests > 0 ? ": not booked" : ": never sent";
    b.rows[row].add(r.amount);
    if (a.held()) {
      b.held.add(r.amount);
      (r.last == told::approved ? b.shown : b.open_unshown).add(r.amount);
    }
  }
  return b;
}

} // namespace chaos
