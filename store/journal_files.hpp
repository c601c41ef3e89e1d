// The files beside the database: who uses the directory, how far it was acknowledged, and room in reserve.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "store/files.hpp"

namespace store {

/// Held by one process at a time, until it closes or dies. The sentence names who holds it.
std::variant<file_descriptor, std::string> lock_directory(const std::string& directory);

/// The highest sequence that was acknowledged. Two places, written in turn and never synced while it runs, so that a power
/// loss in the middle of one leaves the other. It may lag behind the records after a power loss, but is never ahead of them.
class watermark {
public:
  explicit watermark(std::string path) : path_(std::move(path)) {}

  /// Nothing: it is not there, or neither of its places can be believed.
  std::optional<std::uint64_t> read() const;

  /// Makes the file where there is none, with `value` in both places, durably. Once, before `advance`.
  std::string begin(std::uint64_t value);

  std::string advance(std::uint64_t value);

private:
  std::string path_;
  file_descriptor file_ = {};
  bool second_ = false;
};

/// What a file system has.
struct disk_room {
  std::uint64_t size = 0;
  std::uint64_t available = 0;

  /// Below it only what is open is ended.
  std::uint64_t low_water() const;
  bool enough() const { return available >= low_water(); }
};

/// Nothing where the system does not tell.
std::optional<disk_room> room_of(const std::string& directory);

/// Keeps room in reserve on a disk that has it to spare, and gives it back on one that runs full: then there is a note.
std::string keep_reserve(const std::string& directory);

} // namespace store
