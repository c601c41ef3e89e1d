#include "actors/operator/transaction_filter.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>

#include "codec/dialect/dialect.hpp"
#include "net/http/http.hpp"

namespace actors {

namespace {

// A search goes through all that is kept, on the loop.
constexpr std::size_t words_max = 8, find_max = 100;

std::string in_lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool read_last(const std::string& text, std::size_t& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc() && end == text.data() + text.size() && into >= 1 &&
         into <= inspection::transactions::kept_max;
}

bool read_words(const std::string& text, std::vector<std::string>& into) {
  std::istringstream all(in_lower_case(text));
  for (std::string word; all >> word;)
    into.push_back(word);
  return text.size() <= find_max && into.size() <= words_max;
}

bool is_equal_number(const std::string& wanted, const std::string& text) {
  return codec::without_leading_zeros(wanted) == codec::without_leading_zeros(text);
}

// What a list shows of it.
std::string text_of(const inspection::transaction& t) {
  std::string all;
  for (const auto* text : {&t.id, &t.by, &t.mti, &t.tid, &t.stan, &t.amount, &t.outcome, &t.code, &t.meaning,
                           &t.refusal, &t.link, &t.undone.state, &t.undone.code})
    all += *text + " ";
  return in_lower_case(std::move(all));
}

bool fits(const inspection::transaction& t, const transaction_filter& f) {
  auto state = t.undone.state;
  std::ranges::replace(state, ' ', '-');
  if (!t.tid.ends_with(f.tid) || (!f.stan.empty() && !is_equal_number(f.stan, t.stan)) ||
      (!f.code.empty() && (t.code.empty() || !is_equal_number(f.code, t.code))) ||
      (!f.outcome.empty() && f.outcome != t.outcome && f.outcome != state))
    return false;
  if (f.words.empty())
    return true;
  const auto text = text_of(t);
  return std::ranges::all_of(f.words, [&text](const auto& w) { return text.find(w) != std::string::npos; });
}

}  // namespace

std::optional<transaction_filter> read_transaction_filter(const std::string& query) {
  transaction_filter f;
  const auto parameters = net::query_of(query);
  if (!parameters)
    return {};
  std::set<std::string> seen;
  for (const auto& [name, value] : *parameters) {
    auto* const text = name == "tid"       ? &f.tid
                       : name == "stan"    ? &f.stan
                       : name == "code"    ? &f.code
                       : name == "outcome" ? &f.outcome
                                           : nullptr;
    if (!seen.insert(name).second || (text && value.empty()) ||
        !(text || (name == "last" && read_last(value, f.last)) ||
          (name == "find" && read_words(value, f.words))))
      return {};
    if (text)
      *text = value;
  }
  return f;
}

inspection::transactions fitting(const inspection::transactions& all, const transaction_filter& filter) {
  inspection::transactions some;
  some.kept = all.kept;
  for (const auto& t : all.all)
    if (fits(t, filter) && ++some.fitting <= filter.last)
      some.all.push_back(t);
  return some;
}

}  // namespace actors
