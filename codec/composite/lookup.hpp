// Which field or part people mean by a name: "48.IN", "icc.9F36", "replacement_data.switch_key".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/composite/composite.hpp"
#include "codec/dialect/dialect.hpp"

namespace codec {

struct place_in_message {
  std::string path;  ///< by number, and of parts by their own names: "48.IN", "127.2"
  field_spec spec;   ///< of a tag that the dialect does not know the form that such a value has
};

/// A field by alias, name or number, and behind dots its parts by name or alias. Nothing where the dialect
/// has no such field or part, and where a tag is none of its kind.
std::optional<place_in_message> find_place(std::string_view called, const dialect& d);

/// What programs call a part: its alias, or its name where it has none.
const std::string& name_of(const part_spec& part);

}  // namespace codec
