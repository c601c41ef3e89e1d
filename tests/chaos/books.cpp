// Audits a run. Knows only what came to the bank and to the clients, and the gateway's list of open cases.

#include "tests/chaos/books.hpp"

#include <algorithm>

namespace chaos {

namespace {

// Whether a client that has received `before` may receive `now`: a decline that was not durable when the
// gateway was killed may become "failed"; nothing may become an approval or stop being one.
bool may_follow(client_outcome before, client_outcome now) {
  if (before == now || before == client_outcome::nothing)
    return true;
  return (before == client_outcome::declined && now == client_outcome::failed) ||
         before == client_outcome::not_sent;
}

}  // namespace

const char* to_string(client_outcome t) {
  switch (t) {
    case client_outcome::nothing: return "nothing";
    case client_outcome::approved: return "approved";
    case client_outcome::declined: return "declined";
    case client_outcome::failed: return "failed";
    case client_outcome::not_sent: break;
  }
  return "not sent";
}

std::string label(const trace& t) {
  return "TID " + std::to_string(t.tid) + " STAN " + std::to_string(t.stan);
}

receipt& books::open(const trace& t, std::uint64_t amount, bool by_http) {
  auto& r = receipts_[t];
  r.amount = amount;
  r.by_http = by_http;
  log(t, "its client asks for " + std::to_string(amount) + (by_http ? " by HTTP" : ""));
  return r;
}

void books::record(const trace& t, client_outcome what) {
  auto& r = receipts_[t];
  log(t, std::string("its client is told ") + to_string(what));
  // What was read may be reversed where its acknowledgement was lost; who asks again is told so.
  const bool reversed_unacknowledged = r.ack_lost && what == client_outcome::failed;
  if (!may_follow(r.last, what) && !reversed_unacknowledged)
    report_violation(label(t) + ": its client was told " + to_string(r.last) + " and later " +
                     to_string(what));
  if (!reversed_unacknowledged)
    r.last = what;
  r.received_at = now();
}

void books::acknowledgements_lost_since(std::chrono::milliseconds then) {
  for (auto& [t, r] : receipts_)
    if (r.last == client_outcome::approved && r.received_at >= then)
      r.ack_lost = true;
}

std::vector<std::string> books::history(const trace& t) const {
  const auto own = log_.find(t);
  if (own == log_.end() || own->second.empty())
    return {};
  constexpr auto around = std::chrono::seconds(2);
  auto all = own->second;
  const auto first = all.front().at, last = all.back().at;
  for (const auto& e : events_)
    if (e.at >= first - around && e.at <= last + around)
      all.push_back({e.at, "(" + e.what + ")"});
  std::ranges::stable_sort(all, {}, &event::at);
  std::vector<std::string> lines;
  for (const auto& e : all)
    lines.push_back("+" + std::to_string(e.at.count()) + " ms  " + e.what);
  return lines;
}

balance books::complaints_alone() const {
  balance b;
  b.violations = complaints_;
  return b;
}

balance books::reconcile(const std::set<trace>& kept, const std::set<trace>& open) const {
  auto b = complaints_alone();
  const auto violate = [&b](const trace& t, const std::string& what) {
    b.violations.push_back(label(t) + ": " + what);
    b.suspects.push_back(t);
  };
  for (const auto& [t, a] : accounts_)
    if (!receipts_.contains(t))
      violate(t, "the bank has a purchase that no client made");
  for (const auto& [t, r] : receipts_) {
    const auto it = accounts_.find(t);
    const auto a = it == accounts_.end() ? account{} : it->second;
    const bool listed = kept.contains(t), reversing = open.contains(t);
    const bool is_shown = r.last == client_outcome::approved;
    const bool lost_behind_proxy =
      a.held() && !is_shown && !listed && !reversing && r.behind_proxy && (r.left || r.way_broken);
    if (a.requests > 1)
      violate(t, "it was sent to the bank " + std::to_string(a.requests) + " times");
    if (a.bookings > 1)
      violate(t, "it was charged " + std::to_string(a.bookings) + " times");
    if (a.requests != 0 && a.amount != r.amount)
      violate(t, "the bank was asked for another amount");
    if (is_shown && r.ack_lost && (!a.held() || reversing)) {
      b.ack_lost.add(r.amount);
    } else if (is_shown) {
      if (!a.held())
        violate(t, a.reversed ? "its client was told approved, and it is reversed"
                              : "its client was told approved, and the bank holds nothing");
      if (reversing)
        violate(t, "its client was told approved, and it is being reversed");
    }
    if (r.last == client_outcome::not_sent && a.requests != 0)
      violate(t, "its client was told that it was not sent, and the bank got it");
    if (a.held() && !is_shown && !listed && !reversing && !lost_behind_proxy)
      violate(t, std::string("the bank holds it, its client was told ") + to_string(r.last) +
                   ", and it is no open case");
    if (listed && !a.held())
      violate(t, "it is listed as approved, and the bank holds nothing");

    auto row = std::string("told ") + to_string(r.last) + (r.left ? ", left" : "") +
               (listed      ? ", unconfirmed"
                : reversing ? ", reversing"
                            : "");
    row += a.held()         ? ": held"
           : a.bookings > 0 ? ": reversed"
           : a.requests > 0 ? ": not booked"
                            : ": never sent";
    b.rows[row].add(r.amount);
    if (a.held()) {
      b.held.add(r.amount);
      (is_shown ? b.shown : lost_behind_proxy ? b.lost_behind : b.open_unshown).add(r.amount);
    }
  }
  return b;
}

}  // namespace chaos
