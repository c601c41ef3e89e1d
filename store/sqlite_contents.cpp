// What is damaged is told, and may be refused or cut off by others.

#include "store/sqlite_contents.hpp"

#include <algorithm>
#include <utility>

#include "store/check_value.hpp"
#include "store/sqlite_schema.hpp"

namespace store {

namespace {

// The journals of the first programs have check values that took longer.
bool is_intact(std::uint64_t check, std::uint64_t first, std::uint64_t second, std::uint64_t third,
               std::string_view bytes) {
  return check == checksum(first, second, third, bytes) || check == check_value(first, second, third, bytes);
}

std::string fault_of_card(std::uint64_t transaction, const char* others) {
  return "is not complete: the card data of purchase " + std::to_string(transaction) + others +
         " is damaged; put the newest copy of it back";
}

bool read_older(const database& db, std::string_view format, sqlite_contents& into) {
  auto& all = into.records;
  statement highest(db, format == oldest_format ? "SELECT seq FROM sqlite_sequence WHERE name = 'records'"
                                                : "SELECT sequence FROM given");
  if (highest && highest.next())
    all.highest = highest.number(0);
  statement records(db, "SELECT sequence, purchase, kind, content, check_value FROM records");
  while (records && records.next()) {
    record r{records.number(0), records.number(1), static_cast<std::uint8_t>(records.number(2)),
             records.bytes(3)};
    const bool intact = is_intact(records.number(4), r.sequence, r.transaction, r.kind, r.content) &&
                        r.kind == records.number(2);
    all.records.push_back({std::move(r), intact});
  }
  std::ranges::sort(all.records, {}, [](const found::item& i) { return i.what.sequence; });
  if (!all.records.empty() && all.records.back().what.sequence > all.highest)
    into.fault = "is damaged: it holds record " + std::to_string(all.records.back().what.sequence) +
                 ", but has only given " + std::to_string(all.highest);
  statement cards(db, "SELECT purchase, sealed, check_value FROM cards");
  while (cards && cards.next()) {
    if (!is_intact(cards.number(2), cards.number(0), 0, 0, cards.view(1)))
      into.fault = fault_of_card(cards.number(0), "");
    into.cards.emplace(cards.number(0), cards.bytes(1));
  }
  return highest && !highest.failed() && records && !records.failed() && cards && !cards.failed();
}

// One row of batches.
struct row {
  std::uint64_t first, last, check;
  std::string_view bytes;

  bool is_intact() const { return mixed_sum(first, last, bytes) == check; }
};

row row_in(const statement& at) { return {at.number(0), at.number(1), at.number(2), at.view(3)}; }

void take_batch(const row& r, sqlite_contents& into) {
  auto& all = into.records;
  // Each entry takes bytes, so a number that is damaged does not raise the sequences for ever.
  if (r.last >= r.first && r.last - r.first <= r.bytes.size())
    all.highest = std::max(all.highest, r.last);
  batch_form::reader from(r.first, r.bytes);
  if (!r.is_intact()) {
    const auto transaction = from.next() ? from.get().transaction : 0;
    all.records.push_back({{r.first, transaction, 0, ""}, false});
    into.has_damaged = true;
    return;
  }
  while (from.next()) {
    const auto& e = from.get();
    const auto before = into.index.records.exchange(e.transaction, r.first);
    if (e.distance != (before == 0 ? 0 : r.first - before) && !into.has_damaged)
      into.fault = "is not complete: a record of purchase " + std::to_string(e.transaction) +
                   " in front of record " + std::to_string(e.sequence) +
                   " is missing; put the newest copy of it back";
    all.records.push_back({{e.sequence, e.transaction, e.kind, std::string(e.content)}});
  }
  if (from.failed())
    into.fault = "is damaged: the batch of record " + std::to_string(r.first) + " cannot be read";
}

void take_cards(const row& r, sqlite_contents& into) {
  batch_form::reader from(r.first, r.bytes);
  into.index.last_card_row = std::max(into.index.last_card_row, r.last);
  const bool is_intact = r.is_intact();
  while (from.next() && is_intact) {
    into.index.cards[from.get().transaction] = r.first;
    into.cards.emplace(from.get().transaction, from.get().content);
  }
  if (is_intact && !from.failed())
    return;
  const auto first = from.get().transaction;
  into.fault = fault_of_card(first, from.next() ? ", or of one beside it," : "");
}

}  // namespace

bool read_contents(const database& db, std::string_view format, sqlite_contents& into) {
  if (format != newest_format)
    return read_older(db, format, into);
  statement given(db, "SELECT sequence FROM given");
  if (given && given.next())
    into.records.highest = given.number(0);
  statement batches(db, "SELECT first, last, check_value, entries FROM batches ORDER BY first");
  while (batches && batches.next())
    take_batch(row_in(batches), into);
  statement cards(db, "SELECT first, last, check_value, entries FROM sealed_cards");
  while (cards && cards.next())
    take_cards(row_in(cards), into);
  return given && !given.failed() && batches && !batches.failed() && cards && !cards.failed();
}

std::optional<batch_index> renew_contents(database& db, const std::vector<record>& records,
                                          const std::map<std::uint64_t, std::string>& cards,
                                          std::uint64_t highest) {
  if (!renew_tables(db))
    return std::nullopt;
  batch_tables tables(db, {});
  if (!tables || !tables.set_given(highest))
    return std::nullopt;
  for (const auto& r : records)
    if (!tables.add(r, r.sequence))
      return std::nullopt;
  for (const auto& [transaction, sealed] : cards)
    if (!tables.add_card(transaction, sealed))
      return std::nullopt;
  return tables.end_batch() ? std::optional(tables.take_index()) : std::nullopt;
}

}  // namespace store
