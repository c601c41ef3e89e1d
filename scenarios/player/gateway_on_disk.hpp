// Gateway processes, one after the other, on one disk: what ends with a process, and what survives it.
#pragma once

#include <caf/all.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/core/environment.hpp"
#include "actors/program/parts.hpp"
#include "scenarios/player/memory_journal.hpp"
#include "scenarios/player/memory_link.hpp"
#include "scenarios/player/virtual_time.hpp"

namespace player {

/// What every process of the gateway starts with.
struct gateway_setup {
  config::settings settings;
  codec::dialect dialect;
  std::uint64_t seed = 1;
  std::function<std::chrono::local_seconds()> local_time;
  /// The gateway dials its host, over the link of this name; without a list of links it has none.
  std::function<void(const net::link_events&, const std::string& link)> accept_dial;
  std::function<void()>
    on_stop;  ///< called when the process has stopped: reset every link that did not come through a listener
  std::optional<actors::upstreams> upstreams = {};  ///< those of a list of links
};

/// Must be destroyed after the actors of `world`, because stopping actors still use it.
class gateway_on_disk {
public:
  gateway_on_disk(virtual_time& world, gateway_setup s);
  ~gateway_on_disk();
  gateway_on_disk(const gateway_on_disk&) = delete;
  gateway_on_disk& operator=(const gateway_on_disk&) = delete;

  /// Starts a new process, whose actors have not run yet. Where the journal refuses the start, `refused` has
  /// the reason and `has_ended` is true.
  void start();
  /// Sends the order to end, like TERM; `has_ended` is true when the gateway has drained.
  void drain();
  /// Kills the process, or switches its machine off. What its actors still do while they are stopped has no
  /// effect.
  void kill();
  void lose_power();

  bool has_ended() const { return process_.ended; }
  const std::string& refused() const { return refused_; }
  const actors::gateway_actor& root() const { return process_.gateway; }
  memory_listener& listener() { return *process_.listener; }
  memory_listener& http_listener() { return *process_.http_listener; }
  memory_listener& control_listener() { return *process_.control_listener; }
  memory_disk& disk() { return journal_.disk(); }
  /// How many actors belong to the disk; they survive the gateway's.
  std::size_t actors_of_disk() const { return journal_.actors(); }
  const std::shared_ptr<std::mt19937_64>& random_source() { return random_source_; }
  /// The machine's kernel goes on while its process is suspended.
  const machine_ptr& its_machine() const { return machine_; }
  actors::environment_ptr environment_of(const config::settings& s);

  /// The book that a start would replay now; an error where the start would be refused.
  std::variant<std::shared_ptr<actors::book>, std::string> replayed() const {
    const auto dialect = std::make_shared<const codec::dialect>(setup_.dialect);
    return journal_.replayed(setup_.upstreams ? *setup_.upstreams : actors::upstreams::only(dialect),
                             world_.now());
  }

private:
  // One process, from its start to its end. What survives it is a member of gateway_on_disk.
  struct process {
    explicit process(machine_ptr home)
      : listener(std::make_shared<memory_listener>("client", home)),
        http_listener(std::make_shared<memory_listener>("client", home)),
        control_listener(std::make_shared<memory_listener>("operator", home)) {}
    std::shared_ptr<memory_listener> listener, http_listener, control_listener;
    std::shared_ptr<bool> stopped =
      std::make_shared<bool>(false);  ///< nothing that its actors do has an effect any more
    actors::gateway_actor gateway;
    bool ended = false;  ///< drained, or killed
  };

  actors::journal_parts open_journal(const actors::environment_ptr& env);
  /// Stops the process and disconnects it; `with_machine`: like a power failure.
  void stop_process(bool with_machine = false);

  virtual_time& world_;
  gateway_setup setup_;
  std::shared_ptr<std::mt19937_64> random_source_;
  memory_journal journal_;
  std::string refused_;
  machine_ptr machine_ = std::make_shared<machine>();
  process process_{machine_};
};

}  // namespace player
