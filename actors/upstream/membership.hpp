// What a link is to its group: it says what it can do now, and has messages of its own dialect. No actor.
//
// The only link of a gateway is no member of a group: its state goes to the queues and the reversals, and its
// messages are the gateway's own.
#pragma once

#include <optional>

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"
#include "actors/upstream/in_flight.hpp"

namespace actors {

/// Where a link belongs.
struct link_place {
  upstream_ptr group = nullptr;   ///< nullptr: it is the only one
  link_groups_actor groups = {};  ///< told what it can do
};

class membership {
public:
  membership(upstream_actor::pointer self, environment_ptr env, upstream_ptr link, link_place place)
    : self_(self), env_(std::move(env)), link_(std::move(link)), place_(std::move(place)) {}

  bool is_in_group() const { return place_.group != nullptr; }

  /// Of the upstream: the group's, or the link's where it is the only one.
  const std::string& upstream() const { return place_.group ? place_.group->name : link_->name; }

  /// "ISO-host", "ISO-host main".
  std::string title() const {
    return link_->name.empty() || !place_.group ? "ISO-host" : "ISO-host " + link_->name;
  }

  /// A link that is silent for a moment is waited for; after this time others are used.
  static constexpr std::chrono::milliseconds silence_max{500};

  /// Whether the group gives it requests: it can send, or could a moment ago.
  bool is_ready(bool may_send, bool is_up, time_point now);

  /// Tells the group, if that is new.
  void tell(bool is_ready, bool refuses);

  /// The bytes of the message that the host gets, at most `most`; it is made here where the link's dialect is
  /// another one. Nothing where that cannot express it, which is logged, and told in the entry's `detail`.
  std::optional<std::string> bytes_of(in_flight::entry& e, std::size_t most) const;

  /// The host's response to `of`, or to none, as the gateway has it.
  message_ptr read(const message_ptr& response, const in_flight::entry* of) const;

private:
  bool write(in_flight::entry& e) const;

  upstream_actor::pointer self_;
  environment_ptr env_;
  upstream_ptr link_;
  link_place place_;
  std::optional<time_point> silent_since_;
  std::optional<link_state> told_;
};

}  // namespace actors
