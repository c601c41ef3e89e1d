// Adds rows, finds a transaction's records by going back from its last row to the ones before, and takes what
// has ended out of its rows: a row that is empty then is deleted. Neighbours end together, so most rows are
// read and deleted once.

#include "store/sqlite_batches.hpp"

#include <algorithm>
#include <utility>

#include "store/check_value.hpp"

namespace store {

namespace {

// What a large batch has more of goes into further rows, since a row of which a part is deleted is written
// anew.
constexpr std::size_t row_size_max = 16 * 1024;

}  // namespace

batch_tables::table::table(const database& db, const std::string& of)
  : name(of),
    add(db, ("INSERT INTO " + of + "(first, last, check_value, entries) VALUES(?, ?, ?, ?)").c_str()),
    get(db, ("SELECT last, check_value, entries FROM " + of + " WHERE first = ?").c_str()),
    change(db, ("UPDATE " + of + " SET check_value = ?, entries = ? WHERE first = ?").c_str()),
    remove(db, ("DELETE FROM " + of + " WHERE first = ?").c_str()) {}

batch_tables::batch_tables(const database& db, batch_index known)
  : records_(db, "batches"),
    cards_(db, "sealed_cards"),
    give_(db, "UPDATE given SET sequence = ?"),
    index_(std::move(known)) {}

batch_tables::operator bool() const { return records_.is_ready() && cards_.is_ready() && give_; }

bool batch_tables::add(const record& r, std::uint64_t sequence) {
  if (new_records_.first == 0)
    new_records_.first = sequence;
  const auto before = index_.records.exchange(r.transaction, new_records_.first);
  return put(records_, new_records_,
             {sequence, r.transaction, r.kind, before == 0 ? 0 : new_records_.first - before, r.content});
}

bool batch_tables::add_card(std::uint64_t transaction, std::string_view sealed) {
  if (index_.cards.contains(transaction) && !(end_batch() && erase_cards({transaction})))
    return false;
  const auto number = ++index_.last_card_row;
  if (new_cards_.first == 0)
    new_cards_.first = number;
  index_.cards[transaction] = new_cards_.first;
  return put(cards_, new_cards_, {number, transaction, 0, 0, sealed});
}

bool batch_tables::put(table& to, open_row& row, const batch_form::entry& e) {
  if (row.last == 0)
    row.entries.begin(row.first);
  row.entries.add(e);
  row.last = e.sequence;
  return row.entries.bytes().size() < row_size_max || end(to, row);
}

bool batch_tables::end(table& of, open_row& row) {
  if (row.last == 0)
    return true;
  const auto first = std::exchange(row.first, 0), last = std::exchange(row.last, 0);
  const std::string& bytes = row.entries.bytes();
  return of.add.bind(1, first).bind(2, last).bind(3, mixed_sum(first, last, bytes)).bind(4, bytes).run();
}

bool batch_tables::end_batch() { return end(records_, new_records_) && end(cards_, new_cards_); }

bool batch_tables::set_given(std::uint64_t sequence) { return give_.bind(1, sequence).run(); }

bool batch_tables::erase_cards(const std::vector<std::uint64_t>& transactions) {
  places from;
  for (const auto id : transactions)
    if (const auto it = index_.cards.find(id); it != index_.cards.end()) {
      from[it->second].push_back(id);
      index_.cards.erase(it);
    }
  return take_out(cards_, std::move(from));
}

bool batch_tables::forget(const std::vector<std::uint64_t>& transactions) {
  places from;
  for (const auto id : transactions)
    if (const auto row = index_.records.of(id); row != 0) {
      from[row].push_back(id);
      index_.records.erase(id);
    }
  return take_out(records_, std::move(from));
}

bool batch_tables::take_out(table& of, places from) {
  while (!from.empty()) {
    auto place = from.extract(from.begin());
    if (!take_out_of(of, place.key(), place.mapped(), from))
      return false;
  }
  return true;
}

// `also`: gets the rows before this one that have records of the same transactions.
bool batch_tables::take_out_of(table& of, std::uint64_t row, std::vector<std::uint64_t>& transactions,
                               places& also) {
  if (!get_row(of, row))
    return false;
  std::ranges::sort(transactions);
  const auto last = of.get.number(0);
  left_.begin(row);
  for (batch_form::reader from(row, of.get.view(2)); from.next();) {
    const auto& e = from.get();
    if (!std::ranges::binary_search(transactions, e.transaction))
      left_.add(e);
    else if (e.distance != 0)
      also[row - e.distance].push_back(e.transaction);
  }
  if (!of.get.run())
    return false;
  const std::string& bytes = left_.bytes();
  return bytes.empty() ? of.remove.bind(1, row).run()
                       : of.change.bind(1, mixed_sum(row, last, bytes)).bind(2, bytes).bind(3, row).run();
}

// Leaves `of.get` on the row; it is reset by its next run.
bool batch_tables::get_row(table& of, std::uint64_t row) {
  const bool is_there = of.get.bind(1, row).next();
  if (is_there && mixed_sum(row, of.get.number(0), of.get.view(2)) == of.get.number(1))
    return true;
  const bool failed = of.get.failed();
  of.get.run();
  if (!failed)
    damage_ = "row " + std::to_string(row) + " of its table " + of.name + " is not as it was written";
  return false;
}

std::optional<std::vector<record>> batch_tables::records_of(std::uint64_t transaction) {
  std::vector<record> found;
  for (auto row = index_.records.of(transaction); row != 0;) {
    if (!get_row(records_, row))
      return std::nullopt;
    std::vector<record> here;
    std::uint64_t distance = 0;
    for (batch_form::reader from(row, records_.get.view(2)); from.next();)
      if (const auto& e = from.get(); e.transaction == transaction) {
        here.push_back({e.sequence, e.transaction, e.kind, std::string(e.content)});
        distance += e.distance;
      }
    records_.get.run();
    found.insert(found.begin(), std::make_move_iterator(here.begin()), std::make_move_iterator(here.end()));
    row = distance == 0 ? 0 : row - distance;
  }
  return found;
}

}  // namespace store
