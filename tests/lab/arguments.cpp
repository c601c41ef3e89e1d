#include "tests/lab/arguments.hpp"

#include <algorithm>
#include <charconv>

namespace lab {

namespace {

std::string read_argument(std::string_view text, std::span<const argument> table) {
  if (!text.starts_with("--"))
    return "expected an option, not '" + std::string(text) + "'; --help lists all";
  const auto equals = text.find('=');
  const std::string name(text.substr(2, equals == std::string_view::npos ? equals : equals - 2));
  const auto known = std::ranges::find(table, name, &argument::name);
  if (known == table.end())
    return "there is no option '--" + name + "'; --help lists all";
  if (known->value.empty() != (equals == std::string_view::npos))
    return "--" + name +
           (known->value.empty() ? " takes no value"
                                 : " needs a value: --" + name + "=" + std::string(known->value));
  const auto wrong =
    known->assign(equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1));
  return wrong.empty() ? "" : "--" + name + " " + wrong;
}

}  // namespace

std::string read_number(std::string_view text, std::uint64_t least, std::uint64_t most,
                        std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= least && number <= most)
    return {};
  return "must be a whole number, " + std::to_string(least) + " to " + std::to_string(most) + ", not '" +
         std::string(text) + "'";
}

assignment flag(bool& into) {
  return [&into](std::string_view) {
    into = true;
    return std::string();
  };
}

assignment words(std::string& into) {
  return [&into](std::string_view text) {
    into = text;
    return std::string(text.empty() ? "must not be empty" : "");
  };
}

std::string read_arguments(std::span<const char* const> arguments, std::span<const argument> table) {
  for (const auto* text : arguments)
    if (auto wrong = read_argument(text, table); !wrong.empty())
      return wrong;
  return {};
}

std::string help_of(std::span<const argument> table) {
  constexpr std::size_t column = 26;
  std::string text;
  for (const auto& a : table) {
    auto line = "  --" + std::string(a.name) + (a.value.empty() ? "" : "=" + std::string(a.value));
    line.resize(column, ' ');
    for (const char c : a.meaning) {
      line += c;
      if (c == '\n')
        line.append(column, ' ');
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace lab
