// Reads the records of older programs: a line of JSON each. No actor.
#pragma once

#include <string_view>

#include "actors/journal/journal_records.hpp"

namespace actors {

/// Whether a record's content, or a card's, has the older form.
inline bool is_older_form(std::string_view content) { return content.starts_with('{'); }

/// As `read_record`.
journal_record read_older_record(const store::record& r, const store::sealer& sealer);

/// The fields of a sealed card, in clear.
codec::message read_older_card(std::string_view clear);

/// As `key_of`; throws where it cannot be read.
std::string key_of_older_record(const store::record& r, const store::sealer& sealer);

}  // namespace actors
