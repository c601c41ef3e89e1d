// The emulated bank's accounts, the amounts with a meaning (such as those that end in 777), and its
// responses. No actor.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "actors/protocol/upstreams.hpp"

namespace actors {

class bank_ledger {
public:
  /// A transaction that was approved and not reversed.
  struct transaction {
    std::string pan, tid, stan;
    std::int64_t amount;
    std::string local_time, reference, original_data;
  };

  /// `opening_balance`: of each account, in the unit of field 4.
  bank_ledger(dialect_ptr dialect, std::uint64_t seed, std::int64_t opening_balance = 100000);

  const codec::dialect& dialect() const { return *dialect_; }

  /// The bank's response, or nothing if it sends none. `now`: for field 7. `code`: what financial requests
  /// are answered with, without a look at the accounts; empty: the accounts decide.
  std::optional<codec::message> respond(const codec::message& request, std::chrono::local_seconds now,
                                        std::string_view code = {});

  /// The balance of the account of `pan`, in the unit of field 4; an unused account has the opening balance.
  std::int64_t balance(const std::string& pan) const;

  /// The transactions whose money it has.
  const std::vector<transaction>& approved() const { return approved_; }

private:
  bool asks_for_money(const codec::message& request) const;
  std::string original_data_of(const codec::message& request) const;
  void answer(codec::message& m, std::string_view code) const;
  void echo(codec::message& m);
  void authorize(codec::message& m, const codec::message& request);
  void reverse(codec::message& m);
  std::string random_text(std::size_t size, std::string_view alphabet);

  dialect_ptr dialect_;
  std::int64_t opening_balance_;
  int original_data_field_ = 0;  // of a reversal; 0: this dialect has none
  std::mt19937_64 random_;
  std::map<std::string, std::int64_t> balances_;  // by PAN, in the unit of field 4
  std::vector<transaction> approved_;
};

}  // namespace actors
