// The journal's records in a directory on disk: a SQLite database and a few files beside it.
//
//   journal.db   the records, the keys by which transactions are found, and the sealed cards; while in use,
//                journal.db-wal beside it
//   lock         held by the process that uses it
//   watermark    how far it was acknowledged
//   acknowledged.57   the same, as a name: putting older files back over these does not change it
//   reserve      room given back when the disk runs full
//
// They must be files of this process's user that nobody else may change, and no links, in a directory of
// which that is true.
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
  std::vector<std::string> notes;  ///< what the operator should know, a sentence each
};

/// Takes the journal of `directory` for this process alone, makes one where there is none, and verifies every
/// byte of it: what is not as it was written, or not for this key, this place or this program, is refused in
/// a sentence and left as it is. `adopt`: a journal that was copied or restored, or that lacks its last
/// records, is this directory's own from now on. `outside`: a second watermark, in another place; empty:
/// none. A disk that was set back as a whole shows by it alone. `key_of`: the key by which the purchase of a
/// record is found, empty where it has none; for purchases that an earlier program wrote.
std::variant<opened, std::string> open_sqlite(const std::string& directory, const std::string& key_id,
                                              bool adopt, const std::string& outside = "",
                                              std::function<std::string(const record&)> key_of = {});

}  // namespace store
