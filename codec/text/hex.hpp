// Hexadecimal text. We write lower case and read both.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace codec {

/// Whether all characters are hexadecimal digits; true for empty text.
bool is_hex(std::string_view text);

/// Two lower-case characters a byte.
std::string to_hex(std::string_view bytes);

/// The same in upper case, as bitmaps are shown.
std::string to_upper_hex(std::string_view bytes);

/// The same behind a text that is there.
void append_hex(std::string_view bytes, std::string& text);

/// Appends the bytes that hexadecimal digits stand for. False, and nothing appended, where one is none or
/// their number is odd.
bool append_bytes(std::string_view hex, std::string& bytes);

/// Nothing where a character is no hexadecimal digit or their number is odd.
std::optional<std::string> from_hex(std::string_view text);

}  // namespace codec
