// Network management on the host's link: the steps that open it and those that end it in order, and whether
// the host has signed off. No actor.
//
// The steps and the effects are a dialect's (codec/dialect/network_rules). A step of the gateway is its
// request and the host's response, a step of the host its request. The steps are done one after the other; a
// step that fails ends the link.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "actors/protocol/transaction.hpp"
#include "codec/dialect/dialect.hpp"

namespace actors {

class network_talk {
public:
  explicit network_talk(const codec::dialect& d) : dialect_(d) {}

  /// There is a new link, on which each step may take `step_time`. The host has not signed off on it.
  void link_up(time_point now, caf::timespan step_time);
  void link_down();

  /// Begins the steps before an orderly close, all of them within `time`, where there are any and the link is
  /// open.
  void begin_close(time_point now, caf::timespan time);

  /// The request of the present step, once; else nullptr.
  const codec::example_message* next_request();

  /// When the present step is over.
  time_point deadline() const { return deadline_; }

  /// The host's response to that request.
  void take_response(const codec::message& response, time_point now);

  /// The host's request; how it is answered.
  codec::network_answer take_request(codec::network_kind kind, time_point now);

  /// Whether this request of a client would change the state of the link, which the gateway opens and closes
  /// by steps of its own.
  bool is_own(const codec::message& request) const;

  void tick(time_point now);

  /// Whether all steps of opening are done, and none of closing is begun.
  bool is_open() const { return phase_ == phase::open; }
  bool is_closing() const { return phase_ == phase::closing; }

  /// What becomes of a request now; `none`: it may be sent.
  codec::network_pause pause() const;

  /// Which step has failed, what was expected, what came. Nothing while all is well.
  const std::optional<std::string>& fault() const { return fault_; }

private:
  enum class phase : std::uint8_t { down, opening, open, closing, closed };

  const std::vector<codec::network_step>& steps() const;
  const codec::network_step* present() const;
  void begin(phase p, time_point deadline, time_point now);
  void end_step(time_point now);
  void skip_what_came(time_point now);
  void fail(const std::string& expected, const std::string& came);
  void sign_on();

  const codec::dialect& dialect_;
  phase phase_ = phase::down;
  std::size_t step_ = 0;
  bool is_asked_ = false;  // the request of the step was sent
  caf::timespan step_time_{};
  time_point deadline_{};
  std::set<codec::network_kind> came_;  // of the host's requests in this phase
  std::optional<std::string> fault_;

  bool signed_off_ = false;
  bool cut_over_ = false;                // and requests wait, or are refused
  std::optional<time_point> cut_until_;  // nothing: until the host signs on
};

}  // namespace actors
