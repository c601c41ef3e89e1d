// Writes and reads the items of a journal's records. What they mean is journal_records' business.

#include "actors/journal/record_form.hpp"

namespace actors::record_form {

namespace {

constexpr unsigned bits = 7, more = 0x80;

// Takes a number from the front of `rest`.
std::uint64_t take_number(std::string_view& rest) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; !rest.empty() && shift < 64; shift += bits) {
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    number |= std::uint64_t{byte & (more - 1)} << shift;
    if ((byte & more) == 0)
      return number;
  }
  throw std::invalid_argument("no number of ours");
}

}  // namespace

void writer::append_number(std::uint64_t number) {
  for (; number >= more; number >>= bits)
    bytes_ += static_cast<char>(number | more);
  bytes_ += static_cast<char>(number);
}

void writer::add(int tag, std::string_view value) {
  // Nearly all are short.
  if (value.size() < more) {
    const char front[]{static_cast<char>(tag), static_cast<char>(value.size())};
    bytes_.append(front, sizeof front);
  } else {
    bytes_ += static_cast<char>(tag);
    append_number(value.size());
  }
  bytes_ += value;
}

void writer::add_number(tag what, std::uint64_t number) {
  bytes_ += static_cast<char>(what);
  const auto size_at = bytes_.size();
  bytes_ += '\0';
  append_number(number);
  bytes_[size_at] = static_cast<char>(bytes_.size() - size_at - 1);
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
