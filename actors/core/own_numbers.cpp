#include "actors/core/own_numbers.hpp"

namespace actors {

std::uint64_t own_numbers::next_stan(const std::string& upstream,
                                     const std::function<std::uint64_t()>& random) {
  return next(upstream, stan_max, random);
}

std::uint64_t own_numbers::next_rrn(const std::string& upstream, std::uint64_t most,
                                    const std::function<std::uint64_t()>& random) {
  const auto name = rrns_of(upstream);
  all_[name].at_once = rrns_at_once;
  return next(name, most, random);
}

std::uint64_t own_numbers::next(const std::string& name, std::uint64_t most,
                                const std::function<std::uint64_t()>& random) {
  auto& given = all_[name].given;
  given = given ? *given + 1 : random() % most + 1;
  return (*given - 1) % most + 1;
}

void own_numbers::go_on_behind(const std::string& upstream, std::uint64_t until) {
  auto& c = all_[upstream];
  c.given = c.reserved = until;
}

std::vector<own_numbers::reservation> own_numbers::take_due() {
  std::vector<reservation> due;
  for (auto& [upstream, c] : all_) {
    // Behind an earlier process's numbers nothing is due before one is given.
    if (!c.given || *c.given == c.reserved || c.reserved >= *c.given + c.at_once / 2)
      continue;
    c.reserved = *c.given + c.at_once;
    due.push_back({upstream, c.reserved});
  }
  return due;
}

}  // namespace actors
