// `socketqueue pending`, `retry`, `reverse` and `resolve`: an operator asks a running gateway of this
// machine.
//
// It speaks to the gateway's control socket and never touches the journal's files. However many cases there
// are, it has a page of them in hand, and of those that something is done about their numbers.

#include "actors/operator/operator_command.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "actors/operator/case_filter.hpp"
#include "actors/operator/operator_session.hpp"
#include "actors/transaction/operator_decision.hpp"
#include "config/load.hpp"
#include "config/printable.hpp"
#include "net/local/client.hpp"

namespace actors {

namespace {

using json = nlohmann::ordered_json;  // rows read as the gateway wrote them
using std::chrono::steady_clock;

constexpr std::string_view verbs[] = {"pending", "retry", "reverse", "resolve"};

constexpr int exit_refused = 1, exit_misused = 2;

// Refusals that are printed; --json tells all.
constexpr std::size_t refusals_shown_max = 20;

constexpr const char* usage =
  "usage: socketqueue pending [FILTER ...] [--json] [--journal=DIR]\n"
  "       socketqueue retry CASES [--journal=DIR]\n"
  "       socketqueue reverse CASES --why \"TEXT\" [--journal=DIR]\n"
  "       socketqueue resolve CASES --why \"TEXT\" [--journal=DIR]\n"
  "\n"
  "Asks the running gateway whose journal is in DIR (default: $STATE_DIRECTORY, else ./socketqueue-state).\n"
  "\n"
  "  pending   all open cases: purchases that are being reversed, that need a person, or, after a restart,\n"
  "            that were approved and whose client may not know\n"
  "  retry     tries the reversal of a case now\n"
  "  reverse   reverses an approval that is unconfirmed, whose client does not have it, as you know; who and "
  "why is kept\n"
  "  resolve   takes a case off the list: you have ended it otherwise, with the bank, or, where it is "
  "unconfirmed, you\n"
  "            know that its client has it; who and why is kept\n"
  "\n"
  "CASES are numbers as `pending` shows them, 3 or 3,20; a range, 3-17, stands for the open cases within; or "
  "FILTERs, or\n"
  "both; or --all.\n"
  "\n"
  "  --state=needs-you | unconfirmed | reversing\n"
  "  --older=2h               begun so long ago, in s, min, h or d\n"
  "  --amount=1000..5000      in the currency's smallest unit; one end may be left out\n"
  "  --tid=00992468           of that terminal\n"
  "\n"
  "A filter is given once; all that are given must be met. A value that begins with -- is written "
  "--why=--x.\n"
  "\n"
  "  --dry-run   shows which cases are meant, and does nothing\n"
  "  --json      for a script: pending gives one object with an array, cases; the others one with done, "
  "refused, results\n"
  "\n"
  "Exit status: 0 done, or nothing on the list needs a look; 1 something was refused, or a case that is "
  "listed needs you or\n"
  "has been unconfirmed for 5 min and more; 2 misused, or the gateway does not answer. The list is read page "
  "by page: what\n"
  "is opened or ended meanwhile may be on it or not.\n";

std::string why_is_needed(const std::string& verb) {
  return verb + " needs a reason: --why \"as agreed with the bank, ticket 4711\"";
}

bool takes_why(const std::string& verb) { return verb == "resolve" || verb == "reverse"; }

struct wish {
  std::string verb, cases, why, journal;
  std::vector<std::string> filters;  // as the gateway reads them, "tid=00992468"
  case_filter filter;                // the same, read
  bool all = false, dry_run = false, json = false, help = false;
};

// What stands behind `name`, as "--name=value" or "--name value"; false where this is another argument.
// `fault` says where it is forgotten, so that the next option is not taken for it.
bool read_value(std::span<const char* const> arguments, std::size_t& i, const std::string& name,
                std::string& into, std::string& fault) {
  const std::string_view a = arguments[i];
  const bool joined = a.starts_with(name + "=");
  if (!joined && a != name)
    return false;
  if (!into.empty())
    fault = name + " is given twice; give it once";
  else if (joined)
    into = a.substr(name.size() + 1);
  else if (i + 1 < arguments.size() && !std::string_view(arguments[i + 1]).starts_with("--"))
    into = arguments[++i];
  else if (const std::string next = i + 1 < arguments.size() ? arguments[i + 1] : ""; !next.empty())
    fault = name + " needs a value, and '" + next + "' is an option; a value that begins so is written " +
            name + "=" + next;
  return true;
}

bool read_flag(std::string_view a, wish& w) {
  const bool acts = w.verb != "pending";
  if (a == "--json")
    w.json = true;
  else if (a == "--help")
    w.help = true;
  else if (a == "--all" && acts)
    w.all = true;
  else if (a == "--dry-run" && acts)
    w.dry_run = true;
  else
    return false;
  return true;
}

// "--tid=00992468"; `fault` says what is wrong with its value.
bool read_filter_option(std::span<const char* const> arguments, std::size_t& i, wish& w, std::string& fault) {
  const auto a = std::string_view(arguments[i]);
  const auto name = std::string(a.substr(std::min<std::size_t>(a.size(), 2), a.find('=') - 2));
  std::string value;
  if (!a.starts_with("--") || !is_filter(name) || !read_value(arguments, i, "--" + name, value, fault))
    return false;
  if (fault.empty())
    fault = read_filter(name, value, w.filter);
  w.filters.push_back(name + "=" + value);
  return true;
}

// Of whoever types it on a screen: lines and tabs become spaces.
std::string read_why(wish& w) {
  std::ranges::replace_if(
    w.why, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  if (w.why.find_first_not_of(' ') == std::string::npos)
    return why_is_needed(w.verb);
  return fault_of_reason(w.why);
}

std::string check_cases(const wish& w) {
  if (w.help || w.verb == "pending")
    return "";
  if (w.cases.empty() && w.filters.empty() && !w.all)
    return w.verb +
           " needs the number of a case, as `socketqueue pending` shows it: 3, 3-17,20, a filter as "
           "--state=unconfirmed, or --all";
  if (w.all && !(w.cases.empty() && w.filters.empty()))
    return w.verb + " takes --all, or cases and filters, not both";
  if (!w.cases.empty() && !read_cases(w.cases))
    return w.verb + " needs the number of a case, as `socketqueue pending` shows it, 3 or 3-17,20, not '" +
           w.cases + "'";
  return takes_why(w.verb) && w.why.empty() && !w.dry_run ? why_is_needed(w.verb) : "";
}

std::string read_arguments(std::span<const char* const> arguments, wish& w) {
  w.verb = arguments[0];
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string a = arguments[i];
    std::string fault;
    if (read_flag(a, w))
      continue;
    if (read_value(arguments, i, "--journal", w.journal, fault)) {
      if (fault.empty() && w.journal.empty())
        fault = "--journal needs a directory: --journal=DIR";
    } else if (takes_why(w.verb) && read_value(arguments, i, "--why", w.why, fault)) {
      if (fault.empty())
        fault = read_why(w);
    } else if (read_filter_option(arguments, i, w, fault)) {
      // read
    } else if (a.starts_with("-")) {
      fault = w.verb + " has no option '" + a + "'";
    } else if (w.verb == "pending") {
      fault =
        "pending lists all open cases, or those of a filter as --state=needs-you, and takes no '" + a + "'";
    } else if (!w.cases.empty()) {
      fault =
        w.verb + " takes one case at a time, or a list as " + w.cases + "," + a + ", and not '" + a + "' too";
    } else {
      w.cases = a;
    }
    if (!fault.empty())
      return fault;
  }
  return check_cases(w);
}

int misused(const std::string& why) {
  std::cerr << "socketqueue: " << why << "\n";
  return exit_misused;
}

// Nothing in it moves the cursor or colours the screen, whoever has written it.
std::string printable(std::string_view text) { return config::printable(text, '.'); }

// "261123120000" as "2026-11-23 12:00:00".
std::string readable_time(const std::string& digits) {
  if (digits.size() != 12)
    return digits;
  return "20" + digits.substr(0, 2) + "-" + digits.substr(2, 2) + "-" + digits.substr(4, 2) + " " +
         digits.substr(6, 2) + ":" + digits.substr(8, 2) + ":" + digits.substr(10, 2);
}

// "000000001000" as "1000".
std::string without_zeros(const std::string& digits) {
  const auto first = digits.find_first_not_of('0');
  return first == std::string::npos ? digits.substr(0, 1) : digits.substr(first);
}

void print_row(const json& c) {
  const auto text = [&c](const char* key) { return printable(c.at(key).get<std::string>()); };
  std::printf("%-8s %-12s %-9s %-7s %-13s %-20s %-20s %-9d %s%s\n",
              std::to_string(c.at("case").get<std::uint64_t>()).c_str(), text("state").c_str(),
              text("tid").c_str(), text("stan").c_str(),
              (without_zeros(text("amount")) + " " + text("currency")).c_str(), text("card").c_str(),
              readable_time(text("begun")).c_str(), c.at("attempts").get<int>(), text("why").c_str(),
              text("code").empty() ? "" : (", code " + text("code")).c_str());
}

void print_head() {
  std::printf("%-8s %-12s %-9s %-7s %-13s %-20s %-20s %-9s %s\n", "case", "state", "tid", "stan", "amount",
              "card", "begun", "attempts", "why");
}

// A gateway that is asked a line at a time. What it cannot say ends the command: `status` and `why`.
class gateway_at {
public:
  explicit gateway_at(std::string directory) : directory_(std::move(directory)) {}

