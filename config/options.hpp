// The one table of options: name, type, default, unit, text.
//
// Parsing, help, defaults and errors all come from it, so an option is added
// here and in settings.hpp and nowhere else.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "config/settings.hpp"

namespace config {

/// Where an option's value goes; its type decides how the text is read.
using place = std::variant<bool settings::*,                  // flag: true, false, or nothing for true
                           std::uint16_t settings::*,         // port: 1 to 65535
                           std::size_t settings::*,           // count: a whole number
                           milliseconds settings::*,          // seconds: a decimal number, "0.5"
                           std::chrono::seconds settings::*,  // a long time: "24h"
                           std::string settings::*,           // text
                           std::vector<int> settings::*>;     // numbers: "11,41"

struct option {
  std::string_view name;
  place where;
  std::string_view value_name;    ///< "port", "s", "path"; empty for flags
  std::string_view default_text;  ///< as the command line would have it; empty: none
  std::string_view text;
};

struct option_group {
  std::string_view title;
  std::span<const option> options;
};

std::span<const option_group> option_groups();

/// nullptr where there is none of this name.
const option* find_option(std::string_view name);

/// The known name that looks most like `name`; empty where none is near.
std::string_view nearest_option(std::string_view name);

/// The name that an option has now which was called `name` once; empty where there is none.
std::string_view renamed_option(std::string_view name);

/// Reads `text` into its place. Returns what is wrong with it, if anything: "must be a port, 1 to 65535".
std::string assign(settings& s, const option& o, std::string_view text);

/// The page of `--help`.
std::string help_text();

}  // namespace config
