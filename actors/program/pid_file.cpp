#include "actors/program/pid_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace actors {

namespace {

constexpr const char* other_content =
  "there is something other than a process id in it; give another path, or move that file away";

// A mistyped path must not empty a file that holds something else.
bool holds_a_process_id(int file) {
  constexpr std::size_t most = 32;
  char text[most + 1];
  const auto count = ::pread(file, text, sizeof text, 0);
  return count >= 0 && static_cast<std::size_t>(count) <= most &&
         std::all_of(text, text + count, [](char c) { return (c >= '0' && c <= '9') || c == '\n'; });
}

}  // namespace

std::string why_no_pid_file(const std::string& path) {
  if (auto fault = store::fault_of_file(path, false); !fault.empty())
    return fault;
  const store::file_descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  return file && !holds_a_process_id(file.get()) ? other_content : "";
}

std::string write_pid(const std::string& path, store::file_descriptor& file) {
  if (auto fault = store::fault_of_file(path, false); !fault.empty())
    return fault;
  file = store::open_public(path);
  if (!file)
    return store::cannot("open", path);
  if (auto fault = store::fault_of_file(file.get(), path, false); !fault.empty())
    return fault;
  if (!holds_a_process_id(file.get()))
    return other_content;
  return store::empty(file.get()) && store::write_all(file.get(), std::to_string(getpid()) + "\n", 0)
           ? ""
           : store::cannot("open", path);
}

}  // namespace actors
