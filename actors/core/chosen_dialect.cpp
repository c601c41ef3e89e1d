// The dialect that the settings name: a built-in one, or a file.

#include "actors/core/chosen_dialect.hpp"

#include "codec/dialect/dialect_file.hpp"
#include "config/dialects.hpp"
#include "net/frame/format.hpp"

namespace actors {

namespace {

using replace = std::optional<std::string>(codec::dialect& d, std::string_view json_text);

// Returns what is wrong with the file of this option; empty: nothing.
std::string read_file(const std::string& option, const std::string& path, replace* in, codec::dialect& d) {
  if (path.empty())
    return {};
  const auto text = config::read_json_file(path);
  if (const auto* why = std::get_if<std::string>(&text))
    return option + " '" + path + "' " + *why;
  const auto wrong = in(d, std::get<config::file_text>(text).text);
  return wrong ? option + " '" + path + "': " + *wrong : "";
}

}  // namespace

std::variant<codec::dialect, std::string> chosen_dialect(const config::dialect_settings& s) {
  const auto text = config::dialect_text(s.name);
  if (const auto* why = std::get_if<std::string>(&text))
    return "hostConfig '" + s.name + "' is neither a dialect of ours (" + config::names_of_dialects() +
           ") nor a file: it " + *why + config::meant_dialect(s.name);
  auto dialect = codec::parse_dialect(std::get<config::file_text>(text).text);
  if (!dialect)
    return "hostConfig '" + s.name + "': " + dialect.error();
  if (const auto& header = dialect->header; !header.empty()) {
    const auto format = net::frame_format::parse(header);
    if (const auto* why = std::get_if<std::string>(&format))
      return "hostConfig '" + s.name + "': header: expected a frame as headerFormat has it, but " + *why;
  }
  if (auto error = codec::override_fields(*dialect, s.overrides))
    return std::move(*error);
  if (auto error = read_file("exchangeConfig", s.exchange, codec::replace_host_rules, *dialect);
      !error.empty())
    return error;
  if (auto error = read_file("networkConfig", s.network, codec::replace_network, *dialect); !error.empty())
    return error;
  if (!s.key_fields.empty())
    dialect->pairing = {s.key_fields, {}};
  return std::move(*dialect);
}

}  // namespace actors
