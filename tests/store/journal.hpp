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

/// The file whose name tells how far a journal was acknowledged. A test that sets a journal back to an
/// earlier moment, as a power failure does, has to set that back too.
class mark {
public:
  explicit mark(const std::string& journal) : journal_(journal), kept_(journal + ".mark") {
    std::filesystem::create_hard_link(journal_ + "/" + name(journal_), kept_);
  }

  static std::string name(const std::string& journal) {
    for (const auto& entry : std::filesystem::directory_iterator(journal))
      if (const auto file = entry.path().filename().string(); file.starts_with("acknowledged."))
        return file;
    return "";
  }

  /// Empty: there was none yet.
  void put(const std::string& as) const {
    for (auto there = name(journal_); !there.empty(); there = name(journal_))
      std::filesystem::remove(journal_ + "/" + there);
    if (!as.empty())
      std::filesystem::create_hard_link(kept_, journal_ + "/" + as);
  }

private:
  std::string journal_, kept_;
};

}  // namespace test
