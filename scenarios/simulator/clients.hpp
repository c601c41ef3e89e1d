// Simulated clients, at random: terminals that pay, repeat, reverse, disconnect, do not read and are cut off;
// and strangers that ask for transactions of others.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "scenarios/player/gateway_on_disk.hpp"
#include "scenarios/simulator/world.hpp"

namespace simulator {

/// A purchase as terminals send it, with a card at random.
codec::message usual(const ledger_entry& t, random_source& random);

class clients {
public:
  clients(world& w, player::gateway_on_disk& gateway);
  clients(const clients&) = delete;
  clients& operator=(const clients&) = delete;

  /// A random terminal begins a purchase.
  void buy();

  /// Handles what has arrived since. True where anything has.
  bool receive();

  /// Whether no client waits for a response.
  bool are_done() const { return conversations_.empty(); }

  /// Every client that can ask again does so once.
  void ask_again();

  /// In some worlds clients inquire with the terminal and STAN of purchases that were reversed or declined,
  /// and the bank approves those when it answers.
  void meet_late_approvals();

private:
  enum class question : std::uint8_t { purchase, own_reversal, inquiry, confirmation, balance };

  struct asked {
    ledger_entry* about;
    requester* who;  // none for a client's own reversal, and for a balance
    question what;
    time_point at;
    milliseconds stood_still;  // how long the gateway's process had been suspended until then
    own_reversal* reversal = nullptr;
  };

  // One connection.
  struct conversation {
    player::connection_ptr line;
    client_protocol how;
    std::deque<asked> open = {};
    std::size_t received = 0;
    std::string unread = {};
    std::string tail = {};       // may still follow a response that was taken as complete
    std::uint64_t position = 0;  // stream offset behind the bytes taken from `unread`
    bool stays = false;          // for further requests
    bool read_slowly = false;    // it stopped reading for a while, or its network is slow
    bool stranger = false;       // what it receives does not reach the transaction's own client
    bool left = false;
  };
  using conversation_ptr = std::shared_ptr<conversation>;

  void fill_in(ledger_entry& t);
  void choose_delivery(requester& a);
  requester& new_requester(ledger_entry& t, bool same_way);
  conversation_ptr enter(client_protocol how);
  conversation_ptr find_open(client_protocol how);
  void ask(ledger_entry& t, requester* who, question what, bool once_more = false);
  void send_bytes(const conversation_ptr& c, const std::string& bytes);
  void behave(const conversation_ptr& c);
  void reads_slowly(const conversation_ptr& c);
  void is_cut_off(const conversation_ptr& c);
  void leave(const conversation_ptr& c);
  void begin(ledger_entry& t, requester& a);
  void plan_more(ledger_entry& t, requester& a);
  void plan_doubts(ledger_entry& t);
  void plan_parts(ledger_entry& t);
  void reverse(ledger_entry& t, std::uint64_t part = 0);
  std::string reversal_of(const ledger_entry& t, const own_reversal& r) const;
  std::string balance_inquiry_of(const ledger_entry& t) const;
  void plan_strangers(ledger_entry& t, requester& a);
  void ask_as_stranger(const ledger_entry& t, const requester& a);
  std::string raw_confirmation(const ledger_entry& t) const;
  std::string http(const ledger_entry& t, const requester& a, question what) const;

  bool receive_on(conversation& c);
  bool take_message(conversation& c);
  bool take_reply(conversation& c);
  void received_raw(conversation& c, const codec::message& m, std::uint64_t end);
  void received_balance(conversation& c, const codec::message& m);
  void received_http(const conversation& c, const asked& a, int status, const std::string& body,
                     std::uint64_t end);
  void received_approval(const conversation& c, const asked& a, std::uint64_t end);
  void punctual(const conversation& c, const asked& a);
  void closed(conversation& c);
  void depart(conversation& c);

  world& world_;
  player::gateway_on_disk& gateway_;
  std::vector<std::string> terminals_;
  std::vector<int> stans_;  // of each terminal, the last
  std::vector<conversation_ptr> conversations_;
};

}  // namespace simulator
