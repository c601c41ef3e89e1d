#include "actors/upstream/reports.hpp"

#include "codec/exchange/reversal.hpp"

namespace actors {

void upstream_reports::link_is(bool up_for_transactions, bool up_for_reversals) const {
  if (peers_.dispatcher)
    self_->send(peers_.dispatcher, link_status{up_for_transactions, upstream_});
  if (peers_.reversals)
    self_->send(peers_.reversals, link_status{up_for_reversals, upstream_});
}

void upstream_reports::host_is(bool connected, bool up) const {
  if (peers_.stats)
    self_->send(peers_.stats, host_report{upstream_, link_, up,
                                          up          ? ""
                                          : connected ? "the host has signed off, or not signed on"
                                                      : "no link to the host"});
}

void upstream_reports::passed(const message_ptr& m, std::optional<unmatched> why,
                              const message_ptr& request) const {
  if (peers_.stats)
    self_->send(peers_.stats, message_observed{m, why, request, upstream_, link_});
}

void upstream_reports::attempt(const in_flight::entry& e) const {
  const auto of = e.reverses != 0 ? e.reverses : codec::is_reversal(*e.request) ? e.id : 0;
  if (of == 0 || !peers_.journal)
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
  if (peers_.stats)
    self_->send(peers_.stats, frame_dropped{what});
}

}  // namespace actors
