// The tables with a row for each batch: its records, and its sealed cards. For store/ alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/batch_form.hpp"
#include "store/journal_store.hpp"
#include "store/sqlite.hpp"
#include "store/transaction_rows.hpp"

namespace store {

/// Where what is in the tables stands.
struct batch_index {
  transaction_rows records = {};                                ///< the row with a transaction's last record
  std::unordered_map<std::uint64_t, std::uint64_t> cards = {};  ///< the row with its sealed card
  std::uint64_t last_card_row = 0;
};

/// Its calls change the tables in a transaction of the caller. Where one returns false, the database refused,
/// or `damage` says what is not as it was written; then the tables must not be changed any more.
class batch_tables {
public:
  /// Of a database whose tables hold what `known` says.
  batch_tables(const database& db, batch_index known);

  /// False where the database lacks a table or a column.
  explicit operator bool() const;

  /// Adds a record behind all others, and a sealed card. They are in the tables after `end_batch`.
  bool add(const record& r, std::uint64_t sequence);
  bool add_card(std::uint64_t transaction, std::string_view sealed);
  bool end_batch();

  /// `sequence`: the last one, deleted records included.
  bool set_given(std::uint64_t sequence);

  bool erase_cards(const std::vector<std::uint64_t>& transactions);

  /// Deletes all records of these transactions.
  bool forget(const std::vector<std::uint64_t>& transactions);

  /// All records of a transaction, in their order; nothing as above.
  std::optional<std::vector<record>> records_of(std::uint64_t transaction);

  /// Where all is, for another object; this one must not be used any more.
  batch_index take_index() { return std::move(index_); }

  const std::string& damage() const { return damage_; }

private:
  struct table {
    table(const database& db, const std::string& name);
    bool is_ready() const { return add && get && change && remove; }

    std::string name;
    statement add, get, change, remove;
  };
  // Transactions by the row that they are in, the youngest row first.
  using places = std::map<std::uint64_t, std::vector<std::uint64_t>, std::greater<>>;

  struct open_row {
    std::uint64_t first = 0, last = 0;  // 0: there is none
    batch_form::writer entries = {};
  };

  bool put(table& to, open_row& row, const batch_form::entry& e);
  bool end(table& of, open_row& row);
  bool take_out(table& of, places from);
  bool take_out_of(table& of, std::uint64_t row, std::vector<std::uint64_t>& transactions, places& also);
  bool get_row(table& of, std::uint64_t row);

  table records_, cards_;
  statement give_;
  batch_index index_;
  open_row new_records_, new_cards_;
  batch_form::writer left_;
  std::string damage_;
};

}  // namespace store
