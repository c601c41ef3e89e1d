// `socketqueue reload`: asks a running gateway to read its configuration again.

#include <iostream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "actors/program/ask_gateway.hpp"
#include "actors/program/reload.hpp"
#include "config/printable.hpp"

namespace actors {

namespace {

constexpr int exit_faults = 1, exit_no_answer = 2;

constexpr const char* reload_usage =
  "usage: socketqueue reload [--journal=DIR] [--json]\n"
  "\n"
  "The running gateway whose journal is in DIR (default: $SOCKETQUEUE_JOURNAL, else $STATE_DIRECTORY, else\n"
  "./socketqueue-state) reads its configuration again, as after HUP, and says what it has changed and what\n"
  "needs a restart. The log file and the statistics stay as they are. A configuration with a fault changes\n"
  "nothing.\n"
  "\n"
  "Exit status: 0 the configuration is read; 1 it has faults, and nothing was changed; 2 misused, or no "
  "gateway\n"
  "answers.\n";

int no_reload(const std::string& why) {
  std::cerr << "socketqueue: " << why << "\n";
  return exit_no_answer;
}

void print_all(const nlohmann::json& report, const char* key, const char* before) {
  for (const auto& text : report.at(key))
    std::cout << before << config::printable(text.get<std::string>(), '.') << "\n";
}

}  // namespace

bool is_reload_command(std::span<const char* const> arguments) {
  return !arguments.empty() && std::string_view(arguments[0]) == "reload";
}

int run_reload_command(std::span<const char* const> arguments) {
  auto directory = config::default_journal();
  bool as_json = false;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view a = arguments[i];
    if (a == "--help" || a == "-h") {
      std::cout << reload_usage;
      return 0;
    }
    if (a == "--json")
      as_json = true;
    else if (a.starts_with("--journal=") && a.size() > std::string_view("--journal=").size())
      directory = a.substr(a.find('=') + 1);
    else if (a == "--journal" && i + 1 < arguments.size())
      directory = arguments[++i];
    else
      return no_reload("reload takes --journal=DIR and --json, not '" + config::printable(a, '?') + "'");
  }
  constexpr auto answer_timeout = std::chrono::seconds(20);
  const auto asked = ask_gateway(directory, "reload", answer_timeout);
  if (const auto* why = std::get_if<1>(&asked))
    return no_reload(*why);
  const auto& answer = std::get<0>(asked);
  const auto report = nlohmann::json::parse(answer, nullptr, false);
  if (!report.is_object() || !report.contains("ok"))
    return no_reload("this gateway does not know `reload`; send it HUP");
  const bool is_ok = report.at("ok").get<bool>();
  if (as_json) {
    std::cout << answer;
    return is_ok ? 0 : exit_faults;
  }
  print_all(report, "faults", "The configuration stays as it is: ");
  print_all(report, "changed", "changed: ");
  print_all(report, "restart", "not changed: ");
  if (is_ok && report.at("changed").empty() && report.at("restart").empty())
    std::cout << "Nothing has changed.\n";
  return is_ok ? 0 : exit_faults;
}

}  // namespace actors
