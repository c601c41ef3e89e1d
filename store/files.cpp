// The file operations that the store needs beside SQLite. A failed sync is never repeated: the kernel may
// have discarded what it could not write, and a second sync would report success.

#include "store/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

namespace store {

namespace {

std::string fault_of_owner(const std::string& path, const struct stat& is, bool ours_alone) {
  if (is.st_uid != ::geteuid())
    return path + " belongs to user " + std::to_string(is.st_uid) + ", and this process runs as user " +
           std::to_string(::geteuid()) + "; run it as the one that owns it, or use another place";
  if (ours_alone && (is.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return path + " can be changed by others than its owner; if none has, run: chmod go-w " + path;
  return "";
}

}  // namespace

file_descriptor::~file_descriptor() {
  if (number_ >= 0)
    ::close(number_);
}

std::string cannot(std::string_view what, std::string_view path, int error) {
  std::string sentence = "cannot ";
  sentence.append(what).append(" ").append(path).append(": ").append(std::generic_category().message(error));
  return sentence;
}

file_descriptor open_private(const std::string& path, int flags) {
  return file_descriptor(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
}

file_descriptor open_public(const std::string& path) {
  constexpr mode_t readable_by_all = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
  return file_descriptor(
    ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, readable_by_all));
}

bool empty(int file) { return ::ftruncate(file, 0) == 0; }

std::string fault_of_file(const std::string& path, bool ours_alone) {
  struct stat is {};
  if (::lstat(path.c_str(), &is) != 0)
    return errno == ENOENT ? "" : cannot("look at", path);
  if (S_ISLNK(is.st_mode))
    return path +
           " is a symbolic link, which is not followed: it may lead to what is not ours; put the file itself "
           "there, or remove the link";
  if (!S_ISREG(is.st_mode))
    return path + " is not a file; move it away";
  return fault_of_owner(path, is, ours_alone);
}

std::string fault_of_file(int file, const std::string& path, bool ours_alone) {
  struct stat is {};
  if (::fstat(file, &is) != 0)
    return cannot("look at", path);
  if (!S_ISREG(is.st_mode))
    return path + " is not a file; move it away";
  return fault_of_owner(path, is, ours_alone);
}

bool close_to_others(const std::string& path) {
  struct stat is {};
  const auto file = open_private(path, O_RDONLY | O_NONBLOCK);
  return file && ::fstat(file.get(), &is) == 0 && S_ISREG(is.st_mode) &&
         (is.st_mode & (S_IRWXG | S_IRWXO)) != 0 && ::fchmod(file.get(), is.st_mode & S_IRWXU) == 0;
}

bool write_all(int file, std::string_view bytes, long offset) {
  while (!bytes.empty()) {
    const auto count = ::pwrite(file, bytes.data(), bytes.size(), offset);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
    offset += count;
  }
  return true;
}

std::string directory_of(const std::string& path) {
  const auto slash = path.find_last_of('/');
  if (slash == std::string::npos)
    return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string make_directory(const std::string& path) {
  struct stat is {};
  if (::stat(path.c_str(), &is) == 0)
    return S_ISDIR(is.st_mode) ? "" : cannot("make the directory", path, ENOTDIR);
  if (path.ends_with('/'))
    return make_directory(path.substr(0, path.find_last_not_of('/') + 1));
  const auto above = directory_of(path);
  if (above != path)
    if (auto problem = make_directory(above); !problem.empty())
      return problem;
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    return cannot("make the directory", path);
  return sync_directory(above);
}

std::string make_own_directory(const std::string& path) {
  if (auto problem = make_directory(path); !problem.empty())
    return problem;
  // Checks the directory itself, not those above it. A symbolic link to it is allowed.
  struct stat is {};
  if (::stat(path.c_str(), &is) != 0)
    return cannot("look at", path);
  return fault_of_owner(path, is, true);
}

std::string fault_of_directory(const std::string& path) {
  struct stat is {};
  if (::stat(path.c_str(), &is) == 0) {
    if (!S_ISDIR(is.st_mode))
      return cannot("use the directory", path, ENOTDIR);
    if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0)
      return cannot("write into", path);
    return fault_of_owner(path, is, true);
  }
  if (errno != ENOENT)
    return cannot("look at", path);
  auto above = path;
  do {
    while (above.size() > 1 && above.back() == '/')
      above.pop_back();
    above = directory_of(above);
  } while (::stat(above.c_str(), &is) != 0 && above != "/" && above != ".");
  return ::access(above.c_str(), W_OK | X_OK) == 0 ? "" : cannot("make the directory", path);
}

std::string identity_of(const std::string& path) {
  struct statx is {};
  if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &is) != 0)
    return "";
  auto identity = std::to_string(is.stx_ino);
  if ((is.stx_mask & STATX_BTIME) != 0)
    identity += " " + std::to_string(is.stx_btime.tv_sec) + "." + std::to_string(is.stx_btime.tv_nsec);
  return identity;
}

bool is_same_file(const std::string& one, const std::string& other) {
  const auto& longer = one.size() < other.size() ? other : one;
  const auto& shorter = one.size() < other.size() ? one : other;
  return longer == shorter ||
         (!shorter.empty() && shorter.find(' ') == std::string::npos && longer.starts_with(shorter + " "));
}

std::string sync_directory(const std::string& path) {
  const file_descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.get()) != 0)
    return cannot("sync the directory", path);
  return "";
}

}  // namespace store