  // Nothing where there is no answer.
  std::optional<json> ask(const std::string& line) {
    const auto asked = net::ask_local(directory_ + "/control", line, std::chrono::seconds(8));
    std::error_code ignored;
    if (const auto* fault = std::get_if<1>(&asked))
      return failed(!std::filesystem::is_directory(directory_, ignored) &&
                        !std::filesystem::exists(directory_ + "/control", ignored)
                      ? "no gateway answers at " + directory_ +
                          ": there is no such directory; give the gateway's own with --journal=DIR"
                      : *fault);
    auto answer = json::parse(std::get<0>(asked), nullptr, false);
    if (!answer.is_object())
      return failed("the gateway hung up in the middle of its answer; it may be ending");
    if (answer.contains("error")) {
      status = exit_refused;
      why = answer.at("error").get<std::string>();
      return {};
    }
    return answer;
  }

  // Every open case that is meant, a page at a time. False where there is no answer.
  bool each_case(const wish& w, const std::function<void(const json&)>& take) {
    std::string line = w.cases.empty() ? "" : " cases=" + w.cases;
    for (const auto& f : w.filters)
      line += " " + f;
    for (std::uint64_t after = 0;;) {
      const auto page = ask("pending after=" + std::to_string(after) + line);
      if (!page)
        return false;
      for (const auto& c : page->at("cases"))
        take(c);
      after = page->value("next", std::uint64_t{0});
      if (after == 0)
        return true;
    }
  }

