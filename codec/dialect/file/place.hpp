// A place in a dialect file: a JSON value and the path to it, for errors that say where, what was expected
// and what stands there.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace codec::file {

/// How a broken dialect file leaves the functions that read it; it never leaves parse_dialect().
struct bad_dialect {
  std::string why;
};

class place {
public:
  /// `faults`: where attempt() leaves what is wrong with the file.
  place(const nlohmann::json& value, std::string path, std::vector<std::string>& faults)
    : value_(&value), path_(std::move(path)), faults_(&faults) {}

  /// Runs `read`. A fault in it does not end the reading of the file, so that all faults are found at once.
  template <class Read>
  bool attempt(Read read) const {
    const auto before = faults_->size();
    try {
      read();
    } catch (const bad_dialect& error) {
      faults_->push_back(error.why);
    }
    return faults_->size() == before;
  }

  const std::string& path() const { return path_; }

  /// The member `key` of this object, which must be there.
  place at(const char* key) const;
  std::optional<place> find(const char* key) const;
  /// Refuses members of any other name: a misspelt one would do nothing.
  void only(std::initializer_list<std::string_view> keys) const;

  std::string text() const;
  std::size_t number(std::size_t least, std::size_t most) const;
  bool flag() const;
  std::vector<place> items() const;
  std::vector<std::pair<std::string, place>> members() const;
  std::vector<std::string> texts() const;
  bool is_object() const { return value_->is_object(); }
  bool is_text() const { return value_->is_string(); }
  bool is_number() const { return value_->is_number(); }

  /// What stands here, as much as fits into a sentence.
  std::string shown() const;

  /// What one of these names stands for.
  template <class T, std::size_t Count>
  T one_of(const std::pair<std::string_view, T> (&choices)[Count]) const {
    const auto name = text();
    for (const auto& [key, meaning] : choices)
      if (key == name)
        return meaning;
    std::string all;
    for (const auto& [key, meaning] : choices)
      all += (all.empty() ? "" : ", ") + std::string(key);
    fail("one of " + all);
  }

  /// "fields[3].length: expected ..., but it is ..."
  [[noreturn]] void fail(const std::string& expected) const;

private:
  const nlohmann::json* value_;
  std::string path_;
  std::vector<std::string>* faults_;
};

}  // namespace codec::file
