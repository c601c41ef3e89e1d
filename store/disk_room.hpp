// What the store does on a disk that is nearly full: it tells how much room is left, and gives back a
// reserve. The journal refuses new transactions by it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace store {

/// Size and free space of a file system, in bytes.
struct disk_room {
  std::uint64_t size = 0;
  std::uint64_t available = 0;

  /// With less room than this the journal accepts no new transactions, and only ends open ones.
  std::uint64_t low_water() const;
  bool enough() const { return available >= low_water(); }
};

/// Nothing where the system does not report it.
std::optional<disk_room> room_of(const std::string& directory);

/// Reserves room on a disk that has enough, and releases it on a disk that is nearly full: then it returns a
/// note for the operator.
std::string keep_reserve(const std::string& directory);

/// Makes the reserve where it is missing and `room` is enough. Returns whether the reserve is there now.
bool fill_reserve(const std::string& directory, const disk_room& room);

}  // namespace store
