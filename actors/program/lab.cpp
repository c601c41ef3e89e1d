// Finds socketqueue-lab beside this program and replaces this process by it.

#include "actors/program/lab.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

#include "config/installed.hpp"

namespace actors {

namespace {

constexpr int exit_not_there = 2;

// Runs the program `lab`. Returns why it could not be run.
std::string run(const std::string& lab, char** argv) {
  if (lab.empty())
    return "it was looked for beside this program, but /proc/self/exe does not tell where that lies";
  // A link to this program would run it again without end.
  std::error_code missing;
  if (std::filesystem::equivalent(lab, "/proc/self/exe", missing))
    return lab + " is socketqueue itself";
  execv(lab.c_str(), argv);
  return lab + " cannot be run: " + std::strerror(errno);
}

}  // namespace

bool is_lab_command(std::span<const char* const> arguments) {
  if (arguments.empty())
    return false;
  const std::string_view word = arguments[0];
  return word == "scenario" || word == "simulate";
}

int run_lab(char** argv) {
  const auto why = run(config::installed_beside("socketqueue-lab"), argv);
  std::cerr << "socketqueue " << argv[1] << ": this needs the program socketqueue-lab, and " << why
            << "; put the socketqueue-lab of the same build beside socketqueue\n";
  return exit_not_there;
}

}  // namespace actors
