// The part of the book with what a client's own reversal means.

#include <algorithm>
#include <array>
#include <functional>

#include "actors/journal/book.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/renumber.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/retention.hpp"

namespace actors {

using lifecycle::state;

namespace fields = codec::fields;

namespace {

bool equal_digits(std::string_view a, std::string_view b) {
  return codec::without_leading_zeros(a) == codec::without_leading_zeros(b);
}

// Whether the original data elements of a reversal say when this request was. Its own time may be another one
// then: some clients say when they reverse.
bool names_time_of(const codec::message& request, const codec::message& reversal, const codec::dialect& d) {
  return std::ranges::any_of(std::array{fields::transmission_time, fields::local_time}, [&](int number) {
    const auto named = codec::named_value(reversal, number, d);
    return !named.empty() && named == request[number];
  });
}

// A reversal need not say when its transaction was, but then it is for no more than was approved. An earlier
// reversal is meant by its repeat alone, not by one of another part.
bool is_like(const transaction& t, const codec::message& reversal, const codec::dialect& d) {
  if (names_time_of(*t.request, reversal, d))
    return true;
  auto said = codec::local_time_text(reversal, d);
  const auto amount = reversal[fields::amount];
  // With a STAN of its own its time is its own, too.
  const bool is_apart = codec::named_stan(reversal, d) != reversal[fields::stan];
  if (!said.empty() && said != codec::local_time_text(*t.request, d)) {
    if (!is_apart || codec::is_reversal(*t.request))
      return false;
    said.clear();
  }
  const auto sum = codec::number_of(amount);
  return is_amount_of(t, amount) || (!codec::is_reversal(*t.request) &&
                                     (!said.empty() || (sum != 0 && sum < codec::number_of(amount_of(t)))));
}

// A host that does not know the transaction at once has reversed nothing. Where the reversal was repeated, an
// earlier attempt may be the reason why the host does not know it any more.
bool is_done(const transaction& reversal, const decision& end, const codec::dialect& d) {
  return reversal.because != cause::none || !end.message ||
         codec::reversal_reply_of(*end.message, d, codec::earlier_attempt::none) ==
           codec::reversal_reply::done;
}

// Approved, or it may be by now: where terminals are not locked, its client reverses what is at the host.
bool may_be_approved(const transaction& t) {
  return t.state == state::approved || t.state == state::delivering || t.state == state::unconfirmed ||
         t.state == state::intent;
}

bool has_card(const transaction& t) { return !t.card.empty() || t.card_mark != 0; }

// Of an ended transaction of an earlier process only the card's mark is known.
bool is_of_another_card(const transaction& t, const std::string& card) {
  if (card.empty() || !has_card(t))
    return false;
  return t.card.empty() ? t.card_mark != codec::card_mark(card) : t.card != card;
}

// Whether field 37 of a reversal is not that of this transaction, neither the host's nor the client's.
bool contradicts(std::string_view reference, const transaction& t) {
  const auto known = t.reference_fields[fields::reference];
  return !reference.empty() && !known.empty() && reference != known &&
         reference != (*t.request)[fields::reference];
}

// A reversal of it would move money.
bool matters(const transaction* t) { return !lifecycle::is_final(t->state) || t->state == state::approved; }

}  // namespace

// The youngest first. Where the host got another STAN than the client gave, it is the client's that counts.
// An earlier reversal of the same has this one's own STAN, their original that which they name.
std::vector<const transaction*> book::named_by(const codec::message& reversal) const {
  std::vector<const transaction*> found;
  const auto look = [&](const std::vector<const transaction*>& all, const upstream& host, auto may_be) {
    for (const auto* p : all)
      if (p->upstream == host.name && may_be(*p) && is_like(*p, reversal, *host.dialect))
        found.push_back(p);
  };
  const auto is_renumbered = [](const transaction& t) { return !t.client_stan.empty(); };
  for (const auto& host : hosts_.all()) {
    const auto named = trace_of(reversal, codec::named_stan(reversal, *host->dialect));
    look(with_trace(named), *host,
         [&](const auto& t) { return !is_renumbered(t) && !codec::is_reversal(*t.request); });
    look(with_trace(trace_of(reversal)), *host,
         [&](const auto& t) { return !is_renumbered(t) && codec::is_reversal(*t.request); });
    look(with_client_trace(named), *host,
         [&](const auto& t) { return is_renumbered(t) && !codec::is_reversal(*t.request); });
    look(with_client_trace(trace_of(reversal)), *host,
         [&](const auto& t) { return is_renumbered(t) && codec::is_reversal(*t.request); });
  }
  std::ranges::sort(found, std::ranges::greater(), &transaction::id);
  return found;
}

// What it may mean, by all that it says.
std::vector<const transaction*> book::candidates(const codec::message& reversal) const {
  const auto card = codec::masked_card(reversal);
  const auto reference = reversal[fields::reference];
  auto all = named_by(reversal);
  std::erase_if(all, [&](const auto* t) {
    return codec::is_reversal(*t->request) || is_of_another_card(*t, card) || contradicts(reference, *t);
  });
  // Where the gateway gives the STANs, several transactions of a terminal may look alike to its clients, also
  // one that has ended and one that is approved. A reversal of the wrong one would be money lost, so it must
  // be certain which one is meant: amounts alone do not say it of transactions of different cards.
  const auto narrow = [&all](auto fits) {
    if (std::ranges::any_of(all, fits))
      std::erase_if(all, std::not_fn(fits));
  };
  narrow([&](const auto* t) { return names_time_of(*t->request, reversal, dialect_of(*t)); });
  if (!card.empty())
    narrow([&card](const auto* t) { return has_card(*t) && !is_of_another_card(*t, card); });
  const bool is_one_card =
    !card.empty() && std::ranges::all_of(all, [](const auto* t) { return has_card(*t); });
  if (is_one_card || std::ranges::all_of(all, [](const auto* t) { return t->client_stan.empty(); })) {
    narrow([&](const auto* t) { return is_amount_of(*t, reversal[fields::amount]); });
    narrow(matters);
  }
  if (!reference.empty())
    narrow([&](const auto* t) { return t->reference_fields[fields::reference] == reference; });
  return all;
}

const transaction* book::meant_by(const codec::message& reversal) const {
  const auto all = candidates(reversal);
  const bool is_certain = all.size() == 1 || (!all.empty() && std::ranges::none_of(all, matters));
  return is_certain ? all.front() : nullptr;
}

// One that came before its purchase means that from its next attempt on. Where the gateway gives the STANs it
// goes with one that the host does not know.
const transaction* book::meant_by(const transaction& reversal) const {
  if (!codec::is_reversal(*reversal.request))
    return nullptr;
  if (reversal.original != 0)
    return find(reversal.original);
  return reversal.client_stan.empty() ? meant_by(*reversal.request) : nullptr;
}

std::shared_ptr<const codec::known_original> book::meaning_of(const transaction& reversal) const {
  const auto* original = meant_by(reversal);
  if (!original)
    return nullptr;
  return std::make_shared<const codec::known_original>(codec::known_original{
    original->request, takes_back_a_part(*reversal.request, *original, dialect_of(*original)),
    std::string(heard_of(*original)[fields::amount])});
}

void book::note_taken_back(const transaction& reversal, const decision& end) {
  const auto* original = find(reversal.original);
  if (original && may_be_approved(*original) && is_done(reversal, end, dialect_of(reversal)))
    taken_back_.add(reversal, *original, dialect_of(reversal));
}

const transaction* book::repeated_by(const codec::message& reversal) const {
  for (const auto* t : named_by(reversal))
    if (codec::is_reversal(*t->request) &&
        said_of_part(*t->request, dialect_of(*t)) == said_of_part(reversal, dialect_of(*t)))
      return t;
  return nullptr;
}

bool book::may_mean_several_hosts(const codec::message& reversal) const {
  const auto all = candidates(reversal);
  return std::ranges::any_of(all, matters) &&
         std::ranges::any_of(all, [&](const auto* t) { return t->upstream != all.front()->upstream; });
}

const transaction* book::original_of(const codec::message& reversal) const {
  const auto* t = meant_by(reversal);
  const auto takes_a_part = [this, t](const codec::message& m, const transaction& of) {
    return t ? takes_back_a_part(m, *t, dialect_of(*t)) : codec::reverses_a_part(m, dialect_of(of));
  };
  // An earlier reversal of the client's own, of the same transaction.
  for (const auto* r : named_by(reversal))
    if (codec::is_reversal(*r->request) && lifecycle::is_open_case(r->state) &&
        takes_a_part(*r->request, *r) == takes_a_part(reversal, *r) &&
        (!takes_a_part(reversal, *r) ||
         said_of_part(*r->request, dialect_of(*r)) == said_of_part(reversal, dialect_of(*r))) &&
        (!t || equal_digits(codec::named_stan(*r->request, dialect_of(*r)), (*t->request)[fields::stan])))
      return r;
  const bool is_in_hand = t && (lifecycle::is_open_case(t->state) || t->state == state::delivering);
  return is_in_hand && !takes_a_part(reversal, *t) ? t : nullptr;
}

}  // namespace actors
