// JSON objects with one member twice: a parser takes the last, and which one was meant is unknown.
#pragma once

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

namespace codec {

/// Watches a parse, and remembers the first member that its object has already.
///
///   repeated_member twice;
///   const auto body = json::parse(text, twice.watch(), false);
class repeated_member {
public:
  /// For one parse; this outlives it.
  nlohmann::json::parser_callback_t watch();

  /// "amount", "icc.9F26"; empty: none.
  const std::string& path() const { return path_; }

private:
  struct object {
    std::set<std::string> names = {};
    std::string last = {};
  };

  void take_name(const std::string& name);

  std::vector<object> open_;  // from the outermost in
  std::string path_;
};

}  // namespace codec
