// The bytes of a row of the journal's database: the records of a batch, or its sealed cards. For store/
// alone.
//
//   row     entry, entry, ...
//   entry   gap, transaction, kind, distance, size, content
//   gap          how many sequences are missing in front of it, whose records were deleted
//   transaction  its id, less that of the entry before; twice as much, and one less where it is negative
//   kind         one byte
//   others       numbers (number_form)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace store::batch_form {

struct entry {
  std::uint64_t sequence = 0;
  std::uint64_t transaction = 0;
  std::uint8_t kind = 0;
  std::uint64_t distance = 0;  ///< to the row with the transaction's record before; 0: this one, or none
  std::string_view content = {};
};

/// Makes one row after the other.
class writer {
public:
  /// `row`: the lowest sequence that an entry of it may have.
  void begin(std::uint64_t row);

  /// In ascending order of the sequences.
  void add(const entry& e);

  const std::string& bytes() const { return bytes_; }

private:
  std::string bytes_;
  std::uint64_t next_ = 0, transaction_ = 0;
};

/// Takes the entries of a row one after the other.
class reader {
public:
  reader(std::uint64_t row, std::string_view bytes) : rest_(bytes), next_(row) {}

  /// The entry's content is a view of the row's bytes. False at the end, and where the bytes are no row.
  bool next();

  const entry& get() const { return entry_; }
  bool failed() const { return failed_; }

private:
  std::uint64_t number();

  std::string_view rest_;
  std::uint64_t next_;
  entry entry_;
  bool failed_ = false;
};

}  // namespace store::batch_form
