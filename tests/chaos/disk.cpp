#include "tests/chaos/disk.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tests/chaos/child.hpp"

namespace chaos {

namespace {

std::string filler_of(const std::string& path) { return path + "/filler"; }

void tell_file_system(const std::string& path, unsigned long what) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  ioctl(fd, what, 0);
  close(fd);
}

}  // namespace

disk::~disk() {
  thaw();
  if (is_mounted_)
    umount2(path_.c_str(), MNT_DETACH);
}

std::string disk::mount_at(const std::string& directory) {
  if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return std::string("it needs mounts of its own: ") + std::strerror(errno);
  path_ = directory + "/disk";
  if (mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST)
    return "cannot make " + path_ + ": " + std::strerror(errno);
  return {};
}

std::string disk::mount_image(const std::string& directory) {
  if (auto why = mount_at(directory); !why.empty())
    return why;
  const auto image = "'" + directory + "/image'";
  for (const auto& command : {"truncate -s 96M " + image, "mkfs.ext4 -q -F " + image,
                              "mount -o loop " + image + " '" + path_ + "'"})
    if (auto why = failure_of(command); !why.empty())
      return "it needs a file system that can be frozen: " + why;
  is_mounted_ = true;
  return {};
}

std::string disk::mount_memory(const std::string& directory, unsigned mebibytes) {
  if (auto why = mount_at(directory); !why.empty())
    return why;
  if (mount("tmpfs", path_.c_str(), "tmpfs", 0, ("size=" + std::to_string(mebibytes) + "m").c_str()) != 0)
    return std::string("it needs a small file system: ") + std::strerror(errno);
  is_mounted_ = true;
  return {};
}

void disk::freeze() {
  tell_file_system(path_, FIFREEZE);
  is_frozen_ = true;
}

void disk::thaw() {
  if (is_frozen_)
    tell_file_system(path_, FITHAW);
  is_frozen_ = false;
}

void disk::fill_but(std::uint64_t bytes) {
  empty();
  struct statvfs is {};
  const int fd = open(filler_of(path_).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return;
  if (statvfs(path_.c_str(), &is) == 0 && is.f_bavail * is.f_frsize > bytes)
    posix_fallocate(fd, 0, static_cast<off_t>(is.f_bavail * is.f_frsize - bytes));
  close(fd);
}

void disk::empty() { unlink(filler_of(path_).c_str()); }

}  // namespace chaos
