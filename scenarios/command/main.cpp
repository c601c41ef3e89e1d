// socketqueue-lab: plays stories and random worlds around the gateway's actors, and never serves a client.
// `socketqueue scenario` and `socketqueue simulate` run it.

#include <iostream>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/command/command.hpp"
#include "scenarios/simulator/command.hpp"

namespace {

constexpr const char* page =
  "socketqueue-lab: plays what may happen between clients, gateway and host\n"
  "\n"
  "usage: socketqueue-lab scenario FILE...    stories, in virtual time or with sockets; scenario --help\n"
  "       socketqueue-lab simulate            random clients, bank and faults; simulate --help\n"
  "\n"
  "`socketqueue scenario` and `socketqueue simulate` run this program, which lies beside socketqueue.\n";

int misused(const std::string& why) {
  std::cerr << "socketqueue-lab: " << why << "; --help tells more\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> arguments{argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)};
  if (arguments.empty())
    return misused("there is nothing to do: give scenario or simulate");
  const std::string_view word = arguments[0];
  if (word == "scenario")
    return command::scenario(arguments.subspan(1));
  if (word == "simulate")
    return simulator::simulate(arguments.subspan(1));
  if (word != "--help" && word != "-h")
    return misused("there is no command '" + std::string(word) + "', only scenario and simulate");
  std::cout << page;
  return 0;
}
