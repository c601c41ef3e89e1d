// The part of `socketqueue dialect table` that says how messages are exchanged, and Markdown tables.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "codec/dialect/dialect.hpp"

namespace inspect {

using cells = std::vector<std::string>;

/// A text in a cell of a Markdown table.
std::string cell(std::string_view text);

/// A code of field 39 as wide as the field, as a bank's document has it: "00".
std::string code_text(std::string_view code, const codec::dialect& d);

/// Rows of a Markdown table, without its head.
void print_markdown(const std::vector<cells>& rows, std::ostream& out);

/// Mandatory fields, rules, pairing, responses, reversal and network management, each as a table under its
/// heading where the dialect has them.
void print_exchange(const codec::dialect& d, std::ostream& out);

}  // namespace inspect
