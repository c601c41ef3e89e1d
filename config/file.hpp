// The whole of a file that an option names.
#pragma once

#include <string>
#include <variant>

namespace config {

struct file_text {
  std::string text;
};

/// Or why it cannot be read, for the operator: "is a directory, not a file". Never waits and never takes in
/// more than a configuration can be: a pipe, a device or a file of over a megabyte is none.
std::variant<file_text, std::string> read_file(const std::string& path);

/// The same of a file of JSON, which is nested no deeper than whoever reads it can follow.
std::variant<file_text, std::string> read_json_file(const std::string& path);

}  // namespace config
