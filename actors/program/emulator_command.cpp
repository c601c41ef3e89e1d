// `socketqueue emulator`: tells a running bank emulator how to treat requests from now on.

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "actors/program/emulator_command.hpp"
#include "config/printable.hpp"
#include "net/local/client.hpp"

namespace actors {

namespace {

constexpr int exit_emulator_refuses = 1, exit_no_emulator = 2;

constexpr const char* emulator_usage =
  "usage: socketqueue emulator silent [N]|late TIME|refuse CODE|hangup|normal\n"
  "                            [--control=PATH]\n"
  "\n"
  "Tells the bank emulator that was started with --testControl=PATH (default:\n"
  "$SOCKETQUEUE_TEST_CONTROL) how to treat requests from now on. Each command takes\n"
  "the place of the one before, and of the options.\n"
  "\n"
  "  silent       answers nothing; silent 10: leaves 10 of 100 requests unanswered\n"
  "  late 3s      answers so late\n"
  "  refuse 116   answers financial requests with this code and moves no money\n"
  "  hangup       hangs up on each request\n"
  "  normal       as ever\n"
  "\n"
  "Exit status: 0 done; 1 the emulator refuses it; 2 misused, or no emulator answers.\n";

int failed_to_tell(const std::string& why, int status) {
  std::cerr << "socketqueue: " << config::printable(why, '?') << "\n";
  return status;
}

}  // namespace

bool is_emulator_command(std::span<const char* const> arguments) {
  return !arguments.empty() && std::string_view(arguments[0]) == "emulator";
}

int run_emulator_command(std::span<const char* const> arguments) {
  const char* variable = std::getenv("SOCKETQUEUE_TEST_CONTROL");
  std::string path = variable ? variable : "", line;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view a = arguments[i];
    if (a == "--help" || a == "-h") {
      std::cout << emulator_usage;
      return 0;
    }
    if (a.starts_with("--control="))
      path = a.substr(a.find('=') + 1);
    else if (a == "--control" && i + 1 < arguments.size())
      path = arguments[++i];
    else if (a.starts_with("-"))
      return failed_to_tell("emulator takes --control=PATH, not '" + std::string(a) + "'; --help tells more",
                            exit_no_emulator);
    else
      line += (line.empty() ? "" : " ") + std::string(a);
  }
  if (line.empty() || path.empty())
    return failed_to_tell(
      line.empty() ? "emulator needs to know what to do: silent, late 3s, refuse 116, hangup or normal"
                   : "which emulator? Start it with --testControl=PATH, and give --control=PATH here",
      exit_no_emulator);
  const auto asked = net::ask_local(path, line, std::chrono::seconds(8));
  if (asked.index() == 1)
    return failed_to_tell("no bank emulator answers at " + path + "; start it with --testControl=" + path,
                          exit_no_emulator);
  std::string reply = std::get<0>(asked);
  reply.resize(reply.find_last_not_of('\n') + 1);
  if (reply.starts_with("error: "))
    return failed_to_tell(reply.substr(7), exit_emulator_refuses);
  std::cout << "The emulator from now on: " << config::printable(reply.substr(reply.find(' ') + 1), '?')
            << ".\n";
  return 0;
}

}  // namespace actors
