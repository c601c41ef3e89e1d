// The rows of a dialect file's `fields`, and of the parts of a field.
#pragma once

#include "codec/dialect/field_spec.hpp"
#include "codec/dialect/file/place.hpp"

namespace codec::file {

/// Everything of a row but what names it. Throws bad_dialect.
field_spec read_field(const place& row, int number);

/// A pattern that a value of this row can be like. Throws bad_dialect.
std::string read_pattern(const place& p, const field_spec& spec);

/// What a field is made of: the row's `parts`. Throws bad_dialect.
std::shared_ptr<const composite> read_composite(const place& p);

/// The named choices of `encoding`, and of a length's `encoding`.
const encoding* read_encoding(const place& p);
const length_coding* read_length_coding(const place& p);

}  // namespace codec::file
