#include "codec/exchange/several_messages.hpp"

#include <algorithm>

#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/card_number.hpp"
#include "codec/unpack.hpp"

namespace codec {

namespace {

bool is_card(std::string_view value) {
  return value.size() >= pan_size_min && std::ranges::all_of(value, is_digit);
}

bool is_of(std::string_view mti, char edition) {
  const auto kind = message_class(mti);
  return mti.front() == edition && kind > '0' && kind < '9';
}

bool has_stan_and_terminal(const message& m) { return m.has(fields::stan) && m.has(fields::tid); }

// Whether a message of this edition begins here.
bool begins_message(std::string_view in, char edition, const dialect& d) {
  const auto here = unpack_what_can_be_read(in, d);
  return here && is_of(here->value.mti(), edition) &&
         (is_card(here->value[fields::pan]) || has_stan_and_terminal(here->value));
}

// A value that is not as the dialect has it shows that this is no message, but text that looks like one.
bool is_odd(const fault& f) {
  return f.code != fault_code::unknown_field && f.code != fault_code::truncated &&
         f.code != fault_code::trailing;
}

// Stricter, for any text may stand there. Each message of a client or for one has both fields.
bool begins_plain_message(std::string_view in, char edition, const dialect& d) {
  // They stand within it. To read all of a long rest at each of its bytes would take long.
  constexpr std::size_t front_size = 400;
  const auto here = unpack_what_can_be_read(in.substr(0, front_size), d);
  return here && is_of(here->value.mti(), edition) && has_stan_and_terminal(here->value) &&
         std::ranges::none_of(here->faults, is_odd);
}

// Where the first message ends; none where that cannot be told.
std::optional<std::size_t> end_of(const readable& first) {
  if (first.faults.empty() || first.faults.back().code != fault_code::trailing)
    return {};
  return first.faults.back().offset;
}

bool has_one_behind(const readable& first, std::string_view in, const dialect& d) {
  const auto end = end_of(first);
  return end && begins_message(in.substr(*end), first.value.mti().front(), d);
}

}  // namespace

std::size_t size_of_first_message(std::string_view in, const dialect& d) {
  const auto first = unpack_what_can_be_read(in, d);
  return first && has_one_behind(*first, in, d) ? *end_of(*first) : in.size();
}

std::optional<std::size_t> other_message_in(std::string_view in, const dialect& d) {
  const auto first = unpack_what_can_be_read(in, d);
  if (!first)
    return {};
  if (has_one_behind(*first, in, d))
    return end_of(*first);
  const bool has_unread_part = end_of(*first) || first->stopped_at <= field_max;
  for (auto at = has_unread_part ? first->faults.back().offset : in.size(); at < in.size(); ++at)
    if (begins_plain_message(in.substr(at), first->value.mti().front(), d))
      return at;
  return {};
}

}  // namespace codec
