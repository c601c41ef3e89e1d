// The files beside the database: who uses the directory, how far it was acknowledged, whether they are still
// there, and room in reserve.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "store/files.hpp"

namespace store {

/// Held by one process at a time, until it closes or dies. The sentence names who holds it.
std::variant<file_descriptor, std::string> lock_directory(const std::string& directory);

/// The highest sequence that was acknowledged. Two places, written in turn and never synced while it runs, so
/// that a power loss in the middle of one leaves the other. It may lag behind the records after a power loss,
/// but is never ahead of them.
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

/// The same number as the name of a file, "acknowledged.57". Who puts an older copy back over the files that
/// are there brings an older name along, but does not take this one away; who takes it away and makes it
/// again has made another file.
class mark {
public:
  explicit mark(std::string directory) : directory_(std::move(directory)) {}

  /// Looks at those that are there; problems are sentences.
  std::string find();

  /// The highest that any of them tells.
  std::optional<std::uint64_t> read() const;
  /// Whether none tells anything.
  bool none() const { return !read(); }
  /// Where they are.
  std::vector<std::string> paths() const;
  /// Takes the one of this identity as its own; false where it is not there.
  bool take(const std::string& identity);

  /// Makes one of its own, durably, under a name that does not count yet. Its identity, or nothing: see
  /// errno.
  std::string make();

  /// Gives its own the name for `value`, and removes all others.
  std::string begin(std::uint64_t value);

  std::string advance(std::uint64_t value);

private:
  std::string path_of(const std::string& number) const;

  std::string directory_;
  std::vector<std::string> found_ = {};  // what stands behind the point
  std::string own_ = {};                 // the same
};

/// Files of a directory that must stay those that they are.
class watch {
public:
  /// What is at `path` now; false where there is nothing.
  bool add(const std::string& path);

  /// Names the first one that was removed or replaced.
  std::string find_lost() const;

private:
  struct watched {
    std::string path;
    std::uint64_t device = 0;
    std::uint64_t number = 0;
  };
  std::vector<watched> all_;
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

/// Keeps room in reserve on a disk that has it to spare, and gives it back on one that runs full: then there
/// is a note.
std::string keep_reserve(const std::string& directory);

/// Makes the reserve where it is not there and `room` is enough for it; whether it is there now.
bool fill_reserve(const std::string& directory, const disk_room& room);

/// Whether something was ever kept in `directory`: then its key must be there too.
bool has_journal(const std::string& directory);

/// Where the second watermark of a journal lies: beside its key, and nowhere where that lies in its
/// directory.
std::string outside_watermark(const std::string& directory, const std::string& key_file);

}  // namespace store
