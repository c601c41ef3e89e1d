// Of names the one that was most likely meant.

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "config/options.hpp"

namespace config {

namespace {

// Levenshtein distance, ignoring case.
std::size_t distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i]) == lower(b[j]) ? 0U : 1U);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> names) {
  std::string_view nearest;
  auto least = std::max<std::size_t>(name.size() / 3, 1) + 1;
  for (const auto other : names)
    if (const auto d = distance(name, other); d < least) {
      least = d;
      nearest = other;
    }
  return nearest;
}

}  // namespace config
