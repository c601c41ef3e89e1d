// Which link of a group gets the next request. No actor, no clock.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "actors/protocol/submit.hpp"
#include "config/settings.hpp"

namespace actors {

class link_choice {
public:
  explicit link_choice(config::link_order order = {}, std::chrono::seconds back = {})
    : order_(order), back_(back) {}

  /// A link behind those that are there.
  void add(std::string link);
  void remove(const std::string& link);

  /// Puts the links into the order of these names.
  void arrange(const std::vector<std::string>& links);

  void learn(const link_state& s, time_point now);

  /// The actor of a link has stopped.
  void lose(const std::string& link, time_point now);

  /// The link for the next request: of those that were up for long enough, else of all that can send. Nothing
  /// where none can.
  std::optional<std::string> next(time_point now);

  void sent(const std::string& link) { ++find(link)->pending; }
  void ended(const std::string& link);

  /// Whether requests can be sent; else whether one of the hosts refuses them.
  bool is_up() const;
  bool is_refused() const;

private:
  struct choice {
    std::string name;
    bool is_ready = false, refuses = false;
    bool was_lost = false;  // after it was ready once
    time_point ready_since{};
    std::size_t pending = 0;
  };

  choice* find(const std::string& link);
  bool is_back(const choice& c, time_point now) const {
    return c.is_ready && (!c.was_lost || now - c.ready_since >= back_);
  }

  config::link_order order_;
  std::chrono::seconds back_;
  std::vector<choice> all_;
  std::size_t last_ = 0;  // in_turn: the index behind the last one
};

}  // namespace actors
