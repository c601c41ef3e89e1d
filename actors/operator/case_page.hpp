// A page of open cases as JSON, cards masked. Pure.
#pragma once

#include <string>

#include "actors/core/environment.hpp"
#include "actors/operator/case_filter.hpp"
#include "actors/protocol/journal.hpp"

namespace actors {

/// {"cases": [...], "next": 17}, one line: those of the page that match; `next` is the `after` of the next
/// page. `now`: CAF's clock.
std::string case_page_text(const cases_page& page, const case_filter& filter, const environment& env,
                           time_point now);

}  // namespace actors
