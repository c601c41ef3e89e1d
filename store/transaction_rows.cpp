// Pages of neighbouring ids, each with the rows of its transactions as short numbers.

#include "store/transaction_rows.hpp"

namespace store {

std::uint64_t transaction_rows::row_in(const page& p, std::uint64_t transaction) const {
  const auto place = p.rows[transaction % page_size];
  if (place == is_far)
    return far_.at(transaction);
  return place == 0 ? 0 : p.base + place - 1;
}

std::uint64_t transaction_rows::of(std::uint64_t transaction) const {
  const auto it = pages_.find(transaction / page_size);
  return it == pages_.end() ? 0 : row_in(it->second, transaction);
}

std::uint64_t transaction_rows::exchange(std::uint64_t transaction, std::uint64_t row) {
  auto& at = pages_[transaction / page_size];
  if (at.count == 0)
    at.base = row;
  const auto before = row_in(at, transaction);
  auto& place = at.rows[transaction % page_size];
  at.count += place == 0 ? 1 : 0;
  if (place == is_far)
    far_.erase(transaction);
  const auto behind = row - at.base;
  place = behind < is_far - 1 ? static_cast<std::uint32_t>(behind + 1) : is_far;
  if (place == is_far)
    far_[transaction] = row;
  return before;
}

void transaction_rows::erase(std::uint64_t transaction) {
  const auto it = pages_.find(transaction / page_size);
  if (it == pages_.end())
    return;
  auto& place = it->second.rows[transaction % page_size];
  if (place == 0)
    return;
  if (place == is_far)
    far_.erase(transaction);
  place = 0;
  if (--it->second.count == 0)
    pages_.erase(it);
}

}  // namespace store
