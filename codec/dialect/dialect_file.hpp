// A dialect from its file: JSON, one row a field. docs/DIALECTS.md tells the rules of the file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/dialect/dialect.hpp"

namespace codec {

/// The error is a sentence for the operator and names the row or key; where several things are wrong, it is
/// the first.
result<dialect, std::string> parse_dialect(std::string_view json_text);

/// All that is wrong with a file and can be found in one go, a sentence each; empty: parse_dialect() takes
/// it.
std::vector<std::string> faults_of_dialect(std::string_view json_text);

/// Gives a dialect the `network` of this JSON text, in place of its own where it has one. Returns what is
/// wrong with the text, if anything.
std::optional<std::string> replace_network(dialect& d, std::string_view json_text);

/// The same of each key of this JSON text that says what the host does beside responding: `network`,
/// `rejects`, `rrn`, `confirmation`, `hostRequests`.
std::optional<std::string> replace_host_rules(dialect& d, std::string_view json_text);

/// Replaces the type, and the length where one is given, of single fields:
/// "1:bitmap-hex:8,39:an:2". Returns what is wrong with the text, if anything;
/// then `d` is unchanged.
std::optional<std::string> override_fields(dialect& d, std::string_view overrides);

}  // namespace codec
