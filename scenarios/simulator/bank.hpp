// A simulated bank with an exact ledger and unreliable answers.
//
// It rarely applies a transaction twice while it stands, and never later than a minute after the request's
// last byte; it repeats a reversal without effect, and reports one as done only when it is. Apart from that
// it is silent, late, wrong, repeats itself, is unreachable, and misleads: it takes reversals for repeats of
// ones that it never made, and does not know transactions that it holds. It shares no code with the emulator.
#pragma once

#include "codec/message.hpp"
#include "scenarios/player/memory_link.hpp"
#include "scenarios/simulator/world.hpp"

namespace simulator {

class bank {
public:
  /// `door`: the gateway may have links to several; they have one ledger.
  explicit bank(world& w, std::uint64_t door = 0) : world_(w), references_(door * 500'000) {}

  /// Its messages on the link are of this dialect; those of the ledger are of the clients'.
  void speaks(std::shared_ptr<const codec::dialect> d) { own_ = std::move(d); }
  bank(const bank&) = delete;
  bank& operator=(const bank&) = delete;

  void accept_dial(const net::link_events& events);

  /// Handles what has arrived since. True where anything has.
  bool receive();
  /// Sees whether the gateway has given up the link. With another link to the bank nothing else would tell
  /// that before a reversal comes there.
  void notice_end();

  // --- the link --------------------------------------------------------------

  bool is_connected() const { return line_ && line_->is_open(); }
  void cuts();
  void hangs_up();
  void refuses_for(milliseconds time) { refuses_until_ = world_.now() + time; }
  void is_a_black_hole_for(milliseconds time) { black_hole_until_ = world_.now() + time; }
  /// The next message is lost, and the link with it.
  void loses_next() { loses_next_ = true; }
  void gateway_stops();
  /// Sends messages that are no responses.
  void chatters();
  void calms_down();

private:
  // A request of edition 1993: in the clients' dialect, and as it came.
  struct asked {
    codec::message meant, came;
  };

  void handle(const codec::message& m);
  void echo(const codec::message& m);
  void inquiry(const codec::message& m);
  void approve_far_too_late(ledger_entry& t, codec::message inquiry);
  void purchase(ledger_entry& t, const codec::message& m);
  void purchase_wildly(ledger_entry& t, const codec::message& m);
  void answer_wildly(ledger_entry& t, const codec::message& m, bool takes_it);
  void reversal(ledger_entry& t, const codec::message& m);
  void reversal_wildly(ledger_entry& t, const codec::message& m);
  void own_reversal_wildly(ledger_entry& t, const codec::message& m, bool may_lie);
  void reversal_of_part(ledger_entry& t, std::uint64_t part, const codec::message& m);
  void reverse(ledger_entry& t);
  void apply(ledger_entry& t);
  void apply_in(ledger_entry& t, milliseconds pause);
  void answer(ledger_entry& t, const codec::message& m, const std::string& code, milliseconds pause = {});
  /// The same; in some worlds the response lacks fields.
  void answer_forgetfully(ledger_entry& t, const codec::message& m, const std::string& code,
                          milliseconds pause);
  void approve_oddly(ledger_entry& t, const codec::message& m, milliseconds pause);
  void send(ledger_entry& t, codec::message response, milliseconds pause);
  void write(const codec::message& m);
  void garble(milliseconds pause);
  codec::message response_to(const ledger_entry& t, const codec::message& m, const std::string& code) const;

  codec::result<codec::message> read(const std::string& frame);
  codec::message read_1993(const codec::message& m);
  const asked* answered_by(const codec::message& response) const;
  codec::message in_own_dialect(const codec::message& response) const;
  std::string bytes_of(const codec::message& m) const;

  world& world_;
  std::shared_ptr<const codec::dialect> own_;  // nullptr: the clients'
  std::vector<asked> asked_;
  player::connection_ptr line_;
  std::size_t handled_ = 0;
  time_point refuses_until_{}, black_hole_until_{};
  bool loses_next_ = false;
  bool was_connected_ = false;
  std::uint64_t references_;
};

}  // namespace simulator
