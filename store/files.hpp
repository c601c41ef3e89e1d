// File operations that the store needs beside SQLite. Problems are returned as sentences; empty: none.
#pragma once

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

namespace store {

/// Owns a file descriptor.
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

/// Opens a file that only this user can read, closed in child processes. `flags` as in open(2). A symbolic
/// link is not followed: it fails with ELOOP. The result is false where opening failed, see errno.
file_descriptor open_private(const std::string& path, int flags);

/// Opens a file for reading and writing that all users can read, and makes it where there is none. A symbolic
/// link is not followed. The result is false where opening failed, see errno.
file_descriptor open_public(const std::string& path);

/// Truncates the file to 0 bytes; false: see errno.
bool empty(int file);

/// Why the file at `path` must not be used; empty where it may be used or does not exist. Refuses symbolic
/// links, files of another user and, with `ours_alone`, files that another user may change.
std::string fault_of_file(const std::string& path, bool ours_alone = true);

/// The same for an open file.
std::string fault_of_file(int file, const std::string& path, bool ours_alone = true);

/// Removes other users' permissions from our file at `path`. Returns whether there were any.
bool close_to_others(const std::string& path);

/// Writes all bytes at `offset`; false: see errno.
bool write_all(int file, std::string_view bytes, long offset);

/// The directory part of `path`; "." for a name without a slash.
std::string directory_of(const std::string& path);

/// Makes the directory, and those above it, for this user only, where it does not exist. Durable.
std::string make_directory(const std::string& path);

/// As `make_directory`; also returns why an existing directory must not be used.
std::string make_own_directory(const std::string& path);

/// Why this process cannot use, or make, the directory; empty: it can. Makes nothing.
std::string fault_of_directory(const std::string& path);

/// Identifies a file, so that a copy of it, or a file that has replaced it, is recognized as another: inode
/// number and, where the system reports it, creation time. Empty where there is no file.
std::string identity_of(const std::string& path);

/// Whether two identities are of one file. Ignores the creation time where one of them lacks it: not every
/// system or kernel reports it.
bool is_same_file(const std::string& one, const std::string& other);

/// Makes the list of the directory's files durable.
std::string sync_directory(const std::string& path);

}  // namespace store
