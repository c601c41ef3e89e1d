#include "tests/chaos/report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <ostream>

namespace chaos {

namespace {

std::string money(std::uint64_t minor) {
  const auto rest = std::to_string(minor % 100);
  return std::to_string(minor / 100) + "." + std::string(2 - rest.size(), '0') + rest;
}

// How often each kind of violation occurred.
std::map<std::string, std::size_t> kinds_of(const std::vector<std::string>& violations) {
  std::map<std::string, std::size_t> kinds;
  for (const auto& v : violations) {
    const auto colon = v.starts_with("TID ") ? v.find(": ") : std::string::npos;
    ++kinds[colon == std::string::npos ? v : v.substr(colon + 2)];
  }
  return kinds;
}

void print_wrong(const result& r, std::ostream& out) {
  constexpr std::size_t told_max = 5;
  for (std::size_t i = 0; i < std::min(told_max, r.balance.violations.size()); ++i)
    out << "WRONG: " << r.balance.violations[i] << "\n";
  if (r.balance.violations.size() > told_max)
    out << "and " << r.balance.violations.size() - told_max << " more\n";
  for (const auto& [kind, count] : kinds_of(r.balance.violations))
    out << "WRONG, " << count << " times: " << kind << "\n";
  for (const auto& h : r.histories)
    for (std::size_t i = 0; i < h.size(); ++i)
      out << (i == 0 ? "\nThe history of " : "  ") << h[i] << "\n";
}

}  // namespace

void print(const result& r, std::ostream& out) {
  if (!r.skipped.empty()) {
    out << r.scene << ": skipped: " << r.skipped << "\n";
    return;
  }
  out << "\n";
  const auto line = [&out](const std::string& name, const chaos::sum& s) {
    out << "  " << name << std::string(name.size() < 50 ? 50 - name.size() : 1, ' ')
        << std::string(9 - std::min<std::size_t>(9, std::to_string(s.count).size()), ' ') << s.count
        << std::string(15 - std::min<std::size_t>(15, money(s.amount).size()), ' ') << money(s.amount)
        << "\n";
  };
  for (const auto& [name, s] : r.balance.rows)
    line(name, s);
  out << "\n";
  line("held by the bank", r.balance.held);
  line("of it: clients were told approved", r.balance.shown);
  line("of it: open cases on the gateway's list", r.balance.open_unshown);
  if (r.balance.lost_behind.count > 0)
    line("of it: acknowledged by a proxy, and lost there", r.balance.lost_behind);
  if (r.balance.ack_lost.count > 0)
    line("reversed: read, and the acknowledgement was lost", r.balance.ack_lost);
  out << "\npurchases: " << r.purchases << "; disturbances: " << r.disturbances << "; kills: " << r.kills
      << " (and " << r.early_kills << " while it started); start: " << r.usual_start().count()
      << " ms usually, " << r.slowest_start().count() << " ms at the most; all in all "
      << r.took.count() / 1000 << " s, of it " << r.drain.count() / 1000 << " s for ending what was open\n"
      << "cases that an operator had tried again: " << r.parked
      << "; approvals kept on the list as unconfirmed: " << r.unconfirmed << "\n";
  print_wrong(r, out);
  if (r.balance.violations.empty())
    out << (r.balance.good()
              ? "Nothing is orphaned, nothing shown as approved is reversed, nothing is charged twice.\n"
              : "WRONG: the sums do not agree\n");
}

std::string as_json(const result& r, std::uint64_t seed) {
  if (!r.skipped.empty())
    return nlohmann::ordered_json{{"scene", r.scene}, {"good", true}, {"skipped", r.skipped}}.dump();
  nlohmann::ordered_json rows;
  const auto sum_of = [](const chaos::sum& s) {
    return nlohmann::ordered_json{{"count", s.count}, {"amount", s.amount}};
  };
  for (const auto& [name, s] : r.balance.rows)
    rows[name] = sum_of(s);
  return nlohmann::ordered_json{{"scene", r.scene},
                                {"good", r.balance.good()},
                                {"seed", seed},
                                {"purchases", r.purchases},
                                {"disturbances", r.disturbances},
                                {"kills", r.kills},
                                {"early_kills", r.early_kills},
                                {"seconds", static_cast<double>(r.took.count()) / 1000},
                                {"drain_seconds", static_cast<double>(r.drain.count()) / 1000},
                                {"start_ms", r.usual_start().count()},
                                {"start_ms_max", r.slowest_start().count()},
                                {"held", sum_of(r.balance.held)},
                                {"shown", sum_of(r.balance.shown)},
                                {"open", sum_of(r.balance.open_unshown)},
                                {"lost_behind_proxy", sum_of(r.balance.lost_behind)},
                                {"acknowledgement_lost", sum_of(r.balance.ack_lost)},
                                {"unconfirmed", r.unconfirmed},
                                {"reversing", r.reversing},
                                {"parked", r.parked},
                                {"outcomes", rows},
                                {"wrong", kinds_of(r.balance.violations)},
                                {"violations", r.balance.violations},
                                {"histories", r.histories}}
    .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace chaos
