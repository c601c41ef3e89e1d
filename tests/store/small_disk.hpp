// A disk that can be filled up.
#pragma once

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace test {

/// A directory on a small file system in memory that only this process and its children see. For root alone.
class small_disk {
public:
  small_disk(const std::string& path, const std::string& size) : path_(path) {
    std::filesystem::create_directory(path_);
    mounted_ = ::unshare(CLONE_NEWNS) == 0 &&
               ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
               ::mount("tmpfs", path_.c_str(), "tmpfs", 0, ("mode=0700,size=" + size).c_str()) == 0;
    if (!mounted_)
      WARN("skipped: only root can mount a small file system");
  }
  ~small_disk() {
    if (mounted_)
      ::umount2(path_.c_str(), MNT_DETACH);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

  explicit operator bool() const { return mounted_; }

  /// Fills it up to `left` bytes.
  void fill(std::uint64_t left) {
    empty();
    const auto room = std::filesystem::space(path_).available;
    const int file = ::open(ballast().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(file >= 0);
    CHECK(::posix_fallocate(file, 0, static_cast<off_t>(room - left)) == 0);
    ::close(file);
  }
  void empty() { std::filesystem::remove(ballast()); }

private:
  std::string ballast() const { return path_ + "/ballast"; }

  std::string path_;
  bool mounted_ = false;
};

}  // namespace test
