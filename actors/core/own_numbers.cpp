#include "actors/core/own_numbers.hpp"

namespace actors {

std::uint64_t own_numbers::next_stan(const std::string& upstream,
                                     const std::function<std::uint64_t()>& random) {
  auto& given = all_[upstream].given;
  given = given ? *given + 1 : random() % stan_max + 1;
  return (*given - 1) % stan_max + 1;
}

void own_numbers::go_on_behind(const std::string& upstream, std::uint64_t until) {
  all_[upstream] = {until, until};
}

std::vector<own_numbers::reservation> own_numbers::take_due() {
  std::vector<reservation> due;
  for (auto& [upstream, c] : all_) {
    // Behind an earlier process's numbers nothing is due before one is given.
    if (!c.given || *c.given == c.reserved || c.reserved >= *c.given + reserved_at_once / 2)
      continue;
    c.reserved = *c.given + reserved_at_once;
    due.push_back({upstream, c.reserved});
  }
  return due;
}

}  // namespace actors
