// BER-TLV, as EMV data (field 55) is made of (EMV 4.3 Book 3, annex B).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace codec {

struct tlv {
  std::string tag;        ///< lower-case hexadecimal: "9f26"
  std::string_view head;  ///< tag and length as they stand in the bytes
  std::string_view value;
  bool constructed;  ///< the value is TLV again
};

/// The item at the front; nothing where it is not well-formed or cut off.
std::optional<tlv> first_tlv(std::string_view bytes);

/// One level; nothing where the bytes are not well-formed. Views point into `bytes`.
std::optional<std::vector<tlv>> split_tlv(std::string_view bytes);

/// One item as bytes; `tag` is hexadecimal. Nothing where the tag is no tag or the value is longer than 65535
/// bytes.
std::optional<std::string> write_tlv(std::string_view tag, std::string_view value);

}  // namespace codec
