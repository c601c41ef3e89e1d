// Counters of one name by the values of their labels.
#pragma once

#include <prometheus/counter.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace actors {

/// The values of a label that others choose: the first ones, and "other".
class few_values {
public:
  explicit few_values(std::size_t most) : most_(most) {}

  std::string_view of(std::string_view value) {
    if (value == last_)
      return last_;
    if (const auto known = seen_.find(value); known != seen_.end())
      return last_ = *known;
    return seen_.size() < most_ ? last_ = *seen_.emplace(value).first : "other";
  }

private:
  std::size_t most_;
  std::set<std::string, std::less<>> seen_;
  std::string_view last_;  // of `seen_`: most that is counted is like what was counted before
};

/// Found by the values of their labels, which the library's own way to a counter would copy, hash and lock
/// each time: for what is counted with each message.
template <std::size_t N>
class counters_by {
public:
  counters_by(prometheus::Family<prometheus::Counter>& all, std::array<const char*, N> names)
    : all_(all), names_(names) {}

  prometheus::Counter& of(const std::array<std::string_view, N>& values) {
    if (last_ != known_.end() && std::ranges::equal(last_->first, values))
      return *last_->second;
    last_ = known_.find(values);
    if (last_ == known_.end()) {
      prometheus::Labels labels;
      std::array<std::string, N> key;
      for (std::size_t i = 0; i < N; ++i)
        labels.emplace(names_[i], key[i] = values[i]);
      last_ = known_.emplace(std::move(key), &all_.Add(labels)).first;
    }
    return *last_->second;
  }

private:
  struct less {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const {
      return std::ranges::lexicographical_compare(a, b, std::less<std::string_view>());
    }
  };

  prometheus::Family<prometheus::Counter>& all_;
  std::array<const char*, N> names_;
  std::map<std::array<std::string, N>, prometheus::Counter*, less> known_;
  typename decltype(known_)::iterator last_ = known_.end();
};

}  // namespace actors
