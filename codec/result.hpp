// A value, or why there is none.
//
// A peer's bad bytes are ordinary, so they are values and not exceptions: a
// `fault` names the field and the byte where reading stopped making sense.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace codec {

enum class fault_code : std::uint8_t {
  truncated,          ///< the bytes end before the message does: more may come
  trailing,           ///< bytes are left over behind the message
  too_short,          ///< a whole message, but shorter than the dialect allows
  bad_mti,            ///< the message type is not four digits
  bad_bitmap,         ///< the bitmap's length does not fit its own bits, or is not hexadecimal
  unknown_field,      ///< the dialect has no such field
  not_a_digit,        ///< a digit was due
  not_hex,            ///< a hexadecimal digit was due
  wrong_character,    ///< a character that the field's content does not have
  too_long,           ///< longer than the field's maximum
  wrong_length,       ///< a fixed field that nothing fills up, or half a character
  wrong_type,         ///< a JSON value of a kind that this field cannot have
  empty,              ///< a JSON value without content, where a value was due
  twice,              ///< the same field under two names
  missing,            ///< a mandatory field is absent
  not_reversible,     ///< it moves money, and the dialect does not say that such a message can be reversed
  not_a_request,      ///< a response or an unknown kind of message, from someone who may only ask
  bad_date,           ///< not a date and time
  forbidden,          ///< a field that the dialect's rules do not allow here
  in_part,            ///< it says that a part is taken back, and the other dialect cannot say that
  unknown_value,      ///< none of the values that the dialect lists
  wrong_form,         ///< not like the pattern that the dialect gives
  wrong_check_digit,  ///< its last digit does not check the others
  expired,            ///< the local transaction time is too far from now
};

/// The whole message rather than one of its fields.
inline constexpr int whole_message = -1;

struct fault {
  fault_code code;
  int field = whole_message;  ///< 0 is the MTI, 1 the bitmap
  std::size_t offset = 0;     ///< bytes from the message's first; 0 where the fault is not in bytes

  friend bool operator==(const fault&, const fault&) = default;
};

/// "not a digit"
std::string_view meaning(fault_code code);

/// For logs: "field 4: not a digit, at byte 23". Never contains a field's value.
std::string to_string(const fault& f);

/// Either a T or an E; ask `ok()` before taking either.
template <class T, class E = fault>
class [[nodiscard]] result {
public:
  result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  result(E error) : held_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<0>(held_); }
  const T& value() const& { return std::get<0>(held_); }
  T&& value() && { return std::get<0>(std::move(held_)); }
  const E& error() const { return std::get<1>(held_); }

  T* operator->() { return &std::get<0>(held_); }
  const T* operator->() const { return &std::get<0>(held_); }
  T& operator*() { return std::get<0>(held_); }
  const T& operator*() const { return std::get<0>(held_); }

private:
  std::variant<T, E> held_;
};

}  // namespace codec
