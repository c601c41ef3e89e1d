// The few calls on files that the store needs beside SQLite. Problems are sentences; empty: none.
#pragma once

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

namespace store {

/// Closes what it holds.
class file_descriptor {
public:
  file_descriptor() = default;
  explicit file_descriptor(int number) : number_(number) {}
  ~file_descriptor();
  file_descriptor(file_descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  file_descriptor& operator=(file_descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  explicit operator bool() const { return number_ >= 0; }
  int get() const { return number_; }

private:
  int number_ = -1;
};

/// "cannot WHAT PATH: No such file or directory"
std::string cannot(std::string_view what, std::string_view path, int error = errno);

/// Readable by us alone and closed in child processes. `flags` as in open(2); nothing where it fails, see errno.
file_descriptor open_private(const std::string& path, int flags);

/// All of it, at `offset`; false: see errno.
bool write_all(int file, std::string_view bytes, long offset);

/// "." for a name without a slash.
std::string directory_of(const std::string& path);

/// With those above it, for us alone, where it does not exist yet. Survives a power loss.
std::string make_directory(const std::string& path);

/// Makes durable which files a directory has.
std::string sync_directory(const std::string& path);

} // namespace store
