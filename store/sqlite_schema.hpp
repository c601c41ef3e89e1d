// The tables of the journal's database. For store/ alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "store/sqlite.hpp"

namespace store {

/// What the table meta says of the format. A journal of the older one is read; from then on it has the newer
/// one, which the programs that wrote the older one refuse.
inline constexpr const char *newer_format = "2", *older_format = "1";

/// Makes the tables of a new journal. False where the database refuses.
bool make_tables(database& db);

/// Makes the tables of an older journal into those of a new one, with all that they hold. False where the
/// database refuses. In a transaction of the caller.
bool renew_tables(database& db);

/// The highest sequence that was ever given to a record, deleted ones included; nothing where the database
/// refuses. `format`: what meta says.
std::optional<std::uint64_t> highest_given(const database& db, const std::string& format);

}  // namespace store
