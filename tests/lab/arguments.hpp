// The command line of a test tool: `--name=value ...`, described by a table.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace lab {

/// Takes the text behind `=` and returns an error, empty where there is none.
using assignment = std::function<std::string(std::string_view text)>;

struct argument {
  std::string_view name;
  std::string_view value;    ///< its name in the help; empty: a flag
  std::string_view meaning;  ///< for the help, in lines
  assignment assign;
};

/// Reads the number in `text`. Returns an error, empty where there is none.
std::string read_number(std::string_view text, std::uint64_t least, std::uint64_t most,
                        std::uint64_t& number);

/// Reads into a number, or a type made of one.
template <class Number>
assignment number(Number& into, std::uint64_t least, std::uint64_t most) {
  return [&into, least, most](std::string_view text) {
    std::uint64_t read = 0;
    auto wrong = read_number(text, least, most, read);
    if (wrong.empty())
      into = static_cast<Number>(read);
    return wrong;
  };
}

assignment flag(bool& into);

/// Any text that is not empty.
assignment words(std::string& into);

/// Returns an error sentence, empty where there is none.
std::string read_arguments(std::span<const char* const> arguments, std::span<const argument> table);

/// One paragraph per argument.
std::string help_of(std::span<const argument> table);

}  // namespace lab
