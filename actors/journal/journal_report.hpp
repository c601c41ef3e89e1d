// What the statistics are told about the journal.
#pragma once

#include "actors/journal/book.hpp"
#include "actors/protocol/metrics.hpp"

namespace actors {

journal_report report_on(const book& pages, std::size_t blocked_terminals, bool has_room, time_point now);

}  // namespace actors
