// "127.2.1": the names of a part and of what it is in.
#pragma once

#include <algorithm>
#include <string_view>

namespace codec {

struct path_steps {
  std::string_view first, rest;
};

inline path_steps first_step(std::string_view path) {
  const auto dot = path.find('.');
  return {path.substr(0, dot), dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1)};
}

/// Letters of either case are the same: 9F26 and 9f26 are one tag.
inline bool same_name(std::string_view a, std::string_view b) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
  return std::ranges::equal(a, b, [&](char x, char y) { return upper(x) == upper(y); });
}

}  // namespace codec
