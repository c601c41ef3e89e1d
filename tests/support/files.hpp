// Reads files of the source tree.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace support {

inline std::string file_text(const std::string& path) {
  std::ifstream file(std::string(SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The rows of a golden file: one JSON object per line.
inline std::vector<nlohmann::ordered_json> golden(const std::string& name) {
  std::istringstream file(file_text("tests/golden/" + name));
  std::vector<nlohmann::ordered_json> rows;
  for (std::string line; std::getline(file, line);)
    rows.push_back(nlohmann::ordered_json::parse(line));
  return rows;
}

}  // namespace support
