// Replaces a file as a whole: writes a new one beside it, and gives it the name when it is on the disk.

#include "store/saved_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "store/files.hpp"

namespace store {

std::string replace_file(const std::string& path, const std::string& text) {
  if (auto fault = fault_of_file(path, false); !fault.empty())
    return fault;
  const auto beside = path + ".new";
  ::unlink(beside.c_str());
  const file_descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                                    S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH));
  if (!file)
    return cannot("write", beside);
  if (!write_all(file.get(), text, 0) || ::fsync(file.get()) != 0)
    return cannot("write", beside);
  if (::rename(beside.c_str(), path.c_str()) != 0)
    return cannot("replace", path);
  return sync_directory(directory_of(path));
}

saved_file::saved_file(std::string path, std::function<void(const std::string&)> trouble)
  : path_(std::move(path)), trouble_(std::move(trouble)), thread_([this] { work(); }) {}

saved_file::~saved_file() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  news_.notify_one();
  thread_.join();
}

void saved_file::put(std::string text) {
  {
    const std::lock_guard lock(mutex_);
    next_ = std::move(text);
  }
  news_.notify_one();
}

void saved_file::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    news_.wait(lock, [this] { return next_ || ends_; });
    if (!next_)
      return;
    const auto text = *std::exchange(next_, std::nullopt);
    lock.unlock();
    if (const auto why = replace_file(path_, text); !why.empty())
      trouble_(why);
    lock.lock();
  }
}

}  // namespace store