  int end() const { return misused(why), status; }

  int status = exit_misused;
  std::string why;

private:
  std::optional<json> failed(std::string sentence) {
    status = exit_misused;
    why = std::move(sentence);
    return {};
  }

  std::string directory_;
};

// Prints the rows of a list as they come.
class list_printer {
public:
  explicit list_printer(bool as_json) : as_json_(as_json) {}

  void print(const json& c) {
    const auto state = c.at("state").get<std::string>();
    ++(state == "needs you" ? needs_you_ : state == "unconfirmed" ? unconfirmed_ : reversing_);
    needs_a_look_ = needs_a_look_ || c.value("attention", false);
    if (as_json_)
      std::cout << (count() == 1 ? "{\"cases\": [\n  " : ",\n  ") << c.dump();
    else if (count() == 1)
      print_head();
    if (!as_json_)
      print_row(c);
  }

  // How a table of all ends; one whose gateway has stopped answering has no end, and is no JSON.
  void end(const char* none) const {
    if (as_json_)
      std::cout << (count() == 0 ? "{\"cases\": []}\n" : "\n]}\n");
    else if (count() == 0)
      std::printf("%s\n", none);
    else
      std::printf("Open cases: %zu; needs you: %zu, unconfirmed: %zu, reversing: %zu.\n", count(), needs_you_,
                  unconfirmed_, reversing_);
    if (!as_json_ && unconfirmed_ != 0)
      std::printf(
        "Unconfirmed ones are approved, and may not be known to their clients: reverse them, or resolve them "
        "where they are. Their TID and STAN\n"
        "are in use until then, or until they are older than the gateway's unconfirmedAge.\n");
  }

  std::size_t count() const { return needs_you_ + unconfirmed_ + reversing_; }
  int status() const { return needs_a_look_ ? 1 : 0; }

private:
  bool as_json_;
  bool needs_a_look_ = false;
  std::size_t needs_you_ = 0, unconfirmed_ = 0, reversing_ = 0;
};

const char* none_of(const wish& w) {
  return w.cases.empty() && w.filters.empty() ? "No open cases." : "No open case is meant by this.";
}

int list(const wish& w, gateway_at& gateway) {
  list_printer printer(w.json);
  if (!gateway.each_case(w, [&printer](const json& c) { printer.print(c); }))
    return std::fflush(stdout), gateway.end();
  printer.end(none_of(w));
  return printer.status();
}

// The numbers that are named one by one: each is answered, whether there is such a case or not.
std::set<std::uint64_t> named_cases(const wish& w) {
  std::set<std::uint64_t> named;
  if (w.filters.empty())
    for (std::size_t at = 0; at < w.cases.size();) {
      const auto end = std::min(w.cases.find(',', at), w.cases.size());
      const auto word = std::string_view(w.cases).substr(at, end - at);
      std::uint64_t number = 0;
      if (word.find('-') == std::string_view::npos &&
          std::from_chars(word.data(), word.data() + word.size(), number).ec == std::errc())
        named.insert(number);
      at = end + 1;
    }
  return named;
}

int try_dry(const wish& w, gateway_at& gateway) {
  list_printer printer(w.json);
  auto missing = named_cases(w);
  if (!gateway.each_case(w, [&](const json& c) {
        missing.erase(c.at("case").get<std::uint64_t>());
        printer.print(c);
      }))
    return std::fflush(stdout), gateway.end();
  printer.end(none_of(w));
  if (!w.json)
    std::printf("Nothing was done: %s would be asked for %zu cases.\n", w.verb.c_str(), printer.count());
  std::fflush(stdout);
  for (const auto id : missing)
    std::cerr << "socketqueue: " << id << " is no open case\n";
  return missing.empty() ? 0 : exit_refused;
}

// Has something done about cases, so many at a time, and prints what came of it.
class work {
public:
  work(const wish& w, gateway_at& gateway, std::set<std::uint64_t> cases)
    : wish_(w), gateway_(gateway), cases_(std::move(cases)) {}

