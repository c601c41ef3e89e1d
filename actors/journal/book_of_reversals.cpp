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

// A reversal need not say when its transaction was.
bool is_same_time(const codec::message& request, const codec::message& reversal, const codec::dialect& d) {
  const auto said = codec::local_time_text(reversal, d);
  return said.empty() || said == codec::local_time_text(request, d);
}

// The host may have approved less than was asked for.
bool is_amount_of(const transaction& t, std::string_view amount) {
  return equal_digits((*t.request)[fields::amount], amount) ||
         (t.response && equal_digits((*t.response)[fields::amount], amount));
}

// What the host has approved; as long as it has not, what it was asked for.
std::string_view approved_amount_of(const transaction& t) {
  return t.response && t.response->has(fields::amount) ? (*t.response)[fields::amount]
                                                       : (*t.request)[fields::amount];
}

// Of two amounts in digits.
bool is_less(std::string_view a, std::string_view b) {
  a = codec::without_leading_zeros(a);
  b = codec::without_leading_zeros(b);
  return a.size() != b.size() ? a.size() < b.size() : a < b;
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
      if (p->upstream == host.name && may_be(*p) &&
          (names_time_of(*p->request, reversal, *host.dialect) ||
           (is_amount_of(*p, reversal[fields::amount]) &&
            is_same_time(*p->request, reversal, *host.dialect))))
        found.push_back(p);
  };
  const auto is_renumbered = [](const transaction& t) { return !t.client_stan.empty(); };
  for (const auto& host : hosts_.all()) {
    const auto named = trace_of(reversal, codec::named_stan(reversal, *host->dialect));
    look(with_trace(named), *host,
         [&](const auto& t) { return !is_renumbered(t) && !codec::is_reversal(*t.request); });
    look(with_trace(trace_of(reversal)), *host,
         [&](const auto& t) { return !is_renumbered(t) && codec::is_reversal(*t.request); });
    look(with_client_trace(named), *host, is_renumbered);
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
    return codec::is_reversal(*t->request) || (!card.empty() && !t->card.empty() && t->card != card) ||
           contradicts(reference, *t);
  });
  // Where the gateway gives the STANs, several transactions of a terminal may look alike to its clients, also
  // one that has ended and one that is approved. A reversal of the wrong one would be money lost, so it must
  // be certain which one is meant.
  const auto narrow = [&all](auto fits) {
    if (std::ranges::any_of(all, fits))
      std::erase_if(all, std::not_fn(fits));
  };
  narrow([&](const auto* t) { return names_time_of(*t->request, reversal, dialect_of(*t)); });
  if (std::ranges::all_of(all, [](const auto* t) { return t->client_stan.empty(); }))
    narrow(matters);
  if (!card.empty())
    narrow([&card](const auto* t) { return t->card == card; });
  if (!reference.empty())
    narrow([&](const auto* t) { return t->reference_fields[fields::reference] == reference; });
  return all;
}

const transaction* book::meant_by(const codec::message& reversal) const {
  const auto all = candidates(reversal);
  const bool is_certain = all.size() == 1 || (!all.empty() && std::ranges::none_of(all, matters));
  return is_certain ? all.front() : nullptr;
}

bool book::takes_back_a_part(const codec::message& reversal, const transaction& original) const {
  const auto amount = reversal[fields::amount];
  return codec::reverses_a_part(reversal, dialect_of(original)) ||
         (amount.find_first_not_of('0') != std::string_view::npos && !is_amount_of(original, amount) &&
          is_less(amount, approved_amount_of(original)));
}

bool book::may_mean_several_hosts(const codec::message& reversal) const {
  const auto all = candidates(reversal);
  return std::ranges::any_of(all, matters) &&
         std::ranges::any_of(all, [&](const auto* t) { return t->upstream != all.front()->upstream; });
}

const transaction* book::original_of(const codec::message& reversal) const {
  const auto* t = meant_by(reversal);
  const auto takes_a_part = [this, t](const codec::message& m, const transaction& of) {
    return t ? takes_back_a_part(m, *t) : codec::reverses_a_part(m, dialect_of(of));
  };
  // An earlier reversal of the client's own, of the same transaction.
  for (const auto* r : named_by(reversal))
    if (codec::is_reversal(*r->request) && lifecycle::is_open_case(r->state) &&
        takes_a_part(*r->request, *r) == takes_a_part(reversal, *r) &&
        (!t || equal_digits(codec::named_stan(*r->request, dialect_of(*r)), (*t->request)[fields::stan])))
      return r;
  const bool is_in_hand = t && (lifecycle::is_open_case(t->state) || t->state == state::delivering);
  return is_in_hand && !takes_a_part(reversal, *t) ? t : nullptr;
}

}  // namespace actors
