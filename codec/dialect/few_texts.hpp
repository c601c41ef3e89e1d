// A set of few short texts, such as codes and MTIs.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace codec {

/// In ascending order. To look at each of them is quicker than the way through a tree.
class few_texts {
public:
  few_texts() = default;
  few_texts(std::initializer_list<std::string_view> all) {
    for (const auto text : all)
      insert(text);
  }

  void insert(std::string_view text) {
    if (const auto at = std::ranges::lower_bound(all_, text); at == all_.end() || *at != text)
      all_.emplace(at, text);
  }

  bool contains(std::string_view text) const { return std::ranges::find(all_, text) != all_.end(); }

  bool empty() const { return all_.empty(); }
  void clear() { all_.clear(); }
  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }

  friend bool operator==(const few_texts&, const few_texts&) = default;

private:
  std::vector<std::string> all_;
};

}  // namespace codec
