// A small file that a process writes again and again, and the next one reads.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace store {

/// Replaces the file at `path` by one with this text. Whenever the machine fails, the old one or the new one
/// is there, whole. Returns what is wrong, empty: nothing.
std::string replace_file(const std::string& path, const std::string& text);

/// Writes on a thread of its own, so that `put` does not wait for the disk. The destructor writes what was
/// put last. `trouble` gets what is wrong, on that thread.
class saved_file {
public:
  saved_file(std::string path, std::function<void(const std::string&)> trouble);
  ~saved_file();
  saved_file(const saved_file&) = delete;
  saved_file& operator=(const saved_file&) = delete;

  /// The text that the file is to have; one that was not written yet is left out.
  void put(std::string text);

private:
  void work();

  const std::string path_;
  const std::function<void(const std::string&)> trouble_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::optional<std::string> next_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace store
