// The command line of a tool: options and what they are about.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/command.hpp"

namespace inspect {

inline constexpr int exit_no = 1, exit_misused = 2;

/// What was given, after the name of the tool.
struct arguments {
  std::vector<std::string> words;                           ///< all that is no option
  std::map<std::string, std::vector<std::string>> options;  ///< a flag has one empty value

  bool has(const std::string& name) const { return options.contains(name); }

  /// The value of an option that is given at most once.
  std::string value(const std::string& name, const std::string& otherwise = "") const {
    return has(name) ? options.at(name).front() : otherwise;
  }
};

enum class takes : std::uint8_t { nothing, a_value, values };

struct option_rule {
  std::string_view name;  ///< without the dashes
  takes what = takes::nothing;
};

struct tool {
  std::string_view name;  ///< "describe", "dialect check"
  std::span<const option_rule> options;
  std::size_t words_min, words_max;
  std::string_view needs;  ///< what its words are, for errors
  int (*run)(const arguments&, streams);
};

/// Reads `given` as `t` takes it. Returns what is wrong with it, as a sentence; empty: nothing.
std::string read_arguments(std::span<const char* const> given, const tool& t, arguments& into);

/// Prints "socketqueue: WHY" and returns the exit status of wrong usage.
int misused(streams io, const std::string& why);

/// The text of others, safe for a screen.
std::string printable(std::string_view text);

// The tools. Each has a file of its own.
int describe(const arguments& a, streams io);
int encode(const arguments& a, streams io);
int diff(const arguments& a, streams io);
int detect(const arguments& a, streams io);
int check_dialect(const arguments& a, streams io);
int print_dialect(const arguments& a, streams io);
int list_dialects(const arguments& a, streams io);
int import_dialect(const arguments& a, streams io);

}  // namespace inspect
