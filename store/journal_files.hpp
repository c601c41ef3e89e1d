// The files beside the database: the lock, the highest acknowledged sequence, and the check that the files
// are still in place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "store/files.hpp"

namespace store {

/// Locks the directory for this process, until the descriptor is closed. The error names the process that
/// holds the lock.
std::variant<file_descriptor, std::string> lock_directory(const std::string& directory);

/// Why the directory cannot be locked now; empty: it can. Changes nothing.
std::string fault_of_lock(const std::string& directory);

/// The id of the process that has locked the directory, as the kernel shows it; 0: none, or it cannot be seen
/// from here. Unlike a look by locking it keeps no gateway from starting.
std::uint64_t user_of(const std::string& directory);

/// The highest acknowledged sequence. Two places, written in turn and never synced while running, so that a
/// power loss during one write leaves the other valid. After a power loss it may lag behind the records, but
/// it is never ahead.
class watermark {
public:
  explicit watermark(std::string path) : path_(std::move(path)) {}

  /// Nothing where the file does not exist or neither place is valid.
  std::optional<std::uint64_t> read() const;

  /// Durably makes the file where there is none, with `value` in both places. Called once, before `advance`.
  std::string begin(std::uint64_t value);

  std::string advance(std::uint64_t value);

private:
  std::string path_;
  file_descriptor file_ = {};
  bool second_ = false;
};

/// The same number as a file name, "acknowledged.57". Restoring an older copy over the files brings an older
/// name back but does not remove this one; removing and making it again makes another file, which is
/// detected.
class mark {
public:
  explicit mark(std::string directory) : directory_(std::move(directory)) {}

  /// Lists the existing marks; returns a problem, empty where there is none.
  std::string find();

  /// The highest number that any of them has.
  std::optional<std::uint64_t> read() const;
  /// Whether none has a number.
  bool none() const { return !read(); }
  /// The paths of all marks found.
  std::vector<std::string> paths() const;
  /// Takes the mark with this identity as its own; false where there is none.
  bool take(const std::string& identity);

  /// Durably makes a mark under a name without a number. Returns its identity; empty where it failed, see
  /// errno.
  std::string make();

  /// Renames its own mark to `value`, and removes all others.
  std::string begin(std::uint64_t value);

  std::string advance(std::uint64_t value);

private:
  std::string path_of(const std::string& number) const;

  std::string directory_;
  std::vector<std::string> found_ = {};  // the names behind "acknowledged."
  std::string own_ = {};                 // the same
};

/// Detects that files of a directory were removed or replaced, or one that only grows was cut short.
class watch {
public:
  enum class size : std::uint8_t { changes, only_grows };

  /// Watches the file at `path`; false where there is none.
  bool add(const std::string& path, size of_it = size::changes);

  /// The path of the first file that was removed, replaced or cut short.
  std::string find_lost();

private:
  struct watched {
    std::string path;
    std::uint64_t device = 0;
    std::uint64_t number = 0;
    std::int64_t size = 0;  // bytes, the most so far; 0: not looked at
  };
  std::vector<watched> all_;
};

/// In bytes; 0 where there is no such file.
std::uint64_t size_of(const std::string& path);

/// Why the journal in `directory` could not be opened now; empty: it can be, as far as that is seen without
/// changing anything: who may use the directory, whether another process does, the key, the beginning of the
/// database. A directory that is not there must be one that can be made.
std::string fault_of_journal(const std::string& directory, const std::string& key_file);

/// The same, and all that is in the database and beside it is verified, which takes as long as an opening.
/// `adopt`: as `open_sqlite` has it.
std::string fault_of_whole_journal(const std::string& directory, const std::string& key_file, bool adopt);

/// Whether the directory, or the one in which it would be made, is in memory, and so lost with the power.
bool is_in_memory(const std::string& directory);

/// Whether `directory` has or had a journal: then its key must exist too.
bool has_journal(const std::string& directory);

/// The path of a journal's second watermark: beside its key; empty where the key lies in the journal's
/// directory.
std::string outside_watermark(const std::string& directory, const std::string& key_file);

}  // namespace store
