// The clients: terminals that buy, say the same again, undo, leave, do not read and are cut off, as the dice
// fall; and strangers who ask for what is not theirs.
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
  enum class question : std::uint8_t { purchase, own_reversal, inquiry, confirmation };

  struct asked {
    ledger_entry* about;
    asker* who;  // none of an own reversal
    question what;
    time_point at;
    milliseconds stood_still;  // the gateway, until then
  };

  // One connection.
  struct conversation {
    player::connection_ptr line;
    client_protocol how;
    std::deque<asked> open = {};
    std::size_t heard = 0;
    std::string unread = {};
    std::string tail = {};       // an answer was taken for whole, and this may still come behind it
    std::uint64_t position = 0;  // of what is not in `unread` any more
    bool stays = false;          // for further questions
    bool dawdled = false;        // it did not read for a while, or its network is slow
    bool stranger = false;       // nothing that it is told reaches who it concerns
    bool left = false;
  };
  using conversation_ptr = std::shared_ptr<conversation>;

  void fill_in(ledger_entry& t);
  void choose_delivery(asker& a);
  asker& new_asker(ledger_entry& t, bool same_way);
  conversation_ptr enter(client_protocol how);
  conversation_ptr find_open(client_protocol how);
  void ask(ledger_entry& t, asker* who, question what, bool once_more = false);
  void say(const conversation_ptr& c, const std::string& bytes);
  void behave(const conversation_ptr& c);
  void reads_slowly(const conversation_ptr& c);
  void is_cut_off(const conversation_ptr& c);
  void leave(const conversation_ptr& c);
  void plan_more(ledger_entry& t, asker& a);
  void plan_strangers(ledger_entry& t, asker& a);
  void ask_as_stranger(const ledger_entry& t, const asker& a);
  std::string http(const ledger_entry& t, const asker& a, question what) const;

  bool listen_to(conversation& c);
  bool take_message(conversation& c);
  bool take_reply(conversation& c);
  void heard_raw(conversation& c, const codec::message& m, std::uint64_t end);
  void heard_http(const conversation& c, const asked& a, int status, const std::string& body,
                  std::uint64_t end);
  void heard_yes(const conversation& c, const asked& a, std::uint64_t end);
  void punctual(const conversation& c, const asked& a);
  void closed(conversation& c);
  void depart(conversation& c);

  world& world_;
  player::gateway_on_disk& gateway_;
  std::vector<std::string> terminals_;
  std::vector<int> stans_;  // of each terminal, the last
  std::vector<conversation_ptr> talks_;
};

}  // namespace simulator
