// `socketqueue pending`, `retry`, `reverse` and `resolve`: an operator asks a running gateway on this
// machine.
//
// It uses the gateway's control socket and never the journal's files. It holds one page of cases, and the
// numbers of those that it changes, however many cases there are.

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

#include "actors/operator/operator_arguments.hpp"
#include "actors/operator/operator_requests.hpp"
#include "actors/program/ask_gateway.hpp"
#include "config/load.hpp"
#include "config/printable.hpp"

namespace actors {

namespace {

using json = nlohmann::ordered_json;  // keeps the order of the gateway's fields
using std::chrono::steady_clock;

constexpr std::string_view verbs[] = {"pending", "retry", "reverse", "resolve"};

constexpr int exit_refused = 1, exit_misused = 2;

// How many refusals are printed; --json prints all.
constexpr std::size_t refusals_shown_max = 20;

int misused(const std::string& why) {
  std::cerr << "socketqueue: " << why << "\n";
  return exit_misused;
}

// Text of others must not move the cursor or colour the screen.
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
              ((text("code").empty() ? "" : ", code " + text("code")) +
               (text("code_meaning").empty() ? "" : " (" + text("code_meaning") + ")") +
               (c.contains("group") ? " (group " + text("group") + ")" : ""))
                .c_str());
}

void print_head() {
  std::printf("%-8s %-12s %-9s %-7s %-13s %-20s %-20s %-9s %s\n", "case", "state", "tid", "stan", "amount",
              "card", "begun", "attempts", "why");
}

// A running gateway that answers one line at a time. If it does not answer, the command ends with `status`
// and `why`.
class gateway_at {
public:
  explicit gateway_at(std::string directory) : directory_(std::move(directory)) {}

  // The gateway's reply; nothing if there is none.
  std::optional<json> ask(const std::string& line) {
    const auto asked = ask_gateway(directory_, line, std::chrono::seconds(8));
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

  // Calls `take` for each open case that matches, a page at a time. False if the gateway does not answer.
  bool each_case(const operator_request& w, const std::function<void(const json&)>& take) {
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

// Prints the rows of a list as they arrive.
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

  // Ends a list. Not called if the gateway has stopped answering: an incomplete list is no JSON.
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

const char* none_of(const operator_request& w) {
  return w.cases.empty() && w.filters.empty() ? "No open cases." : "No open case is meant by this.";
}

int list(const operator_request& w, gateway_at& gateway) {
  list_printer printer(w.json);
  if (!gateway.each_case(w, [&printer](const json& c) { printer.print(c); }))
    return std::fflush(stdout), gateway.end();
  printer.end(none_of(w));
  return printer.status();
}

// The case numbers that are named one by one: each gets a reply, even if there is no such case.
std::set<std::uint64_t> named_cases(const operator_request& w) {
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

int try_dry(const operator_request& w, gateway_at& gateway) {
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

// Sends the decisions about cases in groups, and prints the results.
class work {
public:
  work(const operator_request& w, gateway_at& gateway, std::set<std::uint64_t> cases)
    : request_(w), gateway_(gateway), cases_(std::move(cases)) {}

  int run() {
    for (auto it = cases_.begin(); it != cases_.end();) {
      std::string ids;
      for (std::size_t n = 0; n < cases_named_max && it != cases_.end(); ++n, ++it)
        ids += (ids.empty() ? "" : ",") + std::to_string(*it);
      const auto answer =
        gateway_.ask(request_.verb + " " + ids + (takes_why(request_.verb) ? " " + request_.why : ""));
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
  bool single() const { return cases_.size() == 1 && !request_.json; }

  void take(const json& r) {
    const bool done = r.at("done").get<bool>();
    const auto text = printable(r.at("text").get<std::string>());
    ++(done ? done_ : refused_);
    if (request_.json)
      std::cout << (done_ + refused_ == 1 ? "{\"results\": [\n  " : ",\n  ") << r.dump();
    else if (single() && done)
      std::cout << text << "\n";
    else if (!done && refused_ <= refusals_shown_max)
      std::cerr << "socketqueue: " << text << "\n";
  }

  void end() const {
    if (request_.json)
      std::cout << (cases_.empty() ? "{\"results\": [" : "\n") << "], \"done\": " << done_
                << ", \"refused\": " << refused_ << "}\n";
    else if (refused_ > refusals_shown_max)
      std::cerr << "socketqueue: and " << refused_ - refusals_shown_max
                << " more were refused; --json shows all\n";
    if (request_.json || single())
      return;
    if (cases_.empty())
      std::cout << none_of(request_) << "\n";
    else
      std::cout << request_.verb << ": " << done_ << " done, " << refused_ << " refused.\n";
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

  const operator_request& request_;
  gateway_at& gateway_;
  std::set<std::uint64_t> cases_;
  std::size_t done_ = 0, refused_ = 0;
  steady_clock::time_point told_ = steady_clock::now();
};

int act(const operator_request& w, gateway_at& gateway) {
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
  operator_request w;
  if (const auto why = read_arguments(arguments, w); !why.empty())
    return misused(printable(why) + "; --help tells more");
  if (w.help) {
    std::cout << operator_usage;
    return 0;
  }
  gateway_at gateway(w.journal.empty() ? config::default_journal() : w.journal);
  if (w.verb == "pending")
    return list(w, gateway);
  return w.dry_run ? try_dry(w, gateway) : act(w, gateway);
}

}  // namespace actors
