// A journal on a disk in memory. An actor delivers the disk's results, because they come later than the call.

#include "scenarios/player/memory_journal.hpp"

#include <functional>

#include "actors/core/timeouts.hpp"
#include "actors/journal/journal_records.hpp"

namespace player {

struct later {
  std::function<void()> what;
};

}  // namespace player

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(player::later)

namespace player {

namespace {

struct disk_actor_state {
  static inline const char* name = "disk";
};

caf::behavior disk_actor(caf::stateful_actor<disk_actor_state>*) {
  return {[](const later& l) { l.what(); }};
}

}  // namespace

memory_journal::memory_journal() {
  store::sealer::key key{};
  key.fill(7);
  sealer_ = std::make_shared<const store::sealer>(key);
}

std::variant<actors::journal_parts, std::string> memory_journal::open(virtual_time& world,
                                                                      const actors::environment_ptr& env) {
  auto found = replayed(env->upstreams, world.now(), env->remembered_max);
  if (auto* why = std::get_if<std::string>(&found))
    return std::move(*why);
  auto pages = std::get<std::shared_ptr<actors::book>>(std::move(found));
  pages->finish_replay(world.now());
  *env->last_transaction = pages->last_id();
  if (!disk_actor_)
    disk_actor_ = world.own(caf::actor(world.system.spawn(disk_actor))).address();
  auto writer = std::make_shared<memory_writer>(
    disk_, [to = caf::actor_cast<caf::actor>(disk_actor_)](std::function<void()> f) {
      caf::anon_send(to, later{std::move(f)});
    });
  return actors::journal_parts{std::move(pages), std::move(writer), sealer_};
}

std::variant<std::shared_ptr<actors::book>, std::string> memory_journal::replayed(
  const actors::upstreams& hosts, actors::time_point now, std::size_t remembered_max) const {
  auto kept = disk_->start();
  if (auto* why = std::get_if<std::string>(&kept))
    return std::move(*why);
  auto pages = std::make_shared<actors::book>(hosts, remembered_max);
  if (auto why = actors::replay(*pages, std::get<store::contents>(kept), *sealer_, now); !why.empty())
    return why;
  return pages;
}

}  // namespace player
