#include "actors/upstream/reports.hpp"

#include <utility>

#include "codec/exchange/reversal.hpp"

namespace actors {

void upstream_reports::link_is(bool up_for_transactions, bool up_for_reversals) const {
  if (peers_.dispatcher)
    self_->send(peers_.dispatcher, link_status{up_for_transactions, upstream_});
  if (peers_.reversals)
    self_->send(peers_.reversals, link_status{up_for_reversals, upstream_});
}

link_condition condition_of(bool connected, const network_talk& talk, const liveness& health) {
  using enum link_condition;
  if (!connected)
    return down;
  if (talk.is_closing())
    return closing;
  if (!talk.is_open() || !health.is_proved())
    return opening;
  return talk.pause() == codec::network_pause::none ? up : signed_off;
}

void upstream_reports::host_is(link_condition is) const {
  using enum link_condition;
  const char* detail = is == up     ? ""
                       : is == down ? "no link to the host"
                                    : "the host has signed off, or not signed on";
  if (peers_.stats)
    self_->send(peers_.stats, host_report{upstream_, link_, is == up, detail, false, is, dialect_,
                                          last_error_, attempts_, dial_error_});
}

void upstream_reports::load(std::size_t in_flight) {
  if (peers_.stats && std::exchange(load_, in_flight) != in_flight)
    self_->send(peers_.stats, link_load{link_, in_flight});
}

void upstream_reports::passed(const message_ptr& m, std::optional<unmatched> why,
                              const message_ptr& request) {
  if (!peers_.stats)
    return;
  if (auto list = passed_.add({m, why, request}))
    self_->send(peers_.stats, messages_observed{std::move(list), upstream_, link_});
}

void upstream_reports::paired(const message_ptr& response, const in_flight::paired& with) {
  passed(response, {}, with.match->own());
  if (with.may_approve_another)
    ended_no_request(response);
  if (with.match->is_inquiry && peers_.journal)
    self_->send(peers_.journal, request_is_answered{with.match->id});
}

void upstream_reports::note(in_flight::entry e, const codec::dialect& of_clients,
                            std::function<void(in_flight::entry&)> then) {
  e.is_inquiry = e.id != 0 && codec::inquires(*e.request, of_clients);
  if (!e.is_inquiry || !peers_.journal)
    return then(e);
  // Kept here, because what waits only in a handler has no answer if this actor stops.
  const auto at = unnoted_.insert(unnoted_.end(), std::move(e));
  const auto go_on = [this, at, then] {
    auto noted = std::move(*at);
    unnoted_.erase(at);
    then(noted);
  };
  self_->request(peers_.journal, caf::infinite, request_without_money{at->id, at->own(), upstream_})
    .then([go_on](const committed&) { go_on(); }, [go_on](caf::error&) { go_on(); });
}

void upstream_reports::give_up_noting(std::deque<in_flight::entry>& to) {
  for (auto& e : std::exchange(unnoted_, {}))
    to.push_back(std::move(e));
}

void upstream_reports::sent(const in_flight::entry& e) const {
  const auto of = e.reverses != 0 ? e.reverses : codec::is_reversal(*e.request) ? e.id : 0;
  if (of == 0)
    return;
  if (peers_.stats)
    self_->send(peers_.stats, reversal_attempted{});
  if (!peers_.journal)
    return;
  decision d{decision::kind::attempt, of};
  d.attempt_is = decision::attempt_state::sent;
  self_->send(peers_.journal, log_lazily{std::move(d)});
}

void upstream_reports::ended_no_request(const message_ptr& response) const {
  if (peers_.journal)
    self_->send(peers_.journal, unmatched_response{response, upstream_});
}

void upstream_reports::dropped(net::frame::kind what) const {
  if (peers_.stats && what != net::frame::kind::message)
    self_->send(peers_.stats, frame_dropped{what});
}

}  // namespace actors
