// Finds the row of a table that answers a method and a path. GET answers HEAD too; `{id}` in a row's path
// stands for anything.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace actors {

/// What stands for `{id}` in `path`, empty where the row's path has none; nothing where the path is another.
std::optional<std::string> id_in(std::string_view path, std::string_view row_path);

/// `row`: nullptr where none answers; then `allowed` has the methods of the path, "GET, HEAD, OPTIONS", or is
/// empty where no row has it.
template <class Row>
struct found_row {
  const Row* row = nullptr;
  std::string id = {};
  std::string allowed = {};
};

template <class Row>
found_row<Row> find_row(std::span<const Row> rows, std::string_view method, std::string_view path) {
  const auto first =
    std::ranges::find_if(rows, [path](const Row& r) { return id_in(path, r.path).has_value(); });
  if (first == rows.end())
    return {};
  if (method == "HEAD")
    method = "GET";
  found_row<Row> found;
  for (const auto& r : rows) {
    if (r.path != first->path)
      continue;
    if (r.method == method)
      return {&r, *id_in(path, r.path)};
    found.allowed += std::string(r.method) + (r.method == "GET" ? ", HEAD, " : ", ");
  }
  found.allowed += "OPTIONS";
  return found;
}

}  // namespace actors
