#include "codec/result.hpp"

namespace codec {

std::string_view meaning(fault_code code) {
  switch (code) {
    case fault_code::truncated: return "the message ends too early";
    case fault_code::trailing: return "bytes are left over behind the message";
    case fault_code::too_short: return "the message is shorter than any message of this dialect";
    case fault_code::bad_mti: return "the message type is not four digits";
    case fault_code::bad_bitmap: return "the bitmap is malformed";
    case fault_code::unknown_field: return "the dialect has no such field";
    case fault_code::not_a_digit: return "not a digit";
    case fault_code::not_hex: return "not a hexadecimal digit";
    case fault_code::wrong_character: return "a character that this field cannot have";
    case fault_code::too_long: return "longer than its maximum";
    case fault_code::wrong_length: return "not of the field's length";
    case fault_code::wrong_type: return "a JSON value of the wrong kind";
    case fault_code::empty: return "empty; leave a field out that has no value";
    case fault_code::twice: return "given twice";
    case fault_code::missing: return "mandatory, but absent";
    case fault_code::not_reversible:
      return "it may move money, and the dialect's reversal.of does not name it";
    case fault_code::not_a_request: return "not a request";
    case fault_code::bad_date: return "not a date and time";
    case fault_code::forbidden: return "not allowed in this message";
    case fault_code::in_part: return "it takes back a part, which the other dialect cannot say";
    case fault_code::unknown_value: return "none of the values that this field may have";
    case fault_code::wrong_form: return "not of the form that this field must have";
    case fault_code::wrong_check_digit: return "its check digit is wrong";
    case fault_code::expired: return "the local transaction time is too far from now";
  }
  return "unknown fault";
}

std::string to_string(const fault& f) {
  std::string text;
  if (f.field != whole_message)
    text = "field " + std::to_string(f.field) + ": ";
  text += meaning(f.code);
  if (f.offset != 0)
    text += ", at byte " + std::to_string(f.offset);
  return text;
}

}  // namespace codec
