#include "actors/upstream/link_choice.hpp"

#include <algorithm>

namespace actors {

using config::link_order;

link_choice::choice* link_choice::find(const std::string& link) {
  const auto it = std::ranges::find(all_, link, &choice::name);
  return it == all_.end() ? nullptr : &*it;
}

void link_choice::add(std::string link) {
  all_.push_back({});
  all_.back().name = std::move(link);
}

void link_choice::remove(const std::string& link) {
  std::erase_if(all_, [&](const choice& c) { return c.name == link; });
}

void link_choice::arrange(const std::vector<std::string>& links) {
  std::ranges::sort(all_, {},
                    [&](const choice& c) { return std::ranges::find(links, c.name) - links.begin(); });
}

void link_choice::learn(const link_state& s, time_point now) {
  auto* c = find(s.link);
  if (!c)
    return;
  if (s.is_ready && !c->is_ready)
    c->ready_since = now;
  c->was_lost = c->was_lost || (c->is_ready && !s.is_ready);
  c->is_ready = s.is_ready;
  c->refuses = s.refuses;
}

void link_choice::lose(const std::string& link, time_point now) { learn({link, false}, now); }

std::optional<std::string> link_choice::next(time_point now) {
  std::vector<choice*> able;
  // In turn: those behind the last one come first.
  for (std::size_t i = 0; i < all_.size(); ++i)
    if (auto& c = all_[order_ == link_order::in_turn ? (last_ + i) % all_.size() : i]; c.is_ready)
      able.push_back(&c);
  if (able.empty())
    return {};
  // One that was lost and has just come back is used only where there is no other.
  std::ranges::stable_partition(able, [&](const choice* c) { return is_back(*c, now); });
  const auto best = is_back(*able.front(), now);
  std::erase_if(able, [&](const choice* c) { return is_back(*c, now) != best; });
  const auto* chosen = order_ == link_order::least_pending
                         ? *std::ranges::min_element(able, {}, [](const choice* c) { return c->pending; })
                         : able.front();
  last_ = static_cast<std::size_t>(chosen - all_.data()) + 1;
  return chosen->name;
}

void link_choice::ended(const std::string& link) {
  if (auto* c = find(link); c && c->pending > 0)
    --c->pending;
}

bool link_choice::is_up() const { return std::ranges::any_of(all_, &choice::is_ready); }

bool link_choice::is_refused() const { return !is_up() && std::ranges::any_of(all_, &choice::refuses); }

}  // namespace actors
