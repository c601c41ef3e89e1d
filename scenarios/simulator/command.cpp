// `socketqueue simulate`: many runs, their sums, and the first violation with the history that led to it.

#include "scenarios/simulator/command.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "actors/core/chosen_dialect.hpp"
#include "actors/transaction/lifecycle.hpp"
#include "config/load.hpp"
#include "scenarios/simulator/run.hpp"

namespace simulator {

namespace {

using namespace std::chrono_literals;

constexpr const char* page =
  "socketqueue simulate: a whole gateway in virtual time, with random clients, bank and faults; every run is "
  "judged by what must never happen\n"
  "\n"
  "usage: socketqueue simulate [--seed N] [--runs M] [--purchases K] [--links L] [--json] [--trace] [--all]\n"
  "\n"
  "  --seed N        of the first run, the others count on from it (default 1); one seed is one run, always "
  "the same\n"
  "  --runs M        how many (default 1000)\n"
  "  --purchases K   in each run (default 30)\n"
  "  --links L       that the gateway has to its bank, 1 or 2; without it some runs have two\n"
  "  --json          the sums as a line of JSON\n"
  "  --trace         every message between actors, and what happened to every purchase, of the last run; "
  "never what a message holds\n"
  "\n"
  "  --all           does not end with a violation: at the end each kind is listed, with the first seed that "
  "shows it and how many do\n"
  "\n"
  "It ends with the first violation, or says that there was none. Exit status: 0 no violation, 1 a "
  "violation, 2 it could not begin as asked.\n";

// Searching the log of every run for card data would be slow: only every 16th run's is searched.
constexpr std::uint64_t log_every = 16;

struct request {
  std::uint64_t seed = 1, runs = 1000, purchases = 30, links = 0;
  bool json = false, trace = false, help = false, all = false;
};

std::variant<request, std::string> read_arguments(std::span<const char* const> arguments) {
  request q;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    std::string_view name = arguments[at];
    std::optional<std::string_view> value;
    if (const auto equals = name.find('='); equals != std::string_view::npos) {
      value = name.substr(equals + 1);
      name = name.substr(0, equals);
    }
    bool* flag = name == "--json"    ? &q.json
                 : name == "--trace" ? &q.trace
                 : name == "--help"  ? &q.help
                 : name == "--all"   ? &q.all
                                     : nullptr;
    if (flag && !value) {
      *flag = true;
      continue;
    }
    auto* number = name == "--seed"        ? &q.seed
                   : name == "--runs"      ? &q.runs
                   : name == "--purchases" ? &q.purchases
                   : name == "--links"     ? &q.links
                                           : nullptr;
    if (!number)
      return "there is no argument '" + std::string(name) + "'";
    if (!value && at + 1 < arguments.size())
      value = arguments[++at];
    const auto digits = value.value_or("");
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *number);
    if (error != std::errc() || end != digits.data() + digits.size() || digits.empty() ||
        (*number == 0 && name != "--seed"))
      return std::string(name) + " needs a whole number" + (name == "--seed" ? "" : " from 1") + ", as in " +
             std::string(name) + "=100";
  }
  if (q.links > 2)
    return "--links is 1 or 2";
  return q;
}

// The kind of a violation: its sentence without what differs in each run.
std::string kind_of(const report& r) {
  auto sentence = r.story.substr(0, r.story.find('\n'));
  if (const auto at = sentence.find(r.invariant + " is violated"); at != std::string::npos)
    sentence.erase(0, at);
  for (auto& c : sentence)
    c = c >= '0' && c <= '9' ? '#' : c;
  sentence.replace(0, r.invariant.size(), r.invariant);
  return sentence;
}

// Rows of the lifecycle that no run has reached; empty: all were.
std::vector<std::string> rows_not_reached() {
  std::vector<std::string> names;
  for (const auto& r : actors::lifecycle::rows())
    if (!actors::lifecycle::was_reached(r))
      names.push_back(std::string(r.id) + " " + std::string(to_string(r.from)) + ", " +
                      std::string(to_string(r.on)));
  return names;
}

