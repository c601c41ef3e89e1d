// A host's dialect: its table of fields and the rules beside it.
//
// A dialect is data. Nothing here knows a particular host; config/dialects/
// holds one file for each, and codec/dialect/dialect_file reads it.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/dialect/exchange_rules.hpp"
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

struct dialect : exchange_rules {
  std::string name;
  std::string
    header;  ///< the frame of its messages on the host link (option headerFormat); empty: the usual one
  bitmap_rules bitmap;
  std::string bitmap_name = "Bitmap";
  std::array<std::optional<field_spec>, field_max + 1> fields;  ///< by number; 1 stays empty
  /// Equal for dialects whose fields lie in bytes alike; 0: not known. See update_layout().
  std::uint64_t layout = 0;
  std::size_t size_min = 0;  ///< bytes: a whole message is at least this long

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

/// The number that they say: of an amount (field 4) its smallest unit. 0 where they begin with no digit.
std::uint64_t number_of(std::string_view digits);

}  // namespace codec
