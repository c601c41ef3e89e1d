// The message that undoes a message, and what the host's answers to both mean for the money.
//
// What a host wants in a reversal, and which codes mean what, are rows of the dialect (`reversal`).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// Whether money may have moved when nobody hears the answer to this request: it must then be reversed.
bool moves_money(const message& request, const dialect& d);

/// A reversal that a client sends itself: undoing, so it must be brought to an end, but is never undone.
bool is_reversal(const message& request);

/// Whether it moves no money, and yet its response is of the type of a purchase's: a balance inquiry.
bool inquires(const message& request, const dialect& d);

/// Whether it takes back only a part: field 95 of edition 1987 says what stays (ISO 8583:1987, Replacement
/// Amounts), the function code 401 of edition 1993 that a part does. A dialect may have them elsewhere, under
/// the aliases `replacement_amounts` and `function_code`. Returns the number of that field, 0 where it takes
/// back all.
int field_of_part(const message& reversal, const dialect& d);
inline bool reverses_a_part(const message& reversal, const dialect& d) {
  return field_of_part(reversal, d) != 0;
}

/// The number of the field with a function code where that is not 401, whatever the reversal's amounts say of
/// a part (ISO 8583:1993, function codes 400 and 401); 0 where there is none.
int field_that_denies_a_part(const message& reversal, const dialect& d);

/// The amount of the purchase that stays behind such a reversal, where it says so: twelve digits, not all 0.
/// Else empty.
std::string_view amount_that_stays(const message& reversal, const dialect& d);

/// The transaction that a client's own reversal takes back, where that is known.
struct known_original {
  std::shared_ptr<const message> request;
  bool in_part = false;              ///< less than the host has approved is taken back
  std::string approved_amount = {};  ///< field 4; empty: no approval was heard
};

/// What the response to a financial request says about the money.
enum class reply : std::uint8_t {
  approved,
  declined,
  undetermined,  ///< the host itself does not know: the client is told no, and it is reversed
  duplicate,     ///< the host takes it for a repeat of an older one; a reversal would hit that one
};
reply reply_of(const message& response, const dialect& d);

/// What the response to a reversal says.
enum class reversal_reply : std::uint8_t {
  done,
  system_error,  ///< to be tried again
  not_found,     ///< no such original at the host, now
  refused,       ///< anything else: a person must look
};
/// Whether an earlier attempt at the same reversal may have worked: one that stayed unanswered. Only then
/// does "duplicate" mean that the original is undone; else the host takes the reversal for a repeat of
/// something else.
enum class earlier_attempt : std::uint8_t { none, unanswered };
reversal_reply reversal_reply_of(const message& response, const dialect& d, earlier_attempt earlier);

/// Whether this code of field 39, in the response to a reversal, says that the host knows no such original.
bool says_not_found(std::string_view code, const dialect& d);

/// Whether the host has done what it was asked: a purchase is approved, or a reversal is done.
bool accepts(const message& response, const dialect& d);

/// Which reversal it is.
struct reversal_attempt {
  int number = 1;             ///< from 1
  std::uint64_t case_id = 0;  ///< the same at each attempt; its own STAN follows from it, where it has one
};

/// The amount (field 4) of a reversal `m` of all, of what the host has approved in part: the `asked` or the
/// `approved` one, as the host wants it (`reversal.amount`), whichever of them `m` has. Both are digits; no
/// `approved`, or 0, changes nothing.
void set_amount_to_undo(message& m, std::string_view asked, std::string_view approved, const dialect& d);

/// `original` undone: its fields but those that a reversal must not repeat, what the dialect sets, field 7 at
/// `now`, and the host's reference and approval code (37, 38) of `heard`, its answer, which may be empty.
/// Field 4 of `heard` is the amount that the host has approved.
message reversal_of(const message& original, const message& heard, const dialect& d,
                    std::chrono::local_seconds now, reversal_attempt attempt);

/// A client's own reversal sent again: as it was, at the time of now.
message repeat_of(const message& reversal, const dialect& d, std::chrono::local_seconds now);

}  // namespace codec
