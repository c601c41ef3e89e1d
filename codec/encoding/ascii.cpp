// One byte a character, as it is. Bytes beyond ASCII are taken for Latin-1.
#include "codec/encoding/encoding.hpp"

namespace codec {

namespace {

std::size_t size(std::size_t units, const value_form&) { return units; }

std::size_t units(std::size_t size, const value_form&) { return size; }

std::size_t first_bad(std::string_view bytes, std::size_t, const value_form& form) {
  return first_wrong_character(bytes, form.what);
}

void read(std::string_view bytes, std::size_t, const value_form&, std::string& text) { text += bytes; }

void write(std::string_view text, std::size_t, const value_form&, std::string& bytes) { bytes += text; }

}  // namespace

const encoding ascii_encoding{"ascii", true, size, units, first_bad, read, write};

}  // namespace codec
