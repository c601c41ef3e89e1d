// `socketqueue pending`, `retry`, `reverse` and `resolve`: an operator asks a running gateway of this machine.
//
// It speaks to the gateway's control socket and never touches the journal's files.

#include "actors/operator_command.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "config/load.hpp"
#include "net/local_client.hpp"

namespace actors {

namespace {

using json = nlohmann::ordered_json;  // rows read as the gateway wrote them

constexpr std::string_view verbs[] = {"pending", "retry", "reverse", "resolve"};

constexpr const char* usage =
  "usage: socketqueue pending [--json] [--journal=DIR]\n"
  "       socketqueue retry CASE [--journal=DIR]\n"
  "       socketqueue reverse CASE --why \"TEXT\" [--journal=DIR]\n"
  "       socketqueue resolve CASE --why \"TEXT\" [--journal=DIR]\n"
  "\n"
  "Asks the running gateway whose journal is in DIR (default: $STATE_DIRECTORY, else ./socketqueue-state).\n"
  "\n"
  "  pending   all open cases: purchases that are being reversed, that need a person, or, after a restart,\n"
  "            that were approved and whose client may not know; exit status 1 where one needs a person\n"
  "  retry     tries the reversal of a case now\n"
  "  reverse   reverses an approval whose client does not have it, as you know; who and why is kept\n"
  "  resolve   takes a case off the list: you have ended it otherwise, with the bank; who and why is kept\n"
  "\n"
  "  --json    the cases for a script: one object with an array, cases\n";

std::string why_is_needed(const std::string& verb) { return verb + " needs a reason: --why \"as agreed with the bank, ticket 4711\""; }

bool takes_why(const std::string& verb) { return verb == "resolve" || verb == "reverse"; }

struct wish {
  std::string verb, id, why, journal;
  bool json = false, help = false;
};

// What stands behind `name`, as "--name=value" or "--name value"; false where this is another argument.
bool read_value(std::span<const char* const> arguments, std::size_t& i, std::string_view name, std::string& into) {
  const std::string_view a = arguments[i];
  if (a.starts_with(std::string(name) + "="))
    into = a.substr(name.size() + 1);
  else if (a == name)
    into = i + 1 < arguments.size() ? arguments[++i] : "";
  else
    return false;
  return true;
}

std::string read_arguments(std::span<const char* const> arguments, wish& w) {
  w.verb = arguments[0];
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string a = arguments[i];
    if (a == "--json" && w.verb == "pending")
      w.json = true;
    else if (a == "--help")
      w.help = true;
    else if (read_value(arguments, i, "--journal", w.journal)) {
      if (w.journal.empty())
        return "--journal needs a directory: --journal=DIR";
    } else if (takes_why(w.verb) && read_value(arguments, i, "--why", w.why)) {
      if (w.why.find_first_not_of(' ') == std::string::npos)
        return why_is_needed(w.verb);
    } else if (a.starts_with("-"))
      return w.verb + " has no option '" + a + "'";
    else if (w.verb == "pending")
      return "pending lists all open cases, and takes no '" + a + "'";
    else if (!w.id.empty())
      return w.verb + " takes one case at a time, not '" + a + "' too";
    else
      w.id = a;
  }
  if (w.help || w.verb == "pending")
    return "";
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(w.id.data(), w.id.data() + w.id.size(), id);
  if (id == 0 || error != std::errc() || end != w.id.data() + w.id.size())
    return w.verb + " needs the number of a case, as `socketqueue pending` shows it" + (w.id.empty() ? "" : ", not '" + w.id + "'");
  if (takes_why(w.verb) && w.why.empty())
    return why_is_needed(w.verb);
  std::ranges::replace(w.why, '\n', ' ');
  return "";
}

// "261123120000" as "2026-11-23 12:00:00".
std::string readable_time(const std::string& digits) {
  if (digits.size() != 12)
    return digits;
  return "20" + digits.substr(0, 2) + "-" + digits.substr(2, 2) + "-" + digits.substr(4, 2) + " " + digits.substr(6, 2) + ":" + digits.substr(8, 2) + ":" +
         digits.substr(10, 2);
}

// "000000001000" as "1000".
std::string without_zeros(const std::string& digits) {
  const auto first = digits.find_first_not_of('0');
  return first == std::string::npos ? digits.substr(0, 1) : digits.substr(first);
}

int print_cases(const json& cases) {
  if (cases.empty()) {
    std::cout << "No open cases.\n";
    return 0;
  }
  std::printf("%-8s %-12s %-9s %-7s %-13s %-20s %-20s %-9s %s\n", "case", "state", "tid", "stan", "amount", "card", "begun", "attempts", "why");
  bool needs_a_person = false;
  for (const auto& c : cases) {
    const auto text = [&c](const char* key) { return c.at(key).get<std::string>(); };
    needs_a_person = needs_a_person || text("state") == "needs you";
    std::printf("%-8s %-12s %-9s %-7s %-13s %-20s %-20s %-9d %s%s\n", std::to_string(c.at("case").get<std::uint64_t>()).c_str(), text("state").c_str(),
                text("tid").c_str(), text("stan").c_str(), (without_zeros(text("amount")) + " " + text("currency")).c_str(), text("card").c_str(),
                readable_time(text("begun")).c_str(), c.at("attempts").get<int>(), text("why").c_str(),
                text("code").empty() ? "" : (", code " + text("code")).c_str());
  }
  return needs_a_person ? 1 : 0;
}

int misused(const std::string& why) {
  std::cerr << "socketqueue: " << why << "\n";
  return 2;
}

} // namespace

bool is_operator_command(std::span<const char* const> arguments) {
  return !arguments.empty() && std::ranges::find(verbs, std::string_view(arguments[0])) != std::end(verbs);
}

int operator_command(std::span<const char* const> arguments) {
  wish w;
  if (const auto why = read_arguments(arguments, w); !why.empty())
    return misused(why + "; --help tells more");
  if (w.help) {
    std::cout << usage;
    return 0;
  }
  const auto directory = w.journal.empty() ? config::default_journal() : w.journal;
  const auto line = w.verb + (w.id.empty() ? "" : " " + w.id) + (w.why.empty() ? "" : " " + w.why);
  const auto asked = net::ask_local(directory + "/control", line, std::chrono::seconds(10));
  if (const auto* why = std::get_if<1>(&asked))
    return misused(*why);
  const auto answer = json::parse(std::get<0>(asked), nullptr, false);
  if (!answer.is_object())
    return misused("the gateway hung up without an answer; it may be ending");
  if (answer.contains("error"))
    return misused(answer.at("error").get<std::string>()), 1;
  if (w.json) {
    std::cout << answer.dump(2) << "\n";
    return 0;
  }
  if (answer.contains("cases"))
    return print_cases(answer.at("cases"));
  std::cout << answer.at("done").get<std::string>() << "\n";
  return 0;
}

} // namespace actors
