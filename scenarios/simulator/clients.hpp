// The clients: terminals that buy, ask again, undo, leave and do not read, as the dice fall.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "scenarios/player/gateway_on_disk.hpp"
#include "scenarios/simulator/world.hpp"

namespace simulator {

class clients {
public:
  clients(world& w, player::gateway_on_disk& gateway);
  clients(const clients&) = delete;
  clients& operator=(const clients&) = delete;

  /// Some terminal begins a purchase now.
  void buy();

  /// Hears what has come since. True where anything has.
  bool listen();

  /// Nobody waits for anything.
  bool are_done() const { return talks_.empty(); }

  /// Everybody who can asks once more what became of it.
  void ask_again();

private:
  enum class wish : std::uint8_t { purchase, own_reversal, inquiry, confirmation };

  struct asked {
    truth* about;
    wish what;
    time_point at;
  };

  // One connection.
  struct talk {
    player::connection_ptr line;
    tongue how;
    std::deque<asked> open;
    std::size_t heard = 0;
    std::string unread = {};
    bool reads = true;
    bool dawdled = false;  ///< it did not read for a while
    bool left = false;
  };
  using talk_ptr = std::shared_ptr<talk>;

  void fill_in(truth& t);
  talk_ptr enter(tongue how);
  void ask(truth& t, wish what);
  void say(const talk_ptr& c, const std::string& bytes);
  void behave(const talk_ptr& c);
  void leave(const talk_ptr& c);
  void plan_more(truth& t);
  std::string http(const truth& t, wish what) const;

  bool listen_to(talk& c);
  bool take_message(talk& c);
  bool take_reply(talk& c);
  void heard_raw(talk& c, const codec::message& m);
  void heard_http(const asked& a, int status, const std::string& body);
  void heard_yes(truth& t, wish what);
  void punctual(const talk& c, const asked& a);
  void closed(talk& c);
  void depart(talk& c);
  bool by_key(const truth& t) const { return !t.key.empty(); }

  world& world_;
  player::gateway_on_disk& gateway_;
  std::vector<std::string> terminals_;
  std::vector<int> stans_;  // of each terminal, the last
  std::vector<talk_ptr> talks_;
};

} // namespace simulator
