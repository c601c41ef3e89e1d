// Decisions, the records that they become, and the book that is read from these.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/journal/journal_records.hpp"
#include "codec/privacy/retention.hpp"
#include "tests/actors/journal/messages.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

namespace test {

using namespace std::chrono_literals;
using actors::decision;
using actors::lifecycle::state;
using kind = decision::kind;

inline const auto now = actors::time_point(1h);

inline store::sealer test_sealer(unsigned char fill = 7) {
  store::sealer::key key{};
  key.fill(fill);
  return store::sealer(key);
}

/// With everything that must never be read on a disk.
inline codec::message purchase_with_secrets(const std::string& tid = "00000042",
                                            const std::string& stan = "000001") {
  auto m = support::purchase(tid, stan);
  m.set(14, "251200");
  m.set(52, "0123456789abcdef");
  m.set(55, "5a084850781234567891");
  m.set(62, "card 4111111111111111");
  return m;
}

inline decision intent(actors::transaction_id id, const codec::message& request = purchase_with_secrets()) {
  decision d{kind::intent,
             id,
             shared(request),
             {actors::delivery::idempotent, "txn_" + std::to_string(id), "key", "digest"}};
  d.card_mark = codec::card_mark(codec::masked_card(request));
  return d;
}

inline decision renumbered_intent(actors::transaction_id id, const std::string& client_stan) {
  auto d = intent(id, purchase_with_secrets("00000051", "123456"));
  d.client_stan = client_stan;
  d.host_mark = 0x123456789abcdef;
  return d;
}

inline decision approved(actors::transaction_id id, const std::string& amount = "") {
  auto response = response_to(purchase_with_secrets());
  if (!amount.empty())
    response.set(4, amount);
  return {kind::approved, id, shared(response)};
}

inline decision due(actors::transaction_id id, const std::string& why = "timed_out") {
  decision d{kind::reversal_due, id, nullptr, {}, why};
  d.because = actors::cause_called(why);
  return d;
}

inline decision attempt(actors::transaction_id id, int number) {
  decision d{kind::attempt, id};
  d.attempt = number;
  return d;
}

inline decision parked(actors::transaction_id id) {
  decision d{kind::parked, id, nullptr, {}, "the host refuses the reversal"};
  d.code = "904";
  return d;
}

inline decision delivered(actors::transaction_id id) { return {kind::delivered, id}; }

inline decision closed(actors::transaction_id id, state outcome, const std::string& who = "") {
  decision d{kind::closed, id, nullptr, {}, who.empty() ? "" : "settled by telephone", who};
  d.outcome = outcome;
  d.code = "000";
  return d;
}

/// What is written, in memory.
struct paper {
  void write(const decision& d) {
    store::batch b;
    actors::write_decision(b, d, 1000 + static_cast<std::int64_t>(d.id), support::smart_vista(), *sealer);
    for (auto& r : b.records) {
      r.sequence = what.records.size() + 1;
      what.records.push_back(r);
    }
    for (auto& [id, card] : b.cards)
      what.cards[id] = card;
    for (const auto id : b.erased)
      what.cards.erase(id);
  }

  void write(const std::vector<decision>& all) {
    for (const auto& d : all)
      write(d);
  }

  std::string replay(actors::book& into) const { return actors::replay(into, what, *sealer, now); }

  store::contents what;
  std::shared_ptr<const store::sealer> sealer = std::make_shared<const store::sealer>(test_sealer());
};

inline std::string text_of(const codec::message& m) {
  std::string text;
  for (const auto& [number, value] : m)
    text += std::to_string(number) + "=" + std::string(value) + " ";
  return text;
}

/// All that a book says, one purchase a line.
inline std::string text_of(const actors::book& b) {
  std::string text;
  for (const auto& [id, p] : b.all())
    text += std::to_string(id) + " " + std::string(to_string(p.state)) + " " + text_of(*p.request) + "| " +
            std::to_string(p.card_mark) + " " + p.client_stan + " " + p.approved_amount + " " +
            p.options.public_id + " " + p.options.key + " " + p.options.digest + " " +
            std::to_string(static_cast<int>(p.options.how)) + " " + std::to_string(p.begun) + " " +
            std::to_string(p.host_mark) + "| " + (p.response ? text_of(*p.response) : "") + "| " +
            text_of(p.reference_fields) + "| " + p.reversed_reference + " " + p.why + " " + p.code + " " +
            std::to_string(p.attempts) + "\n";
  return text;
}

inline std::string replayed(const paper& p) {
  actors::book b(support::one_upstream());
  const auto error = p.replay(b);
  return error.empty() ? text_of(b) : error;
}

/// Transactions that take every kind of decision.
inline std::vector<decision> some_lives() {
  return {intent(1),
          approved(1),
          delivered(1),
          intent(2, purchase_with_secrets("00000043")),
          closed(2, state::declined),
          intent(3, purchase_with_secrets("00000044")),
          due(3),
          attempt(3, 1),
          attempt(3, 2),
          closed(3, state::reversed),
          intent(4, purchase_with_secrets("00000045")),
          due(4),
          attempt(4, 1),
          parked(4),
          attempt(4, 2),
          intent(5, purchase_with_secrets("00000046")),
          approved(5),
          due(5, "undelivered"),
          attempt(5, 1),
          intent(6, purchase_with_secrets("00000047")),
          approved(6, "000000000600"),
          intent(7, purchase_with_secrets("00000048")),
          intent(8, purchase_with_secrets("00000049")),
          due(8),
          parked(8),
          closed(8, state::reversed, "anna"),
          intent(9, purchase_with_secrets("00000050")),
          closed(9, state::cancelled),
          renumbered_intent(10, "000001")};
}

}  // namespace test
