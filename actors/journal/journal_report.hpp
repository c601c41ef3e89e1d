// What the statistics and the log are told about the journal.
#pragma once

#include "actors/journal/book.hpp"
#include "actors/protocol/metrics.hpp"
#include "store/journal_store.hpp"

namespace actors {

journal_report report_on(const book& pages, std::size_t blocked_terminals, const store::journal_room& room,
                         time_point now);

/// What became of a transaction that is to be reversed, behind this decision about it.
case_changed change_of(const transaction& t, const decision& d, const codec::dialect& dialect);

/// Logs that a transaction is to be reversed, and why. `waits`: for an operator.
void log_due(const transaction& t, bool waits);

/// Logs that a request is refused for its TID and STAN, which are those of `other`.
void log_stan_in_use(const decision& intent, const transaction& other);

/// Logs that the host approves what had ended otherwise, or declines what it has approved.
void log_reopened(const transaction& t, const codec::message& approval);
void log_contradiction(const transaction& t, const codec::message& decline);

}  // namespace actors
