// What the words of a tool's command line name: bytes, dialects, headers.
#pragma once

#include <iosfwd>
#include <string>
#include <variant>
#include <vector>

#include "codec/dialect/dialect.hpp"
#include "inspect/arguments.hpp"
#include "inspect/frames.hpp"

namespace inspect {

struct given_bytes {
  std::string bytes;  ///< full of card data
};

/// The bytes that `words` are: hexadecimal digits with or without blanks, or a file, or "-". The second
/// alternative is a sentence for the user.
std::variant<given_bytes, std::string> read_bytes(const std::vector<std::string>& words, const arguments& a,
                                                  std::istream& in);

/// The text of a file or of standard input.
std::variant<given_bytes, std::string> read_text(const std::string& word, std::istream& in);

/// A built-in dialect, or one of a file.
std::variant<codec::dialect, std::string> read_dialect(const std::string& name);

/// The frames that --header means: without it all the usual ones.
std::variant<std::vector<frame>, std::string> read_frames(const arguments& a);

}  // namespace inspect
