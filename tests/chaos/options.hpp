// The command line of sq_chaos.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace chaos {

struct options {
  std::string program;
  std::string directory;               ///< empty: a temporary one
  std::string scene;                   ///< empty: all of them
  std::optional<std::uint64_t> kills;  ///< of the scene `kills`; none: 200
  std::uint64_t seconds = 0;           ///< of all other scenes; 0: each scene's default
  std::uint64_t seed = 0;              ///< 0: random
  bool brief = false;
  bool json = false;
  bool list = false;
  bool help = false;
};

/// The second alternative is an error sentence.
std::variant<options, std::string> parse(std::span<const char* const> arguments);

std::string help_text();

}  // namespace chaos
