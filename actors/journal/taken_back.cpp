#include "actors/journal/taken_back.hpp"

#include <algorithm>

#include "codec/exchange/local_time.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"

namespace actors {

namespace fields = codec::fields;

bool is_amount_of(const transaction& t, std::string_view amount) {
  const auto digits = codec::without_leading_zeros(amount);
  return codec::without_leading_zeros((*t.request)[fields::amount]) == digits ||
         codec::without_leading_zeros(amount_of(t)) == digits;
}

bool takes_back_a_part(const codec::message& reversal, const transaction& original, const codec::dialect& d) {
  const auto amount = reversal[fields::amount];
  return codec::reverses_a_part(reversal, d) ||
         (amount.find_first_not_of('0') != std::string_view::npos && !is_amount_of(original, amount) &&
          codec::number_of(amount) < codec::number_of(amount_of(original)));
}

std::string said_of_part(const codec::message& reversal, const codec::dialect& d) {
  std::string said(codec::without_leading_zeros(reversal[fields::amount]));
  said += '/';
  said += codec::amount_that_stays(reversal, d);
  return said;
}

void taken_back::add(const transaction& reversal, const transaction& original, const codec::dialect& d) {
  const auto& m = *reversal.request;
  auto& back = parts_[original.id];
  if (!takes_back_a_part(m, original, d)) {
    back.is_all = true;
    return;
  }
  const auto approved = codec::number_of(amount_of(original));
  const auto stays = codec::amount_that_stays(m, d);
  const bool is_by_code_alone = stays.empty() && codec::reverses_a_part(m, d);
  const auto said = reversal.trace + "/" + codec::local_time_text(m, d) + "/" + said_of_part(m, d);
  if (is_by_code_alone || !back.said.insert(said).second)
    return;
  if (stays.empty())
    back.sum += codec::number_of(m[fields::amount]);
  else
    back.sum = std::max(back.sum, approved - std::min(approved, codec::number_of(stays)));
  back.is_all = back.sum >= approved;
}

bool taken_back::is_all(transaction_id id) const {
  const auto it = parts_.find(id);
  return it != parts_.end() && it->second.is_all;
}

}  // namespace actors
