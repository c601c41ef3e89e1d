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

/// Readable by us alone and closed in child processes. `flags` as in open(2); nothing where it fails, see
/// errno. A symbolic link is not followed: that fails with ELOOP.
file_descriptor open_private(const std::string& path, int flags);

/// Readable by all, made where it is not there, for writing; a link is not followed here either. Nothing
/// where it fails, see errno.
file_descriptor open_public(const std::string& path);

/// Takes all out of a file; false: see errno.
bool empty(int file);

/// Why what is at `path` must not be used as a file of ours; empty where it may, or nothing is there. A link
/// is not ours, nor is what another user owns or, where `ours_alone`, may change.
std::string fault_of_file(const std::string& path, bool ours_alone = true);

/// The same of a file that is open.
std::string fault_of_file(int file, const std::string& path, bool ours_alone = true);

/// Takes from others what they may read of the file of ours at `path`. Whether they could.
bool close_to_others(const std::string& path);

/// All of it, at `offset`; false: see errno.
bool write_all(int file, std::string_view bytes, long offset);

/// "." for a name without a slash.
std::string directory_of(const std::string& path);

/// With those above it, for us alone, where it does not exist yet. Survives a power loss.
std::string make_directory(const std::string& path);

/// As `make_directory`, and why what is there must not be used as a directory of ours.
std::string make_own_directory(const std::string& path);

/// Tells a file from every copy of it, also from one that has taken its place: its number and, where the
/// system knows it, the moment of its birth. Empty where there is none.
std::string identity_of(const std::string& path);

/// Whether two identities are one: not every system knows when a file was born, and another kernel may begin
/// to.
bool is_same_file(const std::string& one, const std::string& other);

/// Makes durable which files a directory has.
std::string sync_directory(const std::string& path);

}  // namespace store
