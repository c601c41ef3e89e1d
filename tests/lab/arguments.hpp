// The command line of a tool of the tests: `--name=value ...`, by a table.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace lab {

/// Takes the text behind `=`, and says what is wrong with it.
using assignment = std::function<std::string(std::string_view text)>;

struct argument {
  std::string_view name;
  std::string_view value;    ///< what the help calls it; empty: a flag
  std::string_view meaning;  ///< for the help, in lines
  assignment assign;
};

/// What is wrong with the number in `text`, if anything.
std::string read_number(std::string_view text, std::uint64_t least, std::uint64_t most,
                        std::uint64_t& number);

/// Into a number, or whatever is made of one.
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

/// Anything but nothing.
assignment words(std::string& into);

/// An error is a sentence.
std::string read_arguments(std::span<const char* const> arguments, std::span<const argument> table);

/// A paragraph an argument.
std::string help_of(std::span<const argument> table);

}  // namespace lab
