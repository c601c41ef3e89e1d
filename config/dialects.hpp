// The dialects that are built into the program, made from config/dialects/*.json.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "config/file.hpp"

namespace config {

struct dialect_file {
  std::string_view name;  ///< the value of `hostConfig`, in lower case
  std::string_view text;  ///< JSON
};

std::span<const dialect_file> built_in_dialects();

/// The text of a built-in dialect, by its name in lower case; empty where there is none.
inline std::string_view built_in_dialect(std::string_view name) {
  for (const auto& file : built_in_dialects())
    if (file.name == name)
      return file.text;
  return {};
}

/// "smartvista, iso87": for errors.
std::string names_of_dialects();

/// "; did you mean 'openway'?" where such a name is like one that is built in; else empty.
std::string meant_dialect(std::string_view name);

/// The text of a built-in dialect, in whatever case its name is given, or of a file. Returns why the file
/// cannot be read where it is neither.
std::variant<file_text, std::string> dialect_text(const std::string& name_or_path);

}  // namespace config
