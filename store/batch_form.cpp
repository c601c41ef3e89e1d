// Writes and reads the bytes of rows. It knows no database; whether bytes are as they were written is for
// their check value to say.

#include "store/batch_form.hpp"

#include <array>

#include "store/number_form.hpp"

namespace store::batch_form {

namespace {

// Of a difference that may be negative: small ones take a byte.
std::uint64_t folded(std::uint64_t difference) {
  return difference << 1 ^ (difference >> 63 != 0 ? ~std::uint64_t{0} : 0);
}
std::uint64_t unfolded(std::uint64_t number) {
  return number >> 1 ^ ((number & 1) != 0 ? ~std::uint64_t{0} : 0);
}

}  // namespace

void writer::begin(std::uint64_t row) {
  bytes_.clear();
  next_ = row;
  transaction_ = 0;
}

void writer::add(const entry& e) {
  using number_form::put;
  std::array<char, 4 * number_form::size_max + 1> head;
  auto* end = put(head.data(), e.sequence - next_);
  end = put(end, folded(e.transaction - transaction_));
  *end++ = static_cast<char>(e.kind);
  end = put(end, e.distance);
  end = put(end, e.content.size());
  bytes_.append(head.data(), static_cast<std::size_t>(end - head.data()));
  bytes_ += e.content;
  next_ = e.sequence + 1;
  transaction_ = e.transaction;
}

std::uint64_t reader::number() {
  const auto number = number_form::take(rest_);
  failed_ = failed_ || !number;
  return number.value_or(0);
}

bool reader::next() {
  if (rest_.empty() || failed_)
    return false;
  entry_.sequence = next_ + number();
  entry_.transaction += unfolded(number());
  if (rest_.empty()) {
    failed_ = true;
    return false;
  }
  entry_.kind = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  entry_.distance = number();
  const auto size = number();
  failed_ = failed_ || size > rest_.size();
  if (failed_)
    return false;
  entry_.content = rest_.substr(0, size);
  rest_.remove_prefix(size);
  next_ = entry_.sequence + 1;
  return true;
}

}  // namespace store::batch_form
