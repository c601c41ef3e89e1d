// Keeps the journal's records in a directory: a SQLite database and a few files beside it.
//
//   journal.db   the records, the keys by which transactions are found, and the sealed cards; while in use,
//                journal.db-wal beside it
//   lock         locked by the process that uses the directory
//   watermark    the highest acknowledged sequence
//   acknowledged.57   the same as a file name: restoring older files over these does not change it
//   reserve      room that is released when the disk is nearly full
//
// The files and the directory must belong to this process's user, be writable by no other user, and not be
// symbolic links.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "store/journal_store.hpp"

namespace store {

struct opened {
  std::unique_ptr<journal_store> store;
  contents what;
  std::vector<std::string> notes;  ///< for the operator, a sentence each
};

/// Opens the journal in `directory` for this process alone, makes one where there is none, and verifies every
/// byte of it. A journal that is damaged, or was written with another key, in another place or by another
/// program, is refused with a sentence and not changed.
///
/// `adopt`: accept a journal that was copied or restored, or that lacks its last records, as this directory's
/// own. `outside`: the path of a second watermark on another disk, which alone detects that the journal's
/// whole disk was set back; empty: none. `key_of`: returns the key by which the transaction of a record is
/// found, empty where it has none; used for records that an earlier version wrote. `key_file`: its key, which
/// `room` looks for; empty: it does not.
std::variant<opened, std::string> open_sqlite(const std::string& directory, const std::string& key_id,
                                              bool adopt, const std::string& outside = "",
                                              std::function<std::string(const record&)> key_of = {},
                                              std::string key_file = "");

/// Why `open_sqlite` would refuse the journal in `directory`, which exists; empty: it would not. Verifies it
/// as that does, and changes and makes nothing.
std::string fault_of_sqlite(const std::string& directory, const std::string& key_id, bool adopt,
                            const std::string& outside);

}  // namespace store
