// The open journal in SQLite, and the files beside it. For store/ alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/files.hpp"
#include "store/journal_files.hpp"
#include "store/journal_store.hpp"
#include "store/key_file.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_batches.hpp"

namespace store {

/// The files beside the database: how far it was acknowledged, and whether all files are in place.
struct side_files {
  file_descriptor lock = {};
  watermark inside;
  std::optional<watermark> outside;  ///< where the key lies in another directory
  mark name;
  key_file key;
  watch files = {};

  std::string advance(std::uint64_t value) {
    auto problem = inside.advance(value);
    if (problem.empty() && outside)
      problem = outside->advance(value);
    return problem.empty() ? name.advance(value) : problem;
  }
};

/// Adds the keys that `key_of` finds in `records` and the table lacks: an earlier program, which knows of no
/// keys, may have used the journal in between. False where the database refuses.
bool fill_keys(database& db, const std::vector<record>& records,
               const std::function<std::string(const record&)>& key_of);

/// The open and verified journal in `directory`, whose last record has the sequence `last` and whose tables
/// hold what `index` says; null where the database lacks a table or a column.
std::unique_ptr<journal_store> use_sqlite_journal(std::string directory, side_files beside,
                                                  std::unique_ptr<database> db, std::uint64_t last,
                                                  batch_index index);

}  // namespace store
