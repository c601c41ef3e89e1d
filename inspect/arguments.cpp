#include "inspect/arguments.hpp"

#include <algorithm>
#include <ostream>

#include "config/options.hpp"
#include "config/printable.hpp"

namespace inspect {

namespace {

std::string quoted(std::string_view text) { return "'" + printable(text.substr(0, 80)) + "'"; }

std::string unknown(std::string_view name, const tool& t) {
  std::vector<std::string_view> names;
  for (const auto& o : t.options)
    names.push_back(o.name);
  const auto nearest = config::nearest(name, names);
  return std::string(t.name) + " has no option " + quoted("--" + std::string(name)) +
         (nearest.empty() ? "" : "; did you mean '--" + std::string(nearest) + "'?");
}

// One option at `i`, with its value behind it.
std::string read_option(std::span<const char* const> given, std::size_t& i, const tool& t, arguments& into) {
  const std::string_view a = given[i];
  const auto equals = a.find('=');
  const auto name = std::string(a.substr(2, equals == std::string_view::npos ? equals : equals - 2));
  const auto rule = std::ranges::find(t.options, name, &option_rule::name);
  if (rule == t.options.end())
    return unknown(name, t);
  auto& values = into.options[name];
  if (rule->what == takes::nothing) {
    if (equals != std::string_view::npos)
      return "--" + name + " takes no value";
    values = {""};
    return "";
  }
  if (rule->what == takes::a_value && !values.empty())
    return "--" + name + " is given twice; give it once";
  if (equals != std::string_view::npos)
    values.emplace_back(a.substr(equals + 1));
  else if (i + 1 < given.size() && !std::string_view(given[i + 1]).starts_with("--"))
    values.emplace_back(given[++i]);
  else
    return "--" + name + " needs a value: --" + name + "=...";
  return values.back().empty() ? "--" + name + " must not be empty" : "";
}

}  // namespace

std::string read_arguments(std::span<const char* const> given, const tool& t, arguments& into) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string_view a = given[i];
    if (!a.starts_with("-") || a == "-") {
      into.words.emplace_back(a);
      continue;
    }
    const auto why =
      a.starts_with("--") && a.size() > 2 ? read_option(given, i, t, into) : unknown(a.substr(1), t);
    if (!why.empty())
      return why;
  }
  if (into.words.size() < t.words_min)
    return std::string(t.name) + " needs " + std::string(t.needs);
  if (into.words.size() > t.words_max)
    return std::string(t.name) + " takes " +
           (t.words_max == 0 ? "options alone" : std::string(t.needs) + " and no more") + ", not " +
           quoted(into.words[t.words_max]) + " too";
  return "";
}

int misused(streams io, const std::string& why) {
  io.err << "socketqueue: " << printable(why) << "\n";
  return exit_misused;
}

std::string printable(std::string_view text) { return config::printable(text, '?'); }

}  // namespace inspect
