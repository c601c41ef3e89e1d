// What becomes of a configuration file of the old program.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace config {

/// An option of the file.
struct migrated_option {
  std::string where;  ///< "line 4, column 3"
  std::string name;
  std::string_view what;  ///< "kept", "renamed", "neutral", "no effect" or "refused"
  std::string why;        ///< empty where there is nothing to say
};

struct migration {
  std::vector<migrated_option> options;  ///< in the order of the file
  std::vector<std::string> faults;       ///< why this program does not start with it, a sentence each

  bool starts() const { return faults.empty(); }
};

/// The second alternative: the file cannot be read at all.
std::variant<migration, std::string> migrate(const std::string& path);

std::string text_of(const migration& m, const std::string& path);
std::string json_of(const migration& m);

}  // namespace config
