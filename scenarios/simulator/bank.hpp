// A bank that keeps its books and its word, but not always its manners.
//
// It applies a purchase at most once, and no later than the settling time after its last byte; a repeated reversal is
// nothing new to it. Within that it is silent, late, wrong, twice, or not there. It shares nothing with the emulator.
#pragma once

#include "codec/message.hpp"
#include "scenarios/player/memory_link.hpp"
#include "scenarios/simulator/world.hpp"

namespace simulator {

class bank {
public:
  explicit bank(world& w) : world_(w) {}
  bank(const bank&) = delete;
  bank& operator=(const bank&) = delete;

  void take_call(const net::link_events& events);

  /// Hears what has come since. True where anything has.
  bool listen();

  // --- the link --------------------------------------------------------------

  bool is_connected() const { return line_ && line_->is_heard(); }
  void cuts();
  void hangs_up();
  void refuses_for(milliseconds time) { refuses_until_ = world_.now() + time; }
  void is_a_black_hole_for(milliseconds time) { deaf_until_ = world_.now() + time; }
  /// The next message is lost, and the link with it.
  void loses_next() { loses_next_ = true; }
  void gateway_dies();
  /// Says what nobody has asked for.
  void chatters();
  void calms_down();

private:
  void hear(const codec::message& m);
  void purchase(truth& t, const codec::message& m);
  void purchase_wildly(truth& t, const codec::message& m);
  void reversal(truth& t, const codec::message& m);
  void reversal_wildly(truth& t, const codec::message& m);
  void undo(truth& t);
  void apply(truth& t);
  void apply_in(truth& t, milliseconds pause);
  void answer(truth& t, const codec::message& m, const std::string& code, milliseconds pause = {});
  void send(truth& t, codec::message response, bool own, milliseconds pause);
  void say(const codec::message& m);
  void garble(milliseconds pause);
  codec::message response_to(const truth& t, const codec::message& m, const std::string& code) const;

  world& world_;
  player::connection_ptr line_;
  std::size_t heard_ = 0;
  time_point refuses_until_{}, deaf_until_{};
  bool loses_next_ = false;
  std::uint64_t references_ = 0;
};

} // namespace simulator
