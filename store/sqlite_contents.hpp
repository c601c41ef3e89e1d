// Reads all that the journal's database holds, in the newest format and in older ones, which it renews. For
// store/ alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite.hpp"
#include "store/sqlite_batches.hpp"
#include "store/verification.hpp"

namespace store {

struct sqlite_contents {
  found records = {};  ///< a batch that is damaged counts as its first record
  std::map<std::uint64_t, std::string> cards = {};
  batch_index index = {};    ///< of the newest format
  bool has_damaged = false;  ///< the same: a batch is damaged
  std::string fault = {};    ///< what is wrong with it, to stand behind its name: "is damaged: ..."
};

/// False where the database refuses. `format`: that of sqlite_schema.
bool read_contents(const database& db, std::string_view format, sqlite_contents& into);

/// Makes a journal of an older format, which holds this, one of the newest, in a transaction of the caller.
/// `highest`: the sequence that was given last. Nothing where the database refuses.
std::optional<batch_index> renew_contents(database& db, const std::vector<record>& records,
                                          const std::map<std::uint64_t, std::string>& cards,
                                          std::uint64_t highest);

}  // namespace store
