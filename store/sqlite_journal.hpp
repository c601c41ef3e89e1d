// The open journal in SQLite, the format of its rows, and the files beside it. For store/ alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/files.hpp"
#include "store/journal_files.hpp"
#include "store/journal_store.hpp"
#include "store/key_file.hpp"
#include "store/sqlite.hpp"

namespace store {

/// Whether they are as they were written, by what their column check_value holds.
bool is_intact(const record& r, std::uint64_t check);
bool is_intact_card(std::uint64_t transaction, std::string_view sealed, std::uint64_t check);

/// Reads a row with the columns sequence, purchase, kind and content.
record record_in(const statement& row);

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

/// The open and verified journal in `directory`, whose last record has the sequence `last`; null where the
/// database lacks a table or a column.
std::unique_ptr<journal_store> use_sqlite_journal(std::string directory, side_files beside,
                                                  std::unique_ptr<database> db, std::uint64_t last);

}  // namespace store
