// Fields that are made of parts, and parts of parts: how they are cut up and put together again.
//
// A part is named by a path: "127.2" (its own bitmap, or positional), "48.051" (a tag), "55.9F26" (BER-TLV).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/dialect/field_spec.hpp"
#include "codec/message.hpp"

namespace codec {

struct dialect;

enum class composite_kind : std::uint8_t {
  positional,  ///< one part behind another
  bitmap,      ///< a bitmap in front; its first bit is data
  tlv,         ///< tag, length and value, of sizes that the dialect says; also datasets
  ber,         ///< BER-TLV, as EMV data is made of
};

struct part_spec {
  std::string name;  ///< as in paths: "2", "051", "9F26"
  field_spec spec;
};

/// What a field is made of.
struct composite {
  composite_kind kind = composite_kind::positional;
  std::size_t bitmap_size = 8;          ///< bytes
  value_form tag = {};                  ///< of `tlv`
  std::size_t tag_units = 0;            ///< characters or digits; bytes of a binary tag
  length_form length = {};              ///< of `tlv`: in front of each value
  std::vector<part_spec> leading = {};  ///< of `tlv`: in front of the first tag
  std::vector<part_spec> parts = {};    ///< by position, by number of bit, or known tags

  /// nullptr where it is not known. Letters of either case are the same.
  const field_spec* find(std::string_view name) const;
};

/// One part as it lies in the bytes of its field.
struct element {
  std::string name;
  std::string_view head;  ///< what stands between the element before it and its value: filler, tag, length
  std::string_view value;
  std::size_t units = 0;
  const field_spec* spec = nullptr;  ///< nullptr: unknown to the dialect, or BER-TLV
  bool constructed = false;          ///< BER-TLV again
};

/// What is wrong in a part.
struct part_fault {
  fault what;        ///< offset: from the first byte of the field's value
  std::string path;  ///< "127.2"

  friend bool operator==(const part_fault&, const part_fault&) = default;
};

/// For logs: "field 127.2: not a digit, at byte 23". Never contains a value.
std::string to_string(const part_fault& f);

/// The parts of one level; their order and unknown ones are kept. Views point into `bytes`. The path of a
/// fault begins at this level.
result<std::vector<element>, part_fault> split(std::string_view bytes, const composite& c);

/// The form of a value whose tag the dialect does not know: text as the tag is, or bytes.
field_spec unknown_value(const composite& c);

/// The element's value as text: of an unknown one as `unknown_value` has it.
std::string text_of(const element& e, const composite& c);

/// `bytes` with the part at `path` set to `text`; all else stays as it is. Positional parts that must be in
/// front of it are filled up.
result<std::string, part_fault> with_part(std::string_view bytes, const composite& c, std::string_view path,
                                          std::string_view text);

/// Fills up the bytes of a field of fixed size behind the parts that it has so far.
void fill_up(std::string& bytes, const field_spec& spec);

/// The value at a path: "4", "127.2", "55.9f26"; nothing where it is absent, or the field is not made of
/// parts.
std::optional<std::string> value_at(const message& m, std::string_view path, const dialect& d);

/// Sets a field or a part of one.
std::optional<part_fault> set_at(message& m, std::string_view path, std::string_view text, const dialect& d);

/// The first thing wrong inside each composite field.
std::vector<part_fault> faults_of_parts(const message& m, const dialect& d);

/// The bytes that a field's parts lie in: without the length in front, of hexadecimal text what it means.
std::string content_of(const message& m, const field_spec& spec);

}  // namespace codec
