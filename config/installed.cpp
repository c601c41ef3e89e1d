#include "config/installed.hpp"

#include <filesystem>

namespace config {

std::string installed_beside(std::string_view program) {
  std::error_code error;
  const auto running = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "" : (running.parent_path() / program).string();
}

}  // namespace config
