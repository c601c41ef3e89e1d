// Hosts to connect to, as an operator writes them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace net {

struct target {
  std::string host;
  std::uint16_t port;

  bool operator==(const target&) const = default;
};

/// "10.0.0.1:5000", "[::1]:5000".
std::string to_string(const target& t);

/// Reads "a", "a,b:5001" or "[::1]:5000,10.0.0.1"; those without a port have `port`. The second alternative
/// says what is wrong.
std::variant<std::vector<target>, std::string> parse_targets(std::string_view text, std::uint16_t port);

}  // namespace net
