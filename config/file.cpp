#include "config/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "config/json_text.hpp"

namespace config {

namespace {

constexpr std::size_t size_max = 1024 * 1024;

struct descriptor {
  explicit descriptor(int n) : number(n) {}
  ~descriptor() {
    if (number >= 0)
      ::close(number);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int number;
};

std::string unreadable(int error) { return "cannot be read: " + std::generic_category().message(error); }

}  // namespace

std::variant<file_text, std::string> read_file(const std::string& path) {
  // O_NONBLOCK: opening a pipe must not wait for a writer.
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.number < 0)
    return unreadable(errno);
  struct stat is {};
  if (::fstat(file.number, &is) != 0)
    return unreadable(errno);
  if (S_ISDIR(is.st_mode))
    return "is a directory, not a file";
  if (!S_ISREG(is.st_mode))
    return "is a pipe or a device, not a file";
  file_text all;
  for (char buffer[65536]; all.text.size() <= size_max;) {
    const auto count = ::read(file.number, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return unreadable(errno);
    if (count == 0)
      return all;
    all.text.append(buffer, static_cast<std::size_t>(count));
  }
  return "is longer than a megabyte, and no longer file is read";
}

std::variant<file_text, std::string> read_json_file(const std::string& path) {
  auto read = read_file(path);
  if (const auto* all = std::get_if<file_text>(&read); all && is_nested_too_deep(all->text))
    return "has more than 64 brackets within each other, and no such file is read";
  return read;
}

}  // namespace config
