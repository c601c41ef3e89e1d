// A configuration file: its options, by name or by section, and where each of them is.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/json_text.hpp"
#include "config/options.hpp"

namespace config {

class config_file {
public:
  /// The second alternative is a sentence for the operator.
  static std::variant<config_file, std::string> open(const std::string& path);

  const nlohmann::json& content() const { return content_; }

  /// "gateway.json, line 4, column 12: ", of the member at `path`.
  std::string where(std::string_view path) const { return path_ + ", " + places_.of(path) + ": "; }

  const json_places& places() const { return places_; }

  /// An option as it stands in the file.
  struct given {
    const option* what;
    std::string path;     ///< "listenPort", "clients.raw.port"
    nlohmann::json json;  ///< not neutral
  };

  /// All options of the file but the lists of links; what is none adds a sentence to `faults`. Left out are
  /// values that say nothing: those of the old program's template, as "" for a path and 0 for a port.
  std::vector<given> values(std::vector<std::string>& faults) const;

private:
  config_file(std::string path, std::string_view text, nlohmann::json content)
    : path_(std::move(path)), places_(text), content_(std::move(content)) {}

  void read_members(const nlohmann::json& of, const std::string& section, std::vector<given>& all,
                    std::vector<std::string>& faults) const;
  void read_member(const std::string& name, const nlohmann::json& json, std::vector<given>& all,
                   std::vector<std::string>& faults) const;

  std::string path_;
  json_places places_;
  nlohmann::json content_;
};

/// The value as the command line would have it; nothing where it has no such form.
std::optional<std::string> as_text(const nlohmann::json& value);

/// What is wrong with the type of a value that has a text; empty: nothing. A number and true are no text that
/// somebody meant; a number in quotes is one.
std::string fault_of_type(const option& o, const nlohmann::json& value);

/// Whether a value says nothing about its option.
bool is_neutral(const option& o, const nlohmann::json& value);

/// Why there is no option of this name: "there is no option 'x'; did you mean 'y'?". `is_path`: in a section.
std::string no_such_option(std::string_view name, bool is_path = false);

/// What a message shows of it: in quotes, one line of limited length, whatever it has.
std::string in_quotes(std::string_view text);

}  // namespace config
