// Counts the failures of each child and computes the pause before its restart. Its owner starts the timer.

#include "actors/core/supervisor.hpp"

#include <algorithm>

namespace actors {

void supervisor::keep(std::string name, std::function<caf::actor()> start) {
  children_.push_back({std::move(name), std::move(start), nullptr, {}});
  launch(children_.back());
}

void supervisor::release(const std::string& name) {
  std::erase_if(children_, [&name](const child& c) { return c.name == name; });
}

std::optional<supervisor::failure> supervisor::child_failed(const caf::actor_addr& who,
                                                            caf::actor_clock::time_point now) {
  const auto it =
    std::ranges::find_if(children_, [&who](const child& c) { return c.handle && c.handle.address() == who; });
  if (it == children_.end())
    return {};
  it->handle = nullptr;
  auto& failures = it->failures;
  failures.push_back(now);
  while (now - failures.front() > window)
    failures.pop_front();
  if (failures.size() > failures_max)
    return failure{it->name, {}};
  return failure{it->name, std::min(wait_max, wait_min * (1 << (failures.size() - 1)))};
}

void supervisor::restart(const std::string& name) {
  const auto it = std::ranges::find(children_, name, &child::name);
  if (it != children_.end() && !it->handle)
    launch(*it);
}

bool supervisor::has(const std::string& name) const {
  return std::ranges::find(children_, name, &child::name) != children_.end();
}

caf::actor supervisor::find(const std::string& name) const {
  const auto it = std::ranges::find(children_, name, &child::name);
  return it == children_.end() ? nullptr : it->handle;
}

void supervisor::launch(child& c) {
  c.handle = c.start();
  monitor_(c.handle);
}

}  // namespace actors
