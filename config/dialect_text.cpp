#include <algorithm>

#include "config/dialects.hpp"
#include "config/options.hpp"

namespace config {

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace

std::string names_of_dialects() {
  std::string all;
  for (const auto& file : built_in_dialects())
    all += (all.empty() ? "" : ", ") + std::string(file.name);
  return all;
}

std::string meant_dialect(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& file : built_in_dialects())
    names.push_back(file.name);
  const auto meant = nearest(lower(std::string(name)), names);
  return meant.empty() ? "" : "; did you mean '" + std::string(meant) + "'?";
}

std::variant<file_text, std::string> dialect_text(const std::string& name_or_path) {
  for (const auto& file : built_in_dialects())
    if (file.name == lower(name_or_path))
      return file_text{std::string(file.text)};
  return read_json_file(name_or_path);
}

}  // namespace config
