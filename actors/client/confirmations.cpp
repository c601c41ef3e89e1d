#include "actors/client/confirmations.hpp"

#include "actors/core/message_log.hpp"
#include "codec/exchange/confirmation.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

namespace log = config::log;

bool confirmations::is_on() const { return env_->settings.delivery.raw == config::raw_delivery::confirm; }

bool confirmations::is_one(const codec::message& m) const {
  return is_on() && port_->dialect->confirmation.mtis.contains(m.mti());
}

void confirmations::take(std::uint64_t number, message_ptr m) {
  self_->request(peers_.journal, caf::infinite, find_confirmed{m, false})
    .then(
      [this, number, m](const found_confirmed& f) {
        if (f.ids.size() == 1)
          confirm_for(number, m, f.ids.front());
        else
          tell(number, m, {}, false);
      },
      [this, number](caf::error& e) { delivery_.refuse(number, refusal_of(e)); });
}

void confirmations::confirm_for(std::uint64_t number, const message_ptr& m, const std::string& id) {
  self_->request(peers_.idempotency, caf::infinite, confirm{id})
    .then(
      [this, number, m, id](const request_status& s) {
        const bool is_answer = s.response && !s.refused;
        tell(number, m, id, is_answer && s.was_approval.value_or(port_->dialect->approves(*s.response)));
      },
      [this, number](caf::error& e) { delivery_.refuse(number, refusal_of(e)); });
}

void confirmations::tell(std::uint64_t number, const message_ptr& m, const std::string& of,
                         bool is_confirmed) {
  auto* waiting = delivery_.find(number);
  if (!waiting)
    return;
  const auto& rules = port_->dialect->confirmation;
  log::info(about{*m, 0, of}, "{} {}", codec::label(*m),
            is_confirmed ? "confirms an approval" : "confirms nothing that is approved, and is told so");
  if (is_confirmed && rules.forward)
    return delivery_.submit_message(*waiting, m, env_->next_transaction());
  // Where nothing is said, to hang up says no.
  if (!is_confirmed && !rules.answer)
    return delivery_.refuse(number, refusal::undelivered);
  request_status s;
  if (rules.answer)
    s.response = std::make_shared<const codec::message>(
      codec::answer_to_confirmation(*m, is_confirmed, *port_->dialect));
  delivery_.settle(number, s);
}

void confirmations::take_request(const message_ptr& m) {
  if (!is_on() || !codec::confirms_earlier(*m, *port_->dialect))
    return;
  self_->request(peers_.journal, caf::infinite, find_confirmed{m, true})
    .then(
      [this](const found_confirmed& f) {
        for (const auto& id : f.ids)
          self_->request(peers_.idempotency, caf::infinite, confirm{id})
            .then([](const request_status&) {}, [](caf::error&) {});
      },
      [](caf::error&) {});
}

}  // namespace actors
