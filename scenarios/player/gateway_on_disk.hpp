// A gateway, one life after the other, on one disk: what dies with a process, and what does not.
#pragma once

#include <caf/all.hpp>

#include <functional>
#include <memory>
#include <string>

#include "actors/core/environment.hpp"
#include "actors/program/parts.hpp"
#include "scenarios/player/memory_journal.hpp"
#include "scenarios/player/memory_link.hpp"
#include "scenarios/player/virtual_time.hpp"

namespace player {

/// What every life of the gateway finds.
struct surroundings {
  config::settings settings;
  codec::dialect dialect;
  std::uint64_t seed = 1;
  std::function<std::chrono::local_seconds()> local_time;
  std::function<void(const net::link_events&)> take_call;  ///< at the host
  std::function<void()>
    cut;  ///< the gateway's process has died: whoever has a line to it but through its doors cuts it
};

/// It must outlive the actors of `world`: the dying still use it.
class gateway_on_disk {
public:
  gateway_on_disk(virtual_time& world, surroundings s);
  ~gateway_on_disk();
  gateway_on_disk(const gateway_on_disk&) = delete;
  gateway_on_disk& operator=(const gateway_on_disk&) = delete;

  /// A new life, which has not done anything yet. Where the journal does not let it begin, `refused` tells
  /// why and it has ended.
  void start();
  /// Told to end; it `has_ended` when it is done.
  void drain();
  /// Dies without farewell, or with its machine. What it was still doing is not seen by anyone when its
  /// actors die, next.
  void kill();
  void lose_power();

  bool has_ended() const { return life_.ended; }
  const std::string& refused() const { return refused_; }
  const actors::gateway_actor& root() const { return life_.gateway; }
  memory_listener& listener() { return *life_.listener; }
  memory_listener& http_listener() { return *life_.http_listener; }
  memory_listener& control_listener() { return *life_.control_listener; }
  memory_disk& disk() { return journal_.disk(); }
  /// Actors of the disk, which outlive the gateway's.
  std::size_t actors_of_disk() const { return journal_.actors(); }
  const std::shared_ptr<std::mt19937_64>& random_source() { return dice_; }
  /// Its kernel goes on while its process stands still.
  const machine_ptr& its_machine() const { return machine_; }
  actors::environment_ptr environment_of(const config::settings& s);

  /// What a start would find now, replayed; an error where it would be refused.
  std::variant<std::shared_ptr<actors::book>, std::string> replayed() const {
    return journal_.replayed(around_.dialect, world_.now());
  }

private:
  // One life, from its start to its end or death. What outlives it is a member of the whole.
  struct life {
    explicit life(machine_ptr home)
      : listener(std::make_shared<memory_listener>("client", home)),
        http_listener(std::make_shared<memory_listener>("client", home)),
        control_listener(std::make_shared<memory_listener>("operator", home)) {}
    std::shared_ptr<memory_listener> listener, http_listener, control_listener;
    std::shared_ptr<bool> dead = std::make_shared<bool>(false);  ///< nothing it does is seen any more
    actors::gateway_actor gateway;
    bool ended = false;  ///< drained, or killed
  };

  actors::journal_parts open_journal(const actors::environment_ptr& env);
  /// From now on nobody hears of this life, and it hears of nobody.
  void cut_off(bool with_machine = false);

  virtual_time& world_;
  surroundings around_;
  std::shared_ptr<std::mt19937_64> dice_;
  memory_journal journal_;
  std::string refused_;
  machine_ptr machine_ = std::make_shared<machine>();
  life life_{machine_};
};

}  // namespace player
