#include "store/disk_room.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "store/files.hpp"

namespace store {

namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

}  // namespace

std::uint64_t disk_room::low_water() const { return std::min(16 * mebibyte, size / 10); }

std::optional<disk_room> room_of(const std::string& directory) {
  struct statvfs is {};
  if (::statvfs(directory.c_str(), &is) != 0)
    return std::nullopt;
  return disk_room{is.f_blocks * is.f_frsize, is.f_bavail * is.f_frsize};
}

std::string keep_reserve(const std::string& directory) {
  const auto path = directory + "/reserve";
  const auto room = room_of(directory);
  if (!room)
    return "";
  if (room->enough()) {
    fill_reserve(directory, *room);
    return "";
  }
  if (::unlink(path.c_str()) != 0)
    return "";
  return "the disk of " + directory + " is almost full (" + std::to_string(room->available / 1024) +
         " KiB left); the reserve was given back, so that what is open can be ended";
}

bool fill_reserve(const std::string& directory, const disk_room& room) {
  const auto path = directory + "/reserve";
  const auto size = std::min(4 * mebibyte, room.size / 20);
  if (!room.enough() || room.available - room.low_water() < size)
    return false;
  const auto file = open_private(path, O_RDWR | O_CREAT);
  if (!file)
    return false;
  // posix_fallocate does nothing where the file is that long already. Its failure loses no record.
  if (::posix_fallocate(file.get(), 0, static_cast<off_t>(size)) == 0)
    return true;
  ::unlink(path.c_str());
  return false;
}

}  // namespace store
