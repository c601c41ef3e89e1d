// What sq_chaos is told on its command line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace chaos {

struct options {
  std::string program;
  std::string directory;      ///< empty: a temporary one
  std::string scene;          ///< empty: all of them
  std::uint64_t kills = 200;  ///< of the scene `kills`
  std::uint64_t seconds = 0;  ///< of all other scenes; 0: what is usual for each
  std::uint64_t seed = 0;     ///< 0: any
  bool brief = false;
  bool json = false;
  bool list = false;
  bool help = false;
};

/// An error is a sentence.
std::variant<options, std::string> parse(std::span<const char* const> arguments);

extern const char* const help_text;

}  // namespace chaos
