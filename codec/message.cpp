#include "codec/message.hpp"

#include <algorithm>

namespace codec {

const message::place* message::find(int number) const {
  // There are few: to look at each is as quick as to divide.
  for (const auto& p : index_)
    if (p.number >= number)
      return p.number == number ? &p : nullptr;
  return nullptr;
}

std::string_view message::made_text(const place& p) const {
  for (const auto& [number, text] : made_.all)
    if (number == p.number)
      return text;
  std::string text;
  p.form.coded->read(raw(p), p.units, p.form, text);
  if (const auto bare = trimmed(text, p.form); bare.size() != text.size())
    text = std::string(bare);
  return made_.all.emplace_front(p.number, std::move(text)).second;
}

void message::forget_text(int number) {
  made_.all.remove_if([number](const auto& made) { return made.first == number; });
}

void message::put(int number, std::string_view value) {
  // The value may be a view into this message.
  const auto size = static_cast<std::uint32_t>(value.size());
  const auto it = std::ranges::lower_bound(index_, number, {}, &place::number);
  const bool is_there = it != index_.end() && it->number == number;
  place p{{}, static_cast<std::uint32_t>(bytes_.size()), size, number};
  if (is_there && !it->form.coded && size <= it->units) {
    p.at = it->at;
    std::char_traits<char>::move(bytes_.data() + p.at, value.data(), size);
  } else {
    bytes_.append(value);
  }
  forget_text(number);
  if (is_there)
    *it = p;
  else
    index_.insert(it, p);
}

void message::set(int number, std::string_view value) {
  size_ = 0;
  read_ = reading::whole;
  put(number, value);
}

void message::take(int number, std::string_view value) { put(number, value); }

void message::erase(int number) {
  const auto it = std::ranges::lower_bound(index_, number, {}, &place::number);
  if (it != index_.end() && it->number == number) {
    std::fill_n(bytes_.begin() + it->at, raw(*it).size(), '\0');
    index_.erase(it);
  }
  size_ = 0;
  read_ = reading::whole;
  forget_text(number);
}

bool operator==(const message& a, const message& b) {
  return std::ranges::equal(a.index_, b.index_,
                            [&](const message::place& one, const message::place& other) {
                              return one.number == other.number && a.text(one) == b.text(other);
                            }) &&
         a.wire() == b.wire();
}

}  // namespace codec
