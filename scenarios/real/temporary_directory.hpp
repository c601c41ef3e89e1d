// A temporary directory, removed with its content by the destructor.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace real {

class temporary_directory {
public:
  temporary_directory()
    : path_((std::filesystem::temp_directory_path() / "socketqueue-story-XXXXXX").string()),
      made_(mkdtemp(path_.data()) != nullptr) {}
  ~temporary_directory() {
    std::error_code ignored;
    if (made_)
      std::filesystem::remove_all(path_, ignored);
  }
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;

  const std::string& path() const { return path_; }
  bool is_there() const { return made_; }

private:
  std::string path_;
  bool made_;
};

}  // namespace real
