// A message as a table for people, the way the log shows it.
#pragma once

#include <string>
#include <vector>

#include "codec/dialect/dialect.hpp"
#include "codec/privacy/card_search.hpp"
#include "codec/privacy/masking.hpp"

namespace codec {

/// What the trade calls it: "Purchase Request", "Refund Response", "Echo Response", "Message 0630".
std::string title(const message& m);

/// A field's value without its filling, as JSON and tables have it: "1000" of "000000001000",
/// but "00000042" of a field that is `padded`.
std::string presented(std::string_view value, const field_spec& spec);

/// How much of a message a table tells.
enum class detail : std::uint8_t {
  fields,  ///< as the log has it: a row a field, numbers without their leading zeros
  parts,   ///< each value as it stands in the message, and a row for each part
};

/// One row of a table. Nothing in it is more than `e` allows.
struct table_row {
  std::string path;  ///< "4", "127.2", "55.9F26"
  std::string name;  ///< empty of a part that the dialect does not know
  std::string value;
  std::string meaning;    ///< what a coded value means, as far as the dialect tells
  std::size_t depth = 0;  ///< of parts
  std::size_t parts = 0;  ///< how many rows behind this one say what the value is made of, one level down
};

/// The rows of a message, a field's parts behind it.
std::vector<table_row> message_rows(const message& m, const dialect& d, detail how,
                                    exposure e = exposure::masked);

/// Hides what looks like a card number in the rows of a message whose reading may be wrong: it was cut, or is
/// of another dialect, so that the digits of its card stand in other fields. `hidden`: of the message.
/// Nothing else is hidden where the dialect finds a card where it has one and nothing is wrong (`is_whole`).
void hide_card_numbers(std::vector<table_row>& rows, const message& m, const dialect& d,
                       const std::vector<byte_range>& hidden, bool is_whole);

/// One line of a table: name, path, dots to column 50, value, meaning.
std::string table_line(const table_row& row);

/// The title and a line a field: name, number, dots to column 50, masked value, meaning. Behind the title
/// `<faulty>` where field 39 is not zero, `<expired>` where the caller found it so.
std::string message_table(const message& m, const dialect& d, exposure e = exposure::masked,
                          bool expired = false);

}  // namespace codec
