// An ISO 8583 message as a plain value: field numbers and their text.
//
// A value is what a person would write: digits as digits, text as text, and
// binary content as lower-case hexadecimal. The bitmap (field 1) is never
// stored; it follows from the fields that are present.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace codec {

/// The highest field a third bitmap can announce.
inline constexpr int field_max = 192;

class message {
public:
  struct field {
    int number;         ///< 0 is the MTI, then 2 to `field_max`
    std::string value;  ///< full of card data: leaves only through codec/masking, codec/pack or codec/json

    friend bool operator==(const field&, const field&) = default;
  };

  message() = default;
  explicit message(std::string mti) {
    fields_.reserve(20);
    set(0, std::move(mti));
  }

  /// The four digits of field 0; empty where there is none.
  std::string_view mti() const { return (*this)[0]; }

  bool has(int number) const { return find(number) != nullptr; }

  /// The value of a field, or empty text where it is absent.
  std::string_view operator[](int number) const {
    const auto* f = find(number);
    return f ? std::string_view(f->value) : std::string_view();
  }

  /// Adds or replaces a field.
  void set(int number, std::string value);
  void erase(int number);

  /// The bytes that it came in, where the dialect could not read all of them, until a field is changed; else
  /// empty. Whoever passes it on passes these on. Full of card data, like the values.
  const std::string& wire() const { return wire_; }
  void set_wire(std::string bytes) { wire_ = std::move(bytes); }

  /// Gives back room that it does not use.
  void shrink() { fields_.shrink_to_fit(); }

  /// In ascending order of their numbers.
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

  friend bool operator==(const message&, const message&) = default;

private:
  const field* find(int number) const;

  std::vector<field> fields_;
  std::string wire_;
};

}  // namespace codec
