// Decisions as the store has them (record_form), without card data. The card is sealed beside the record
// and bound to its transaction, so that it cannot be moved to another one.

#include "actors/journal/journal_records.hpp"

#include "actors/journal/older_records.hpp"
#include "actors/journal/record_form.hpp"
#include "codec/fields.hpp"
#include "codec/privacy/retention.hpp"
#include "config/printable.hpp"

namespace actors {

namespace {

using kind = decision::kind;
using lifecycle::state;
using record_form::tag;

// What a sealed card is bound to.
std::string binding(transaction_id id, const codec::message& request) {
  std::string text = std::to_string(id);
  for (const auto number : {codec::fields::tid, codec::fields::stan, codec::fields::amount}) {
    text += '/';
    text += request[number];
  }
  return text;
}

void add_if_any(record_form::writer& to, tag what, std::string_view value) {
  if (!value.empty())
    to.add(what, value);
}

// The fields that may be stored as they are.
void add_open_fields(record_form::writer& to, const codec::message& m, const codec::dialect& d) {
  // A value is made into text only when it is asked for.
  for (const auto& place : m.index())
    if (codec::retention_of(place.number, d) == codec::retention::open)
      to.add(place.number, m.text(place));
}

// The card of an intent, sealed.
void write_card(store::batch& into, const decision& d, const codec::dialect& dialect,
                const store::sealer& sealer) {
  record_form::writer card;
  for (const auto& [number, value] : codec::sealed_part(*d.message, dialect))
    card.add(number, value);
  if (!card.empty())
    into.cards.emplace_back(d.id, sealer.seal(card.bytes(), binding(d.id, *d.message)));
}

void write_intent(store::batch& into, record_form::writer& to, const decision& d, std::int64_t wall) {
  to.add_number(tag::wall, static_cast<std::uint64_t>(wall));
  add_if_any(to, tag::public_id, d.options.public_id);
  add_if_any(to, tag::key, d.options.key);
  add_if_any(to, tag::digest, d.options.digest);
  add_if_any(to, tag::upstream, d.upstream);
  add_if_any(to, tag::client_stan, d.client_stan);
  if (const auto mark = codec::card_mark(codec::masked_card(*d.message)); mark != 0)
    to.add_number(tag::card_mark, mark);
  to.add_number(tag::how, static_cast<std::uint64_t>(d.options.how));
  if (d.host_mark != 0)
    to.add_number(tag::host_mark, d.host_mark);
  if (!d.options.key.empty())
    into.keys.emplace_back(d.options.key, d.id);
}

// Of an enumeration whose numbers stand on disks, from 0 to `last`.
template <class Enum>
Enum read_enum(const record_form::reader& item, Enum last) {
  const auto number = item.number();
  if (number > static_cast<std::uint64_t>(last))
    throw std::invalid_argument("an unknown number");
  return static_cast<Enum>(number);
}

void read_item(journal_record& into, const record_form::reader& item) {
  auto& d = into.what;
  switch (item.what()) {
    case tag::why: d.why = item.text(); return;
    case tag::who: d.who = item.text(); return;
    case tag::code: d.code = item.text(); return;
    case tag::attempt: d.attempt = static_cast<int>(item.number()); return;
    case tag::attempt_is: d.attempt_is = read_enum(item, decision::attempt_state::lost); return;
    case tag::wall: into.wall = static_cast<std::int64_t>(item.number()); return;
    case tag::public_id: d.options.public_id = item.text(); return;
    case tag::key: d.options.key = item.text(); return;
    case tag::digest: d.options.digest = item.text(); return;
    case tag::upstream: d.upstream = item.text(); return;
    case tag::client_stan: d.client_stan = item.text(); return;
    case tag::how: d.options.how = read_enum(item, delivery::confirm_by_message); return;
    case tag::outcome: d.outcome = outcome_called(item.value()); return;
    case tag::until: into.until = item.number(); return;
    case tag::host_mark: d.host_mark = item.number(); return;
    case tag::original: d.original = item.number(); return;
    case tag::card_mark: d.card_mark = static_cast<std::uint16_t>(item.number()); return;
  }
  throw std::invalid_argument("an unknown item");
}

void take_field(codec::message& into, const record_form::reader& item) {
  if (!item.is_field())
    throw std::invalid_argument("no field");
  into.set(item.field(), item.value());
}

codec::message read_card(std::string_view clear) {
  if (is_older_form(clear))
    return read_older_card(clear);
  codec::message m;
  for (record_form::reader item(clear); item.next();)
    take_field(m, item);
  return m;
}

// What was given since a journal was copied is unknown, so the number in an adopted one says nothing.
void take_reservation(book& into, const journal_record& r) {
  into.reserve(r.what.id, r.what.upstream, r.what.id <= into.adopted() ? 0 : r.until);
}

// The request with the card that was sealed. Nothing where the key does not open it.
message_ptr with_card(const decision& intent, const std::string& sealed, const codec::dialect& dialect,
                      const store::sealer& sealer) {
  auto clear = sealer.unseal(sealed, binding(intent.id, *intent.message));
  if (!clear)
    return nullptr;
  auto whole = *intent.message;
  for (const auto& [number, value] : read_card(*clear))
    if (dialect.find(number))
      whole.set(number, value);
  store::wipe(*clear);
  return std::make_shared<const codec::message>(std::move(whole));
}

// Returns what is wrong with it, to stand behind its name.
std::string replay_record(book& into, const store::record& from, const store::contents& all,
                          const store::sealer& sealer, time_point now) {
  auto r = read_record(from, sealer);
  auto& d = r.what;
  if (d.what == kind::numbers) {
    take_reservation(into, r);
    return {};
  }
  const auto* host = into.hosts().find(d.upstream);
  if (d.what == kind::unanswered) {
    if (host && d.message)
      into.add_unanswered({d.id, d.message, host->name}, now, r.wall);
    return {};
  }
  if (d.what == kind::intent && !host)
    return "is for the host '" + config::printable(d.upstream, '?') +
           "', which this gateway does not have; start it with that host, or name it in `formerly` of the "
           "group that leads to the same bank";
  if (d.what == kind::intent && d.message)
    if (const auto card = all.cards.find(d.id); card != all.cards.end()) {
      d.message = with_card(d, card->second, *host->dialect, sealer);
      if (!d.message)
        return "holds card data that the journal's key does not open";
    }
  return into.apply(d, now, r.wall) ? "" : "does not follow from those before it";
}

}  // namespace

void write_decision(store::batch& into, const decision& d, std::int64_t wall, const codec::dialect& dialect,
                    const store::sealer& sealer) {
  record_form::writer to;
  if (d.message)
    add_open_fields(to, *d.message, dialect);
  if (d.what == kind::intent)
    write_card(into, d, dialect, sealer);
  add_if_any(to, tag::why, d.why.empty() ? to_string(d.because) : d.why);
  add_if_any(to, tag::who, d.who);
  add_if_any(to, tag::code, d.code);
  if (d.what == kind::attempt) {
    to.add_number(tag::attempt, static_cast<std::uint64_t>(d.attempt));
    to.add_number(tag::attempt_is, static_cast<std::uint64_t>(d.attempt_is));
  }
  if (d.original != 0)
    to.add_number(tag::original, d.original);
  if (d.what == kind::intent)
    write_intent(into, to, d, wall);
  if (d.what == kind::closed)
    to.add(tag::outcome, lifecycle::to_string(d.outcome));
  if (d.what == kind::closed || d.what == kind::delivered)
    into.erased.push_back(d.id);
  into.records.push_back({0, d.id, static_cast<std::uint8_t>(d.what), std::string(to.bytes())});
}

void write_reservation(store::batch& into, transaction_id id, const own_numbers::reservation& r) {
  record_form::writer to;
  to.add(tag::upstream, r.upstream);
  to.add_number(tag::until, r.until);
  into.records.push_back({0, id, static_cast<std::uint8_t>(kind::numbers), std::string(to.bytes())});
}

void write_unanswered(store::batch& into, const request_without_money& r, std::int64_t wall,
                      const codec::dialect& dialect) {
  record_form::writer to;
  for (const int number : {codec::fields::mti, codec::fields::stan, codec::fields::tid}) {
    const auto* spec = dialect.find(number);
    if (!spec || spec->shown != codec::privacy::open || !r.request->has(number))
      return;
    to.add(number, (*r.request)[number]);
  }
  to.add_number(tag::wall, static_cast<std::uint64_t>(wall));
  add_if_any(to, tag::upstream, r.upstream);
  into.records.push_back({0, r.id, static_cast<std::uint8_t>(kind::unanswered), std::string(to.bytes())});
}

lifecycle::state outcome_called(std::string_view name) {
  const auto is = lifecycle::state_of(name);
  if (!is || !lifecycle::is_final(*is))
    throw std::invalid_argument("unknown outcome");
  return *is;
}

journal_record read_record(const store::record& r, const store::sealer& sealer) {
  journal_record read{{static_cast<kind>(r.kind), r.transaction}};
  auto& d = read.what;
  if (is_older_form(r.content)) {
    read = read_older_record(r, sealer);
  } else {
    if (d.what == kind::closed)
      d.outcome = state::queued;
    codec::message m;
    for (record_form::reader item(r.content); item.next();)
      item.is_field() ? take_field(m, item) : read_item(read, item);
    if (d.what == kind::closed && !lifecycle::is_final(d.outcome))
      throw std::invalid_argument("no outcome");
    if (m.begin() != m.end())
      d.message = std::make_shared<const codec::message>(std::move(m));
  }
  if (d.what == kind::reversal_due || (d.what == kind::closed && d.who.empty()))
    d.because = cause_called(d.why);
  return read;
}

std::string key_of(const store::record& r, const store::sealer& sealer) {
  if (static_cast<kind>(r.kind) != kind::intent)
    return {};
  try {
    if (is_older_form(r.content))
      return key_of_older_record(r, sealer);
    for (record_form::reader item(r.content); item.next();)
      if (item.what() == tag::key)
        return item.text();
  } catch (const std::exception&) {
    // The replay reports the error.
  }
  return {};
}

std::string replay(book& into, const store::contents& what, const store::sealer& sealer, time_point now) {
  into.set_adopted(what.adopted);
  for (const auto& r : what.records) {
    std::string wrong;
    try {
      wrong = replay_record(into, r, what, sealer, now);
    } catch (const std::exception&) {
      wrong = "cannot be read";
    }
    if (!wrong.empty())
      return "record " + std::to_string(r.sequence) + " of the journal (purchase " +
             std::to_string(r.transaction) + ") " + wrong;
  }
  return {};
}

}  // namespace actors
