// The dialect that the settings name: one of ours, or a file.

#include "actors/chosen_dialect.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "codec/dialect_file.hpp"
#include "config/dialects.hpp"

namespace actors {

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::variant<std::string, std::nullptr_t> dialect_text(const std::string& name) {
  for (const auto& file : config::built_in_dialects())
    if (file.name == lower(name))
      return std::string(file.text);
  std::ifstream file(name);
  if (!file)
    return nullptr;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

} // namespace

std::variant<codec::dialect, std::string> chosen_dialect(const config::settings& s) {
  const auto text = dialect_text(s.host_config);
  if (std::holds_alternative<std::nullptr_t>(text))
    return "hostConfig '" + s.host_config + "' is neither a dialect of ours (smartVista) nor a file that can be read";
  auto dialect = codec::parse_dialect(std::get<std::string>(text));
  if (!dialect)
    return "hostConfig '" + s.host_config + "': " + dialect.error();
  if (auto error = codec::override_fields(*dialect, s.overrides))
    return std::move(*error);
  return std::move(*dialect);
}

} // namespace actors
