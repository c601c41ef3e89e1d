// What the link to the host tells the other parts: whether it is up, what passed over it, what became of it.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <string>

#include "actors/protocol/directory.hpp"
#include "actors/upstream/in_flight.hpp"
#include "actors/upstream/liveness.hpp"
#include "actors/upstream/network_talk.hpp"
#include "net/link.hpp"

namespace actors {

/// What a link can do now, by its steps and its host's answers.
link_condition condition_of(bool connected, const network_talk& talk, const liveness& health);

class upstream_reports {
public:
  explicit upstream_reports(upstream_actor::pointer self) : self_(self) {}

  /// `link`: its name where it is one of several; `dialect`: its dialect's.
  void take(const directory& peers, const std::string& upstream, const std::string& link,
            const std::string& dialect) {
    peers_ = peers;
    upstream_ = upstream;
    link_ = link;
    dialect_ = dialect;
    passed_.begin_another();
  }

  /// Transactions wait for the link in their terminal's queue, reversals in the supervisor.
  void link_is(bool up_for_transactions, bool up_for_reversals) const;

  /// For people and programs that watch the gateway.
  void host_is(link_condition is) const;
  /// `was_up`: there was a link, which is lost; else a dial had no success.
  void lost(bool was_up, const std::string& why) {
    (was_up ? last_error_ : dial_error_) = why;
    attempts_ += was_up ? 0 : 1;
  }
  void connected() {
    attempts_ = 0;
    dial_error_.clear();
  }
  void load(std::size_t in_flight);

  /// A message between the gateway and the host, for the statistics.
  void passed(const message_ptr& m, std::optional<unmatched> why = {}, const message_ptr& request = {});

  /// The same of a response that has found its request. The journal is told where it may be another's, too.
  void paired(const message_ptr& response, const in_flight::paired& with);

  /// Calls `then` when the journal has noted an inquiry, with other requests at once: its response may come
  /// late, to another process, which takes it for a purchase's.
  void note(in_flight::entry e, const codec::dialect& of_clients,
            std::function<void(in_flight::entry&)> then);

  /// Adds to `to` what the journal has not noted yet; nothing is called for that any more.
  void give_up_noting(std::deque<in_flight::entry>& to);

  /// The journal is told of a reversal, for what the host's response to the next attempt means depends on it.
  void sent(const in_flight::entry& e) const;

  void ended_no_request(const message_ptr& response) const;
  void dropped(net::frame::kind what) const;

private:
  upstream_actor::pointer self_;
  directory peers_;
  std::string upstream_, link_, dialect_;
  told_together<message_observed> passed_;
  std::string last_error_, dial_error_;
  std::size_t attempts_ = 0, load_ = 0;
  std::list<in_flight::entry> unnoted_;
};

}  // namespace actors
