// Reads the command line of an operator's command into a request.

#include "actors/operator/operator_arguments.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "actors/transaction/operator_decision.hpp"

namespace actors {

const char* const operator_usage =
  "usage: socketqueue pending [FILTER ...] [--json] [--journal=DIR]\n"
  "       socketqueue retry CASES [--journal=DIR]\n"
  "       socketqueue reverse CASES --why \"TEXT\" [--journal=DIR]\n"
  "       socketqueue resolve CASES --why \"TEXT\" [--journal=DIR]\n"
  "\n"
  "Asks the running gateway whose journal is in DIR (default: $SOCKETQUEUE_JOURNAL, else $STATE_DIRECTORY,\n"
  "else ./socketqueue-state).\n"
  "\n"
  "  pending   all open cases: transactions that are being reversed, that need a person,\n"
  "            or, after a restart, that were approved and whose client may not know\n"
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

namespace {

std::string why_is_needed(const std::string& verb) {
  return verb + " needs a reason: --why \"as agreed with the bank, ticket 4711\"";
}

// Reads the value of `name`, as "--name=value" or "--name value"; false if this is another argument. If the
// value is missing, `fault` says so, and the next option is not taken for it.
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

bool read_flag(std::string_view a, operator_request& w) {
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

// "--tid=00992468"; `fault`: what is wrong with the value.
bool read_filter_option(std::span<const char* const> arguments, std::size_t& i, operator_request& w,
                        std::string& fault) {
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

// A reason that is typed may have line ends and tabs; they become spaces.
std::string read_why(operator_request& w) {
  std::ranges::replace_if(
    w.why, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  if (w.why.find_first_not_of(' ') == std::string::npos)
    return why_is_needed(w.verb);
  return fault_of_reason(w.why);
}

std::string check_cases(const operator_request& w) {
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

}  // namespace

bool takes_why(const std::string& verb) { return verb == "resolve" || verb == "reverse"; }

std::string read_arguments(std::span<const char* const> arguments, operator_request& w) {
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
    } else if (a == "--why" || a.starts_with("--why=")) {
      fault =
        w.verb + " takes no reason: it decides nothing about the money, so none is kept; leave --why out";
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

}  // namespace actors