std::string as_json(const tally& sums, const report* failed, double seconds) {
  nlohmann::ordered_json j{{"runs", sums.runs},
                           {"purchases", sums.purchases},
                           {"approvals", sums.approvals},
                           {"reversals", sums.reversals},
                           {"own_reversals", sums.own_reversals},
                           {"parts", sums.parts},
                           {"approved_in_part", sums.approved_in_part},
                           {"inquiries", sums.inquiries},
                           {"restarts", sums.restarts},
                           {"steps", sums.steps},
                           {"records", sums.records},
                           {"unconfirmed", sums.unconfirmed},
                           {"lost_acknowledgements", sums.lost_acknowledgements},
                           {"faults", sums.faults},
                           {"rows", actors::lifecycle::rows().size()},
                           {"rows_not_reached", rows_not_reached()},
                           {"violations", failed ? 1 : 0},
                           {"seconds", seconds}};
  if (failed) {
    j["violated"] = failed->invariant;
    j["story"] = failed->story;
  }
  return j.dump();
}

std::string as_text(const tally& sums, double seconds) {
  std::string text = std::to_string(sums.runs) + " runs, " + std::to_string(sums.purchases) + " purchases, " +
                     std::to_string(sums.approvals) + " approvals shown, " + std::to_string(sums.reversals) +
                     " reversals done, " + std::to_string(sums.own_reversals) +
                     " asked for by clients (of a part: " + std::to_string(sums.parts) + "), " +
                     std::to_string(sums.approved_in_part) + " approved in part, " +
                     std::to_string(sums.inquiries) + " inquiries, " + std::to_string(sums.restarts) +
                     " restarts, " + std::to_string(sums.unconfirmed) + " unconfirmed, " +
                     std::to_string(sums.lost_acknowledgements) + " read with their acknowledgement lost, " +
                     std::to_string(sums.steps) + " messages, in " +
                     std::to_string(static_cast<long>(seconds)) + " s\nfaults:";
  for (const auto& [kind, count] : sums.faults)
    text += " " + kind + "=" + std::to_string(count);
  const auto missing = rows_not_reached();
  const auto all = actors::lifecycle::rows().size();
  text +=
    "\nrows of the lifecycle reached: " + std::to_string(all - missing.size()) + " of " + std::to_string(all);
  for (const auto& name : missing)
    text += (&name == &missing.front() ? "; not: " : "; ") + name;
  return text;
}

}  // namespace

int simulate(std::span<const char* const> arguments) {
  constexpr int none = 0, one = 1, misused = 2;
  const auto asked = read_arguments(arguments);
  if (const auto* why = std::get_if<std::string>(&asked)) {
    std::cerr << "socketqueue simulate: " << *why << "; --help tells more\n";
    return misused;
  }
  const auto& q = std::get<request>(asked);
  if (q.help) {
    std::cout << page;
    return none;
  }
  const auto dialect =
    std::get<codec::dialect>(actors::chosen_dialect(config::defaults().upstreams.front().dialect));
  const auto begun_at = std::chrono::steady_clock::now();
  const auto seconds = [begun_at] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_at).count();
  };
  auto told_at = 0.0;
  tally sums;
  report last;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> kinds;  // the first seed, and how many runs
  for (std::uint64_t i = 0; i < q.runs && (q.all || last.invariant.empty()); ++i) {
    const auto seed = q.seed + i;
    last = run({seed, q.purchases, q.trace, seed % log_every == 0, q.links}, dialect);
    sums.add(last.sums);
    if (!last.invariant.empty())
      ++kinds.try_emplace(kind_of(last), seed, 0).first->second.second;
    if (seconds() - told_at >= 5) {
      told_at = seconds();
      std::fprintf(stderr, "%llu of %llu runs, %llu purchases, %llu restarts, no violation, %.0f s\n",
                   static_cast<unsigned long long>(sums.runs), static_cast<unsigned long long>(q.runs),
                   static_cast<unsigned long long>(sums.purchases),
                   static_cast<unsigned long long>(sums.restarts), told_at);
    }
  }
  const bool failed = !kinds.empty();
  if (q.all)
    for (const auto& [kind, found] : kinds)
      std::cout << kind << ": " << found.second << " runs, the first is seed " << found.first << "\n";
  if (q.trace)
    std::cout << last.trace << "\n";
  if (failed && !q.json && !q.all)
    std::cout << last.story << "again: socketqueue simulate --seed=" << q.seed + sums.runs - 1
              << " --runs=1 --purchases=" << q.purchases
              << (q.links == 0 ? "" : " --links=" + std::to_string(q.links)) << " --trace\n\n";
  if (q.json)
    std::cout << as_json(sums, failed ? &last : nullptr, seconds()) << "\n";
  else
    std::cout << as_text(sums, seconds()) << "\n" << (failed ? "A violation" : "No violation") << "\n";
  return failed ? one : none;
}

}  // namespace simulator
