// Configuration files that the option table makes: one with all defaults, and the JSON Schema of all.
#pragma once

#include <string>

namespace config {

/// A file with all options and their defaults, which `-c` reads; `by_sections`: in sections, else by their
/// names. An option without a default has a value that says nothing.
std::string default_file(bool by_sections);

/// The JSON Schema (draft 2020-12) of a configuration file.
std::string file_schema();

}  // namespace config
