// What a parser of JSON would take and we do not: an object with one member twice, of which it takes the
// last, and thousands of brackets.
#pragma once

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace codec {

/// Whether brackets are open within brackets deeper than any message needs: a parser's time and memory for
/// them would be a hundredfold that of other text. `json` need not be JSON.
bool nests_too_deeply(std::string_view json);

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
