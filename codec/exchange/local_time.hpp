// The local time of a transaction: digits that a dialect keeps in one field, or in several.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// YYMMDDhhmmss; nothing where the digits are no date and time. Years are 2000 to 2099.
std::optional<std::chrono::local_seconds> parse_local_time(std::string_view digits);

/// The twelve digits YYMMDDhhmmss.
std::string format_local_time(std::chrono::local_seconds time);

/// Field 7 of a message that is sent then: MMDDhhmmss (ISO 8583:1987 and 1993).
std::string transmission_time(std::chrono::local_seconds time);

/// The digits of `time` in a form such as "MMDD", "hhmmss", "YYMMDDhhmmss"; nothing where it is none.
std::optional<time_digits> time_form(std::string_view form);

/// The digits of its local time that a message has, as they stand; empty where it has none.
std::string local_time_text(const message& m, const dialect& d);

/// What tells a request from others of its terminal and STAN: its local time, or where it says none its field
/// 7; empty where it has neither.
std::string moment_text(const message& m, const dialect& d);

/// Whether two requests of one terminal and STAN may be one transaction: the digits of the local time that
/// both say are equal; where they share none, their fields 7. Requests that say no time are never told apart.
bool may_be_same_moment(const message& a, const message& b, const dialect& d);

/// Whether a response says the local time of a request in all the fields in which the request says it, so
/// that it is not that of another one.
bool says_time_of(const message& response, const message& request, const dialect& d);

/// The digits of the date that a message says; one that says none has that of its field 7.
std::string local_day_text(const message& m, const dialect& d);

/// The local time that a message says; what is missing of the date is that which is nearest to `now`. Nothing
/// where it says none, or digits that are no time.
std::optional<std::chrono::local_seconds> local_time_of(const message& m, const dialect& d,
                                                        std::chrono::local_seconds now);

/// Sets the fields of the local time that are absent.
void set_local_time(message& m, const dialect& d, std::chrono::local_seconds time);

}  // namespace codec
