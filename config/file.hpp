// Reads the file that an option names.
#pragma once

#include <string>
#include <variant>

namespace config {

struct file_text {
  std::string text;
};

/// Returns the whole text, or why the file cannot be read, for the operator: "is a directory, not a file".
/// Never blocks. Refuses pipes, devices and files of more than a megabyte.
std::variant<file_text, std::string> read_file(const std::string& path);

/// The same for a JSON file. Refuses nesting deeper than 64 levels, which a recursive parser might not
/// survive.
std::variant<file_text, std::string> read_json_file(const std::string& path);

}  // namespace config
