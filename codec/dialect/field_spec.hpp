// What one field looks like on the wire, and who may see it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "codec/dialect/value_rules.hpp"
#include "codec/encoding/encoding.hpp"
#include "codec/length/length.hpp"
#include "codec/result.hpp"

namespace codec {

/// Every field's answer to "may this be shown"; masking.hpp acts on it.
enum class privacy : std::uint8_t {
  open,    ///< may be shown
  pan,     ///< a card number: first six and last four may be shown
  track,   ///< track data: its card number as above, nothing else
  emv,     ///< TLV data: shown tag by tag, card data withheld
  free,    ///< free text: shown, but long runs of digits are taken for card numbers
  secret,  ///< never shown
};

struct composite;

struct field_spec {
  int number = 0;
  value_form form;
  length_form length;
  std::size_t length_max = 0;  ///< digits, characters; bytes where the value is bytes or a big-endian number
  privacy shown = privacy::secret;
  bool padded = false;  ///< keeps its leading zeros in JSON, as text of full width
  std::string name;     ///< for people: "Primary Account Number"
  std::string alias;    ///< for programs: "pan"; may be empty
  std::map<std::string, std::string, std::less<>> values = {};  ///< what coded values mean, for people
  value_rules rules = {};
  std::shared_ptr<const composite> parts = {};  ///< what the value is made of; may be nothing

  bool is_fixed() const { return length.coded == nullptr; }

  /// Bytes in front of a variable field.
  std::size_t prefix_size() const { return length.size; }

  /// Bytes of the longest value.
  std::size_t content_size_max() const { return form.coded->size(length_max, form); }

  /// Characters of the longest value's text: bytes are written in hexadecimal.
  std::size_t text_size_max() const { return form.what == content::b ? 2 * length_max : length_max; }
};

/// Content, encoding, length and padding by one of the names of dialect files and of `overrides`: "n",
/// "ll-an". False, and nothing changed, where there is no such name.
bool set_type(field_spec& spec, std::string_view type, std::size_t length_max);

/// Whether the columns of a field go together: "" or what is wrong with them.
std::string fault_of_columns(const field_spec& spec);

/// Whether `value` says nothing: it has no characters, or only white space. Filled up it would be zeros,
/// which say something.
bool is_blank(std::string_view value);

/// The rule that `value` breaks in this field, if any: a wrong character, or too long.
std::optional<fault_code> value_fault(std::string_view value, const field_spec& spec);

/// A value without fault as reading gives it: filled up to the width of its field, or its filling cut off.
std::string canonical(std::string_view value, const field_spec& spec);

/// Appends a value without fault as it goes on the wire, its length in front.
void append_value(std::string& out, std::string_view value, const field_spec& spec);

/// Appends bytes that are the value of this field already, its length in front.
void append_content(std::string& out, std::string_view bytes, std::size_t units, const field_spec& spec);

/// Where a value lies: behind its length at `at`, so many units.
struct extent {
  std::size_t at;
  std::size_t units;
  std::size_t size;  ///< bytes
};

/// Reads the length of the field at `offset`, refused before anyone allocates or copies by it: the peer chose
/// this number.
result<extent> find_value(std::string_view in, std::size_t offset, const field_spec& spec);

/// Checks the value there, as far as `in` has it.
std::optional<fault> content_fault(std::string_view in, const extent& where, const field_spec& spec);

}  // namespace codec
