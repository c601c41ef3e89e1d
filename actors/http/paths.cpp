#include "actors/http/paths.hpp"

namespace actors {

std::optional<std::string> id_in(std::string_view path, std::string_view row_path) {
  constexpr std::string_view placeholder = "{id}";
  const auto at = row_path.find(placeholder);
  if (at == std::string_view::npos)
    return path == row_path ? std::optional(std::string()) : std::nullopt;
  const auto before = row_path.substr(0, at), behind = row_path.substr(at + placeholder.size());
  if (path.size() <= before.size() + behind.size() || !path.starts_with(before) || !path.ends_with(behind))
    return {};
  return std::string(path.substr(before.size(), path.size() - before.size() - behind.size()));
}

}  // namespace actors
