// The open cases that other actors may act on.
#pragma once

#include <set>
#include <vector>

#include "actors/journal/book.hpp"
#include "actors/protocol/journal.hpp"

namespace actors {

/// Without those in `unwritten`: the supervisor gets them by `open_case` when they are durable.
std::vector<transaction> durable_ones(std::vector<transaction> cases,
                                      const std::set<transaction_id>& unwritten);

/// The page of them behind `after`.
cases_page durable_page(const book& pages, transaction_id after, const std::set<transaction_id>& unwritten);

}  // namespace actors
