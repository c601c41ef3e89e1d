// The command line behind "socketqueue scenario".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/player/world.hpp"
#include "scenarios/real/real_world.hpp"

namespace command {

struct request {
  std::vector<std::string> files;
  player::way how = player::way::virtual_time;
  std::uint64_t seed = 1;
  std::chrono::milliseconds timeout =
    std::chrono::seconds(60);  ///< in real time: a story in which more time passes is skipped
  std::string junit;
  std::vector<std::string> options;    ///< as `gateway runs with` in front of each story
  std::optional<real::target> target;  ///< for way::target
  std::string host;                    ///< for way::host
  std::uint16_t host_port = 0;
  bool help = false, list = false, verbs = false, json = false, trace = false;
};

/// The second alternative is an error for the user, a sentence.
std::variant<request, std::string> read_arguments(std::span<const char* const> arguments);

/// The text of --help.
std::string help_page();

/// The text of --verbs: every step that a story can have.
std::string verbs_page();

}  // namespace command