  int run() {
    for (auto it = cases_.begin(); it != cases_.end();) {
      std::string ids;
      for (std::size_t n = 0; n < cases_named_max && it != cases_.end(); ++n, ++it)
        ids += (ids.empty() ? "" : ",") + std::to_string(*it);
      const auto answer =
        gateway_.ask(wish_.verb + " " + ids + (takes_why(wish_.verb) ? " " + wish_.why : ""));
      if (!answer)
        return stopped();
      for (const auto& r : answer->at("results"))
        take(r);
      tell_progress();
    }
    end();
    return refused_ == 0 ? 0 : exit_refused;
  }

private:
  bool single() const { return cases_.size() == 1 && !wish_.json; }

  void take(const json& r) {
    const bool done = r.at("done").get<bool>();
    const auto text = printable(r.at("text").get<std::string>());
    ++(done ? done_ : refused_);
    if (wish_.json)
      std::cout << (done_ + refused_ == 1 ? "{\"results\": [\n  " : ",\n  ") << r.dump();
    else if (single() && done)
      std::cout << text << "\n";
    else if (!done && refused_ <= refusals_shown_max)
      std::cerr << "socketqueue: " << text << "\n";
  }

  void end() const {
    if (wish_.json)
      std::cout << (cases_.empty() ? "{\"results\": [" : "\n") << "], \"done\": " << done_
                << ", \"refused\": " << refused_ << "}\n";
    else if (refused_ > refusals_shown_max)
      std::cerr << "socketqueue: and " << refused_ - refusals_shown_max
                << " more were refused; --json tells all\n";
    if (wish_.json || single())
      return;
    if (cases_.empty())
      std::cout << none_of(wish_) << "\n";
    else
      std::cout << wish_.verb << ": " << done_ << " done, " << refused_ << " refused.\n";
  }

  int stopped() const {
    std::cout.flush();
    if (!single())
      std::cerr << "socketqueue: " << done_ << " done, " << refused_ << " refused, of " << cases_.size()
                << "; what was asked last may be done or not\n";
    return gateway_.end();
  }

  void tell_progress() {
    const auto now = steady_clock::now();
    if (now - told_ < std::chrono::seconds(2))
      return;
    told_ = now;
    std::cerr << done_ + refused_ << " of " << cases_.size() << "\n";
  }

  const wish& wish_;
  gateway_at& gateway_;
  std::set<std::uint64_t> cases_;
  std::size_t done_ = 0, refused_ = 0;
  steady_clock::time_point told_ = steady_clock::now();
};

int act(const wish& w, gateway_at& gateway) {
  auto cases = named_cases(w);
  const bool named_all = w.filters.empty() && !w.all && w.cases.find('-') == std::string::npos;
  if (!named_all &&
      !gateway.each_case(w, [&cases](const json& c) { cases.insert(c.at("case").get<std::uint64_t>()); }))
    return gateway.end();
  return work(w, gateway, std::move(cases)).run();
}

}  // namespace

bool is_operator_command(std::span<const char* const> arguments) {
  return !arguments.empty() && std::ranges::find(verbs, std::string_view(arguments[0])) != std::end(verbs);
}

int operator_command(std::span<const char* const> arguments) {
  wish w;
  if (const auto why = read_arguments(arguments, w); !why.empty())
    return misused(printable(why) + "; --help tells more");
  if (w.help) {
    std::cout << usage;
    return 0;
  }
  gateway_at gateway(w.journal.empty() ? config::default_journal() : w.journal);
  if (w.verb == "pending")
    return list(w, gateway);
  return w.dry_run ? try_dry(w, gateway) : act(w, gateway);
}

}  // namespace actors
