// The few calls on files that the store needs beside SQLite. Never repeats a sync that failed: what the
// kernel could not write it may have thrown away, and the second sync would say that all is well.

#include "store/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

namespace store {

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
  return file_descriptor(::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR));
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

std::string sync_directory(const std::string& path) {
  const auto directory = open_private(path, O_RDONLY | O_DIRECTORY);
  if (!directory || ::fsync(directory.get()) != 0)
    return cannot("sync the directory", path);
  return "";
}

} // namespace store
