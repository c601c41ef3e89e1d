// Whether the host still answers: when it is asked, and when the link is given up. No actor.
//
// A link on which nothing comes may be quiet, or dead without a trace. After some silence the host is asked
// by an echo, and again when that stays unanswered; requests wait meanwhile, for what is sent on a dead link
// can only be reversed. A link whose echoes, or requests, stay unanswered one after the other is closed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "actors/protocol/transaction.hpp"
#include "config/settings.hpp"

namespace actors {

class liveness {
public:
  explicit liveness(const config::liveness_settings& rules) : rules_(rules) {}

  /// There is a new link.
  void link_up(time_point now);

  /// Something came on it; `is_owed`: the host still has a request.
  void heard(time_point now, bool is_owed);

  void request_sent(time_point now);
  void request_answered();
  void request_unanswered() { ++requests_missed_; }

  /// An echo was sent; afterwards one of the two.
  void echo_sent(time_point now);
  void echo_answered();
  void echo_unanswered();

  /// Nothing that was sent is waited for any longer.
  void nothing_owed() { owed_since_.reset(); }

  bool echo_is_due(time_point now) const;
  bool is_asking() const { return echo_at_.has_value(); }

  /// The host has called again: its link is given up where it stays silent. A host that has never answered an
  /// echo has the time of one: it may say something else.
  void rival_called(time_point now) {
    rival_until_ = now + (echoes_known_ ? std::chrono::seconds(2) : caf::timespan(rules_.echo_timeout));
  }

  /// Whether it has, and nothing was heard since.
  bool has_rival() const { return rival_until_.has_value(); }

  /// Whether a request may be sent. Not while a host that answers echoes has been silent for too long, and
  /// not before a new link has proved that it works, where the rules ask for that.
  bool is_trusted(time_point now) const;

  /// Whether the link is proved, or need not be.
  bool is_proved() const { return proved_ || !rules_.prove; }

  /// Why the link is given up; nothing while it is not.
  std::optional<std::string> fault(time_point now) const;

  /// Whether this host answers requests and never an echo, so that none is sent any more. True once.
  bool gives_up_echoes();

private:
  config::liveness_settings rules_;
  bool echoes_known_ = false;    // the host has answered one
  bool requests_known_ = false;  // the host has answered one
  bool echoes_off_ = false;      // it answers none

  // Of this link:
  bool proved_ = false;
  time_point heard_at_{};
  std::optional<time_point> echo_at_;  // of the one that is unanswered yet
  std::optional<time_point> rival_until_;
  std::optional<time_point> owed_since_;  // the host has been silent since, though it has a request
  std::size_t echoes_missed_ = 0, requests_missed_ = 0;  // in a row
};

}  // namespace actors
