// The table of all options: name, type, default, unit, text.
//
// Parsing, help, defaults and errors are all derived from it, so a new option is added here and in
// settings.hpp only. The words of an enumerated one stand in enumerated.hpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace config {

/// Where the value of an option goes, and how its text is read.
struct place {
  /// Returns an error, empty where there is none: "must be a port, 1 to 65535".
  std::string (*read)(settings& into, std::string_view text);
  bool is_flag;  ///< "true" where no value is given
};

struct option {
  std::string_view name;
  place where;
  std::string_view value_name;    ///< "port", "s", "path"; empty for flags
  std::string_view default_text;  ///< as on the command line; empty: no default
  std::string_view text;
};

struct option_group {
  std::string_view title;
  std::span<const option> options;
};

std::span<const option_group> option_groups();

/// nullptr where there is no option of this name.
const option* find_option(std::string_view name);

/// The option whose name is most similar to `name`; empty where none is similar enough.
std::string_view nearest_option(std::string_view name);

/// The one of `names` that is most similar to `name`; empty where none is similar enough.
std::string_view nearest(std::string_view name, std::span<const std::string_view> names);

/// What the program does instead of running: `socketqueue pending`.
struct command {
  std::string_view name;
  std::string_view example;  ///< empty: the help speaks of it under another one's name
  std::string_view text;
};

std::span<const command> commands();

/// The present name of an option that was once called `name`; empty where there is none.
std::string_view renamed_option(std::string_view name);

/// Reads `text` into its members. Returns an error, empty where there is none: "must be a port, 1 to 65535".
std::string assign(settings& s, const option& o, std::string_view text);

/// The text of `--help`.
std::string help_text();

}  // namespace config
