// The dialect that the settings name: a built-in one, or a file.

#include "actors/core/chosen_dialect.hpp"

#include <algorithm>

#include "codec/dialect/dialect_file.hpp"
#include "config/dialects.hpp"
#include "config/file.hpp"

namespace actors {

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::string names_of_ours() {
  std::string names;
  for (const auto& file : config::built_in_dialects())
    names += (names.empty() ? "" : ", ") + std::string(file.name);
  return names;
}

std::variant<config::file_text, std::string> dialect_text(const std::string& name) {
  if (const auto text = config::built_in_dialect(lower(name)); !text.empty())
    return config::file_text{std::string(text)};
  return config::read_json_file(name);
}

}  // namespace

std::variant<codec::dialect, std::string> chosen_dialect(const config::settings& s) {
  const auto text = dialect_text(s.host_config);
  if (const auto* why = std::get_if<std::string>(&text))
    return "hostConfig '" + s.host_config + "' is neither a dialect of ours (" + names_of_ours() +
           ") nor a file: it " + *why;
  auto dialect = codec::parse_dialect(std::get<config::file_text>(text).text);
  if (!dialect)
    return "hostConfig '" + s.host_config + "': " + dialect.error();
  if (auto error = codec::override_fields(*dialect, s.overrides))
    return std::move(*error);
  if (!s.queue_message_key_fields.empty())
    dialect->pairing = {s.queue_message_key_fields, {}};
  return std::move(*dialect);
}

}  // namespace actors
