// Writes and reads the items of a journal's records. What they mean is journal_records' business.

#include "actors/journal/record_form.hpp"

#include <cstring>

#include "store/number_form.hpp"

namespace actors::record_form {

namespace {

namespace number_form = store::number_form;

// Takes a number from the front of `rest`.
std::uint64_t take_number(std::string_view& rest) {
  if (const auto number = number_form::take(rest))
    return *number;
  throw std::invalid_argument("no number of ours");
}

}  // namespace

char* writer::room(std::size_t size) {
  if (long_.empty() && size_ + size > short_.size())
    long_.assign(short_.data(), size_);
  if (!long_.empty() && size_ + size > long_.size())
    long_.resize(2 * (size_ + size));
  return (long_.empty() ? short_.data() : long_.data()) + size_;
}

void writer::add(int tag, std::string_view value) {
  auto* const begin = room(1 + number_form::size_max + value.size());
  auto* end = begin;
  *end++ = static_cast<char>(tag);
  end = number_form::put(end, value.size());
  std::memcpy(end, value.data(), value.size());
  size_ += static_cast<std::size_t>(end - begin) + value.size();
}

void writer::add_number(tag what, std::uint64_t number) {
  std::array<char, number_form::size_max> bytes;
  const auto* end = number_form::put(bytes.data(), number);
  add(what, {bytes.data(), static_cast<std::size_t>(end - bytes.data())});
}

reader::reader(std::string_view content) : rest_(content) {
  if (rest_.empty() || rest_.front() != version)
    throw std::invalid_argument("no record of this version");
  rest_.remove_prefix(1);
}

bool reader::next() {
  if (rest_.empty())
    return false;
  tag_ = static_cast<unsigned char>(rest_.front());
  rest_.remove_prefix(1);
  const auto size = take_number(rest_);
  if (size > rest_.size())
    throw std::invalid_argument("an item that is cut off");
  value_ = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

std::uint64_t reader::number() const {
  auto rest = value_;
  const auto number = take_number(rest);
  if (!rest.empty())
    throw std::invalid_argument("no number of ours");
  return number;
}

}  // namespace actors::record_form
