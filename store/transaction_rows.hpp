// In which row of the journal's database the last record of each transaction is. For store/ alone.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

namespace store {

/// About five bytes for each transaction, where their ids were given one after the other.
class transaction_rows {
public:
  /// The number of its row; 0: it has none.
  std::uint64_t of(std::uint64_t transaction) const;

  /// From now on it is `row`, which is not 0. Returns what it was.
  std::uint64_t exchange(std::uint64_t transaction, std::uint64_t row);

  void erase(std::uint64_t transaction);

private:
  static constexpr std::uint64_t page_size = 64;
  // Rows of neighbours are near to each other: a page has by how much they are behind that of its first one,
  // plus one. 0: it has none; the highest number: it is in `far_`.
  static constexpr std::uint32_t is_far = UINT32_MAX;
  struct page {
    std::uint64_t base = 0;
    std::uint32_t count = 0;
    std::array<std::uint32_t, page_size> rows{};
  };

  std::uint64_t row_in(const page& p, std::uint64_t transaction) const;

  std::unordered_map<std::uint64_t, page> pages_;         // by id / page_size
  std::unordered_map<std::uint64_t, std::uint64_t> far_;  // by id
};

}  // namespace store
