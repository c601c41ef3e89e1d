// Restarts actors that die: the part of an actor that keeps others alive.
//
// A child that dies is started again after a pause, which doubles with each death. One that dies too often in
// too short a time is beyond restarting, and that is for the owner of the supervisor to decide.
#pragma once

#include <caf/all.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace actors {

class supervisor {
public:
  static constexpr caf::timespan wait_min = std::chrono::milliseconds(100);
  static constexpr caf::timespan wait_max = std::chrono::seconds(30);
  static constexpr caf::timespan window = std::chrono::minutes(3);  // longer than ten pauses take
  static constexpr std::size_t deaths_max = 10;                     ///< within `window`

  /// `monitor` watches a new child for the keeper.
  explicit supervisor(std::function<void(const caf::actor&)> monitor) : monitor_(std::move(monitor)) {}

  /// Starts a child and remembers how. `start` may be called many times.
  void keep(std::string name, std::function<caf::actor()> start);

  struct death {
    std::string name;
    std::optional<caf::timespan> wait;  ///< until `restart`; none where it has died too often
  };

  /// Nothing where the dead was no child of ours.
  std::optional<death> died(const caf::actor_addr& who, caf::actor_clock::time_point now);

  void restart(const std::string& name);

  /// None while it is dead, or where there is no such child.
  caf::actor find(const std::string& name) const;

  struct child {
    std::string name;
    std::function<caf::actor()> start;
    caf::actor handle;
    std::deque<caf::actor_clock::time_point> deaths;
  };

  /// In the order of their first start.
  const std::vector<child>& children() const { return children_; }

private:
  void launch(child& c);

  std::function<void(const caf::actor&)> monitor_;
  std::vector<child> children_;
};

}  // namespace actors
