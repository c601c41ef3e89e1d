// What every actor of a gateway gets when it is spawned. A reload of the configuration changes limits in
// `settings`, and the routes, on the loop's thread; all else stays.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "actors/core/busy_terminals.hpp"
#include "actors/core/own_numbers.hpp"
#include "actors/core/routes.hpp"
#include "actors/core/unread_parts.hpp"
#include "actors/protocol/metrics.hpp"
#include "actors/protocol/transaction.hpp"
#include "actors/protocol/upstreams.hpp"
#include "codec/exchange/rrn.hpp"
#include "codec/privacy/masking.hpp"
#include "config/settings.hpp"

namespace actors {

struct environment {
  config::settings settings;
  actors::upstreams upstreams;
  actors::routes routes;
  codec::exposure exposure = codec::exposure::masked;

  /// The wall clock, for the dates in messages and nothing else; actors measure time by CAF's clock.
  std::function<std::chrono::local_seconds()> local_time;

  /// The wall clock in milliseconds since 1970, UTC, for what people are shown.
  std::function<std::int64_t()> utc_ms = [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::int64_t(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  };

  /// How many ended transactions memory holds.
  std::size_t remembered_max = 5'000'000;

  /// How many requests of money under a key memory holds, and no more than those; with a journal the others
  /// are found on its disk.
  std::size_t keys_max = 250'000;

  /// The seed of the actors' random choices.
  std::uint64_t seed = 0;

  /// Runs what takes longer than a purchase may wait, beside the loop: it shares nothing with any actor. By
  /// default at once, for tests.
  std::function<void(caf::actor_system&, std::function<void()>)> aside =
    [](caf::actor_system&, const std::function<void()>& work) { work(); };

  /// For ids that must not be guessed.
  std::function<std::uint64_t()> random;

  /// The id of a new transaction for its client; no other client can guess it.
  std::string new_public_id() const {
    std::string text = "txn_";
    for (int half = 0; half < 2; ++half) {
      auto bits = random();
      for (int i = 0; i < 12; ++i, bits >>= 5)
        text += "0123456789abcdefghijklmnopqrstuv"[bits & 31];
    }
    return text;
  }

  /// The id of a new transaction: ascending, and new to the journal.
  std::uint64_t next_transaction() const { return ++*last_transaction; }
  std::shared_ptr<std::uint64_t> last_transaction = std::make_shared<std::uint64_t>(0);

  /// Logs the parts of messages that could not be read while the messages are used.
  std::shared_ptr<unread_parts> unread = std::make_shared<unread_parts>();

  /// The upstream of a client's new transaction.
  const std::string& upstream_for(const codec::message& request) const {
    const auto* group = routes.group_of(request);
    return group ? *group : upstreams.all().front()->name;
  }

  /// A mark of how an upstream is reached, in which dialect, and what its links set in its messages: another
  /// one after an operator has changed that. Only the bank that got a transaction, as it got it, can say that
  /// it has none.
  std::uint64_t mark_of(const std::string& upstream) const {
    const auto found = host_marks.find(upstream);
    return found == host_marks.end() ? 0 : found->second;
  }
  std::map<std::string, std::uint64_t> host_marks = {};  ///< by upstream; 0, or missing: not known

  /// A STAN of the gateway's own for a message to this host.
  std::uint64_t next_stan(const std::string& upstream) const { return numbers->next_stan(upstream, random); }
  /// `m` with an RRN of the gateway's own, where its host wants one and its client gave none.
  message_ptr with_own_rrn(const message_ptr& m, const std::string& upstream) const {
    const auto& d = upstreams.dialect_of(upstream);
    if (!codec::needs_rrn(*m, d))
      return m;
    const auto number = numbers->next_rrn(upstream, codec::rrn_count(d), random);
    return std::make_shared<const codec::message>(
      codec::with_rrn(*m, codec::rrn_text(number, d, local_time())));
  }

  std::shared_ptr<own_numbers> numbers = std::make_shared<own_numbers>();

  /// The messages of clients that have ended, of all queues, for the statistics.
  std::shared_ptr<told_together<message_ended>> ended = std::make_shared<told_together<message_ended>>();

  /// The queues that have a message, for who looks at the gateway.
  std::shared_ptr<busy_terminals> terminals = std::make_shared<busy_terminals>();

  /// Ends the process now, before another byte leaves; called when nothing can be written any more. The next
  /// start replays the journal.
  std::function<void(const std::string& why)> panic;
};

using environment_ptr = std::shared_ptr<const environment>;

}  // namespace actors
