#include "config/config_file.hpp"

#include <algorithm>

#include "config/file.hpp"
#include "config/links.hpp"
#include "config/printable.hpp"

namespace config {

namespace {

using nlohmann::json;

std::string nearest_path(std::string_view path) {
  std::vector<std::string_view> paths;
  for (const auto& group : option_groups())
    for (const auto& o : group.options)
      if (!o.path.empty())
        paths.push_back(o.path);
  return std::string(nearest(path, paths));
}

// What is wrong at the offset `at`, which goes back to where that begins; empty: something else.
std::string reason_in(std::string_view text, std::string_view error, std::size_t& at) {
  const auto has = [&](std::string_view part) { return error.find(part) != error.npos; };
  if (has("UTF-8"))
    return "this character is not UTF-8; save the file as UTF-8";
  if (at >= text.size())
    return "it ends too early; a bracket or a quote is not closed";
  if (text[at] == '#')
    return "comments are // and /* */";
  if (text[at] == '\'')
    return "text stands in double quotes, \"...\"";
  const auto before = text.substr(0, at).find_last_not_of(" \t\r\n");
  if ((text[at] == '}' || text[at] == ']') && before != text.npos && text[before] == ',')
    return std::string("there is a comma before ") + text[at] + "; leave it out";
  if (!has("; expected '}'") && !has("; expected ']'"))
    return {};
  if (text[at] == '"' && at != 0)
    at = std::min(text.rfind('"', at - 1), at);
  return "a comma is missing in front of this";
}

// An editor finds the schema of the file by it.
constexpr std::string_view schema_key = "$schema";

}  // namespace

std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown_max = 80;
  return "'" + printable(text.substr(0, shown_max), '?') + (text.size() > shown_max ? "...'" : "'");
}

std::string no_such_option(std::string_view name, bool is_path) {
  if (const auto now = renamed_option(name); !now.empty())
    return "the option " + in_quotes(name) + " is called " + in_quotes(now) + " now";
  const auto near = is_path ? nearest_path(name) : std::string(nearest_option(name));
  return "there is no option " + in_quotes(name) +
         (near.empty() ? "; --help lists all" : "; did you mean " + in_quotes(near) + "?");
}

std::optional<std::string> as_text(const json& value) {
  if (value.is_string())
    return value.get<std::string>();
  if (value.is_number() || value.is_boolean())
    return value.dump();
  if (!value.is_array())
    return {};
  std::string list;
  for (const auto& item : value) {
    // Nested lists are not values; refusing them here also bounds the recursion.
    const auto text = item.is_array() ? std::nullopt : as_text(item);
    if (!text)
      return {};
    list += (list.empty() ? "" : ",") + *text;
  }
  return list;
}

std::string fault_of_type(const option& o, const json& value) {
  if (o.where.kind != value_kind::text)
    return {};
  for (const auto& item : value.is_array() ? value : json::array({value}))
    if (!item.is_string())
      return " must be text in quotes, not " + item.dump();
  return {};
}

bool is_neutral(const option& o, const json& value) {
  if (value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty()))
    return true;
  if (o.where.kind == value_kind::port)
    return value == 0 || value == "0";
  return o.stands != standing::everywhere && (value == false || value == "false");
}

std::variant<config_file, std::string> config_file::open(const std::string& path) {
  auto read = read_file(path);
  if (const auto* why = std::get_if<std::string>(&read))
    return path + ": this configuration file " + *why;
  auto& text = std::get<file_text>(read).text;
  if (const auto at = blank_comments(text); at != text.npos)
    return path + ", " + line_and_column(text, at) + ": the comment that begins here has no end, */";
  if (is_nested_too_deep(text))
    return path +
           ": this configuration file has more than 64 brackets within each other, and no such file is read";
  json content;
  try {
    content = json::parse(text);
  } catch (const json::parse_error& error) {
    // The byte counts from 1 and is the last one that was read.
    auto at = error.byte == 0 ? 0 : error.byte - 1;
    const auto why = text.empty() ? "" : reason_in(text, error.what(), at);
    return path + ", " + line_and_column(text, at) + ": this configuration file is not JSON from here on" +
           (why.empty() ? "; expected a JSON object of options, {\"name\": value, ...}" : ": " + why);
  } catch (const json::out_of_range&) {
    return path + ": a number in this configuration file is too large";
  }
  config_file file(path, text, std::move(content));
  if (!file.content_.is_object())
    return file.where("") + "expected a JSON object of options, {\"name\": value, ...}";
  return file;
}

void config_file::read_member(const std::string& name, const json& value, std::vector<given>& all,
                              std::vector<std::string>& faults) const {
  const bool is_path = name.find('.') != name.npos;
  const auto* o = is_path ? find_by_path(name) : find_option(name);
  if (!o) {
    faults.push_back(where(name) + no_such_option(name, is_path));
    return;
  }
  if (is_neutral(*o, value))
    return;
  if (o->stands != standing::everywhere) {
    faults.push_back(where(name) + in_quotes(name) +
                     " belongs on the command line, not into a file; leave it out");
    return;
  }
  const auto same = std::ranges::find(all, o, &given::what);
  if (same != all.end()) {
    faults.push_back(where(name) + in_quotes(name) + " is the same option as " + in_quotes(same->path) +
                     " in " + places_.of(same->path) + "; leave one of them");
    return;
  }
  all.push_back({o, name, value});
}

void config_file::read_members(const json& of, const std::string& section, std::vector<given>& all,
                               std::vector<std::string>& faults) const {
  for (const auto& [key, value] : of.items()) {
    const auto path = section.empty() ? key : section + "." + key;
    if (section.empty() && (is_link_list(key) || key == schema_key))
      continue;
    if (!is_section(path))
      read_member(path, value, all, faults);
    else if (value.is_object())
      read_members(value, path, all, faults);
    else
      faults.push_back(where(path) + in_quotes(path) + " is a section: expected an object of options, {...}");
  }
}

std::vector<config_file::given> config_file::values(std::vector<std::string>& faults) const {
  if (const auto& name = places_.twice(); !name.empty())
    faults.push_back(path_ + ", " + places_.second_place() + ": the option " + in_quotes(name) +
                     " stands there twice, first in " + places_.of(name) + "; leave one of them");
  std::vector<given> all;
  read_members(content_, "", all, faults);
  return all;
}

}  // namespace config
