// Rows of a dialect file, made of another program's spec.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "codec/dialect/dialect.hpp"

namespace inspect {

using ordered = nlohmann::ordered_json;

/// What could not be taken over.
struct left_out {
  std::string path;  ///< "48.2"
  std::string what;  ///< its class or type there
  std::string why;
};

struct imported {
  std::string name;
  ordered bitmap = "binary";
  std::vector<ordered> rows = {};  ///< in ascending order of fields
  ordered examples = {}, answers = {};
  std::vector<left_out> missing = {};
  std::string broken = {};  ///< why nothing of the file can be read; empty: it can
};

/// A jPOS GenericPackager, and a moov-io/iso8583 spec.
imported read_jpos(const std::string& xml);
imported read_moov(const std::string& json);

/// How a value lies in bytes, in the words of dialect files.
struct columns {
  std::string_view content, encoding;
  std::string_view length_encoding = {};  ///< empty: fixed
  std::uint8_t length_size = 0;
  std::string_view padding = {};
  std::string_view counts = {};
};

/// A row without `parts`. Its privacy is guessed, rather too strict than too open. `number`: of the field, or
/// that the part is in; `part`: the part's name, empty of a field.
ordered make_row(int number, const std::string& part, std::string name, const columns& c, std::size_t length);

/// Gives a row its parts. A value that is not text in ASCII throughout is bytes then.
void set_parts(ordered& row, ordered parts);

/// What test clients could send of the fields that there are, as far as the standard tells.
ordered examples_of(const codec::dialect& d);

/// The codes of ISO 8583:1987 for the emulated bank, where field 39 has room for these alone; else null.
ordered answers_of(const codec::dialect& d);

/// The dialect file's text, a row a line.
std::string text_of(const imported& all);

}  // namespace inspect
