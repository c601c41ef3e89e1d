// A journal on disk, as tests open it.
#pragma once

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "directory.hpp"
#include "store/sqlite_store.hpp"

namespace test {

inline const std::string key = "0123456789abcdef";

inline std::variant<store::opened, std::string> open(const std::string& directory, bool adopt = false) {
  return store::open_sqlite(directory, key, adopt);
}

/// Where it opens; the test ends where it does not.
inline store::opened must_open(const std::string& directory, bool adopt = false) {
  auto result = open(directory, adopt);
  if (const auto* why = std::get_if<std::string>(&result))
    FAIL("refused: " << *why);
  return std::get<store::opened>(std::move(result));
}

/// Why it does not open; empty where it does.
inline std::string refusal(const std::variant<store::opened, std::string>& result) {
  const auto* why = std::get_if<std::string>(&result);
  return why ? *why : "";
}

inline store::batch noting(std::uint64_t purchase, std::vector<std::string> contents) {
  store::batch b;
  for (auto& content : contents)
    b.records.push_back({0, purchase, 1, std::move(content)});
  return b;
}

/// All bytes of all files; SQLite makes its log when it opens and leaves it empty where nothing is written.
inline std::map<std::string, std::string> files_of(const std::string& path) {
  std::map<std::string, std::string> all;
  for (const auto& entry : std::filesystem::directory_iterator(path))
    if (entry.path().filename() != "reserve" && entry.file_size() > 0)
      all[entry.path().filename()] = read(entry.path());
  return all;
}

} // namespace test
