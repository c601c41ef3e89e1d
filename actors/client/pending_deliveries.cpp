// The approvals that were written to a client and are not known to have reached it.

#include "actors/client/pending_deliveries.hpp"

#include <algorithm>
#include <utility>

#include "actors/core/timeouts.hpp"

namespace actors {

void pending_deliveries::add(transaction_id id, client_options&& options, in_hand&& hand,
                             std::uint64_t position, time_point now) {
  auto& w = waiting_.emplace_back();
  w.id = id;
  w.options = std::move(options);
  w.hand = std::move(hand);
  w.position = position;
  w.since = clock_.look(now);
}

void pending_deliveries::look(const net::link& link) {
  if (waiting_.empty())
    return;
  const auto acknowledged = link.acknowledged();
  for (; !waiting_.empty() && waiting_.front().position <= acknowledged; waiting_.pop_front())
    proven(waiting_.front());
  progress_ = acknowledged;
}

bool pending_deliveries::overdue(const net::link& link, time_point now) {
  const auto lived = clock_.look(now);
  const auto before = progress_;
  look(link);
  if (progress_ != before || waiting_.empty())
    progress_at_ = lived;
  if (waiting_.empty())
    return false;
  const auto since = waiting_.front().since;
  return lived - std::max(since, progress_at_) >= delivery_timeout || lived - since >= slow_delivery_timeout;
}

void pending_deliveries::give_up(net::link* link) {
  if (link && !waiting_.empty()) {
    link->reset();
    look(*link);
  }
  failed();
}

void pending_deliveries::failed() {
  for (const auto& w : std::exchange(waiting_, {}))
    tell_failed(w.id, w.options);
}

void pending_deliveries::proven(const written& w) {
  if (w.options.how == delivery::confirm || w.options.how == delivery::confirm_by_message)
    // Only the client's own confirmation counts. The time that it has for that begins now.
    caf::anon_send(peers_.idempotency, delivery_failed{w.options.public_id});
  else
    caf::anon_send(peers_.journal, log_lazily{decision{decision::kind::delivered, w.id}});
}

void pending_deliveries::tell_failed(transaction_id id, const client_options& options) {
  // Other clients may have been given a response with an id too; the request cache knows of them.
  if (options.how == delivery::tcp && options.public_id.empty())
    caf::anon_send(peers_.journal, request_reversal{id, cause::undelivered});
  else
    caf::anon_send(peers_.idempotency, delivery_failed{options.public_id});
}

}  // namespace actors
