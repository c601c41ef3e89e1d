// Restarts the actors of a parent that fail.
//
// A failed child is started again after a pause, which doubles with each failure. If a child fails too often
// in a short time, the supervisor does not restart it; the owner decides.
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
  static constexpr caf::timespan window = std::chrono::minutes(3);  // longer than ten pauses together
  static constexpr std::size_t failures_max = 10;                   ///< within `window`

  /// `monitor` makes the owner monitor a new child.
  explicit supervisor(std::function<void(const caf::actor&)> monitor) : monitor_(std::move(monitor)) {}

  /// Starts a child. `start` is called again for each restart.
  void keep(std::string name, std::function<caf::actor()> start);

  /// It is no child any more; it goes on running.
  void release(const std::string& name);

  struct failure {
    std::string name;
    std::optional<caf::timespan> wait;  ///< the pause before `restart`; nothing: it has failed too often
  };

  /// The failed child; nothing if `who` is no child.
  std::optional<failure> child_failed(const caf::actor_addr& who, caf::actor_clock::time_point now);

  void restart(const std::string& name);

  /// nullptr while it is stopped, or if there is no such child.
  caf::actor find(const std::string& name) const;

  struct child {
    std::string name;
    std::function<caf::actor()> start;
    caf::actor handle;
    std::deque<caf::actor_clock::time_point> failures;
  };

  bool has(const std::string& name) const;

  /// In the order of their first start.
  const std::vector<child>& children() const { return children_; }

private:
  void launch(child& c);

  std::function<void(const caf::actor&)> monitor_;
  std::vector<child> children_;
};

}  // namespace actors
