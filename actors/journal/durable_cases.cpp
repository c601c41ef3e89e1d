#include "actors/journal/durable_cases.hpp"

#include <utility>

namespace actors {

std::vector<transaction> durable_ones(std::vector<transaction> cases,
                                      const std::set<transaction_id>& unwritten) {
  std::erase_if(cases, [&](const transaction& t) { return unwritten.contains(t.id); });
  return cases;
}

cases_page durable_page(const book& pages, transaction_id after, const std::set<transaction_id>& unwritten) {
  cases_page page{pages.cases_after(after, cases_page_max)};
  if (page.cases.size() == cases_page_max)
    page.next = page.cases.back().id;
  page.cases = durable_ones(std::move(page.cases), unwritten);
  return page;
}

}  // namespace actors
