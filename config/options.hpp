// The table of all options: names, type, default, limits, text.
//
// Parsing, help, defaults, errors, the names of environment variables, the JSON Schema, the man page and the
// completions of shells are all derived from it, so a new option is added in config/option_rows/ and
// settings.hpp only. The words of an enumerated one stand in enumerated.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace config {

enum class value_kind : std::uint8_t {
  flag,      ///< "true" where no value is given
  word,      ///< text, "true" where no value is given
  text,      ///< not empty
  choice,    ///< one of a few words
  port,      ///< 1 to 65535
  count,     ///< a whole number
  seconds,   ///< "1.5"
  duration,  ///< "24h"
  fields,    ///< "11,41"
};

/// Where the value of an option goes, and how its text is read.
struct place {
  /// Returns an error, empty where there is none: "must be a port, 1 to 65535".
  std::string (*read)(settings& into, std::string_view text);
  value_kind kind;
  std::span<const std::string_view> words = {};  ///< of a choice

  /// A value may be left out.
  bool is_flag() const { return kind == value_kind::flag || kind == value_kind::word; }
};

/// What a count, or a time in seconds, may be.
struct limits {
  double least = 0, most = 0;  ///< both 0: everything that its kind can be
  bool or_zero = false;        ///< 0 too, which switches off
};

inline constexpr limits everything{};
constexpr limits between(double least, double most) { return {least, most, false}; }
constexpr limits zero_or(double least, double most) { return {least, most, true}; }

/// Where an option may stand.
enum class standing : std::uint8_t { everywhere, not_in_file, command_line };

struct option {
  std::string_view name;
  std::string_view path;  ///< "upstream.echo.interval": in the sections of a file; empty: only by its name
  place where;
  std::string_view value_name;    ///< "port", "s", "path"; empty for flags
  std::string_view default_text;  ///< as on the command line; empty: no default
  std::string_view text;
  limits allowed = everything;
  standing stands = standing::everywhere;
};

struct option_group {
  std::string_view topic;  ///< of --help=TOPIC
  std::string_view title;
  std::span<const option> options;
};

std::span<const option_group> option_groups();

/// nullptr where there is no option of this name.
const option* find_option(std::string_view name);

/// The same by its path in the sections of a file.
const option* find_by_path(std::string_view path);

/// Whether `path` is a section of a file: "upstream", "upstream.echo".
bool is_section(std::string_view path);

/// The option whose name is most similar to `name`; empty where none is similar enough.
std::string_view nearest_option(std::string_view name);

/// The one of `names` that is most similar to `name`; empty where none is similar enough.
std::string_view nearest(std::string_view name, std::span<const std::string_view> names);

/// What the program does instead of running: `socketqueue pending`.
struct command {
  std::string_view name;
  std::string_view example;  ///< empty: the help speaks of it under another one's name
  std::string_view text;
  std::string_view options = {};  ///< that it takes, with blanks between, for completions
};

std::span<const command> commands();

/// The present name of an option that was once called `name`; empty where there is none.
std::string_view renamed_option(std::string_view name);

/// "-h" and "-V": the name of the option that this letter stands for; empty where it stands for none.
std::string_view long_name(std::string_view letter);

/// What the value must be: "a port, 1 to 65535", "seconds, 1 to 86400, or 0".
std::string expected_of(const option& o);

/// Reads `text` into its members. Returns an error, empty where there is none: "must be a port, 1 to 65535".
std::string assign(settings& s, const option& o, std::string_view text);

/// The number in another notation than the stream's: "0.1", "86400".
std::string in_digits(double number);

}  // namespace config
