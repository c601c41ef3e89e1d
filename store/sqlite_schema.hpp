// The tables of the journal's database. For store/ alone.
#pragma once

#include <string_view>

#include "store/sqlite.hpp"

namespace store {

/// What the table meta says of the format. A journal of an older one is read; from then on it has the newest
/// one, which the programs that wrote the older ones refuse. "2" has a row for each record, "1" also an index
/// of them.
inline constexpr std::string_view newest_format = "3", row_each_format = "2", oldest_format = "1";

/// Makes the tables of a new journal. False where the database refuses.
bool make_tables(database& db);

/// Makes empty tables of the newest format in the place of those of an older one, whose records and cards are
/// deleted. In a transaction of the caller. False where the database refuses.
bool renew_tables(database& db);

}  // namespace store
