// A host's dialect: its table of fields and the rules beside it.
//
// A dialect is data. Nothing here knows a particular host; config/dialects/
// holds one file for each, and codec/dialect_file reads it.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codec/dialect/field_spec.hpp"
#include "codec/message.hpp"
#include "codec/result.hpp"

namespace codec {

enum class bitmap_form : std::uint8_t {
  binary,      ///< 8 bytes, growing to 16 and 24 by each one's first bit
  hex,         ///< the same as 16, 32 or 48 hexadecimal characters
  ebcdic_hex,  ///< the same in EBCDIC
};

/// Where the bitmap of the fields from 129 stands.
enum class third_bitmap : std::uint8_t {
  chained,      ///< behind the second, whose first bit says so
  in_field_65,  ///< as the value of field 65, which that bit then is
};

struct bitmap_rules {
  bitmap_form form = bitmap_form::binary;
  third_bitmap third = third_bitmap::chained;
  bool always_two = false;

  bitmap_rules() = default;
  bitmap_rules(bitmap_form f) : form(f) {}
  friend bool operator==(const bitmap_rules&, const bitmap_rules&) = default;
};

/// How lost purchases are undone at this host (codec/reversal). Codes of field 39 stand without leading
/// zeros.
struct reversal_rules {
  std::set<std::string, std::less<>>
    of;  ///< requests that move money, by MTI; empty: this host knows no reversals
  std::vector<std::string> except_processing;  ///< but where field 3 begins so: a balance inquiry moves none
  std::string mti;                             ///< "0400"
  std::string repeat_mti;          ///< of the second attempt and later ones, "0401"; empty: the same
  std::map<int, std::string> set;  ///< fields that get a value of their own
  std::vector<int> without;        ///< fields that a reversal does not repeat
  std::set<std::string, std::less<>> undetermined;   ///< of a purchase: the host itself does not know
  std::set<std::string, std::less<>> duplicate;      ///< of either: the host has seen it before
  std::set<std::string, std::less<>> done;           ///< of a reversal: the original is undone
  std::set<std::string, std::less<>> system_errors;  ///< of a reversal: try again
  std::set<std::string, std::less<>> not_found;      ///< of a reversal: there is no such original
};

struct dialect {
  std::string name;
  bitmap_rules bitmap;
  std::string bitmap_name = "Bitmap";
  std::array<std::optional<field_spec>, field_max + 1> fields;  ///< by number; 1 stays empty
  /// Equal for dialects whose fields lie in bytes alike; 0: not known. See update_layout().
  std::uint64_t layout = 0;
  std::size_t size_min = 0;  ///< bytes: a whole message is at least this long

  std::map<std::string, std::vector<int>, std::less<>> mandatory;  ///< by MTI: fields a request must carry
  int local_time_field = 0;       ///< YYMMDDhhmmss; 0: this dialect has no expiry
  std::chrono::seconds expiry{};  ///< how far from now that time may be, either way
  std::vector<int> echoed;        ///< a response must repeat these as the request had them, where it has them
  /// What field 3 begins with where the response's amount is another thing: a balance.
  std::vector<std::string> free_amount_processing;
  std::set<std::string, std::less<>>
    free_amount_codes;  ///< codes of field 39 that come with another amount, without leading zeros
  std::set<std::string, std::less<>> approvals;  ///< codes of field 39 that mean yes, without leading zeros

  reversal_rules reversal;

  std::map<std::string, std::string, std::less<>>
    response_codes;  ///< of field 39 without leading zeros, for people
  std::map<std::string, std::string, std::less<>> card_input_modes;  ///< first two digits of field 22
  std::map<std::string, std::string, std::less<>> cardholder_authentications;  ///< third digit of field 22

  /// nullptr where the dialect has no such field.
  const field_spec* find(int number) const {
    if (number < 0 || number > field_max || !fields[static_cast<std::size_t>(number)])
      return nullptr;
    return &*fields[static_cast<std::size_t>(number)];
  }

  /// By its alias, its name or its number as text; nullptr where there is none.
  const field_spec* find(std::string_view called) const;

  /// To be called after fields or the bitmap's form were changed.
  void update_layout();

  /// No message is longer; bytes. What a peer may make us hold follows from it.
  std::size_t size_max() const;

  /// What a code of field 39 means, whatever its leading zeros; empty where nothing is known.
  std::string_view meaning_of(std::string_view code) const;

  /// Whether a response says yes.
  bool approves(const message& response) const;
};

/// "01", "1" and "001" are one code: leading zeros off, at least one digit.
std::string_view without_leading_zeros(std::string_view digits);

}  // namespace codec
