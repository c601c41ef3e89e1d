// The dialect that the settings name: a built-in one, or a file.

#include "actors/core/chosen_dialect.hpp"

#include "codec/dialect/dialect_file.hpp"
#include "config/dialects.hpp"

namespace actors {

std::variant<codec::dialect, std::string> chosen_dialect(const config::dialect_settings& s) {
  const auto text = config::dialect_text(s.name);
  if (const auto* why = std::get_if<std::string>(&text))
    return "hostConfig '" + s.name + "' is neither a dialect of ours (" + config::names_of_dialects() +
           ") nor a file: it " + *why;
  auto dialect = codec::parse_dialect(std::get<config::file_text>(text).text);
  if (!dialect)
    return "hostConfig '" + s.name + "': " + dialect.error();
  if (auto error = codec::override_fields(*dialect, s.overrides))
    return std::move(*error);
  if (!s.key_fields.empty())
    dialect->pairing = {s.key_fields, {}};
  return std::move(*dialect);
}

}  // namespace actors
