#include "codec/message.hpp"

#include <algorithm>

namespace codec {

const message::field* message::find(int number) const {
  const auto it = std::ranges::lower_bound(fields_, number, {}, &field::number);
  return it != fields_.end() && it->number == number ? &*it : nullptr;
}

void message::set(int number, std::string value) {
  wire_.clear();
  if (fields_.empty() || fields_.back().number < number) {
    fields_.push_back({number, std::move(value)});
    return;
  }
  const auto it = std::ranges::lower_bound(fields_, number, {}, &field::number);
  if (it->number == number)
    it->value = std::move(value);
  else
    fields_.insert(it, {number, std::move(value)});
}

void message::erase(int number) {
  wire_.clear();
  std::erase_if(fields_, [number](const field& f) { return f.number == number; });
}

}  // namespace codec
