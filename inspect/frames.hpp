// The headers in front of messages, and bytes that are cut by them.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "net/framing.hpp"

namespace inspect {

/// How messages stand one behind another.
struct frame {
  std::string header;            ///< in the language of headerFormat; empty: messages have no header
  bool includes_header = false;  ///< lengthIncludeHeader
  std::size_t content_max = 0;   ///< the longest message that it can carry
  net::framing framing = {};
  std::vector<std::size_t> elements = {};  ///< the sizes of its header's elements

  /// For people: "no header", "header length:n:4".
  std::string name() const;
};

frame no_frame();

/// The second alternative is a sentence for the user.
std::variant<frame, std::string> read_frame(const std::string& header, bool includes_header);

/// What is wrong with the `header` of a dialect file, as a sentence; empty: nothing.
std::string fault_of_header(const std::string& header);

/// Bytes of a header in hexadecimal. An element with room for a card number is masked like any bytes.
std::string header_text(std::string_view bytes, const frame& f);

/// No header, and those that are common on the links of banks.
std::vector<frame> usual_frames();

/// Where one message stands in the bytes.
struct piece {
  std::size_t at;     ///< the header's first byte
  std::size_t begin;  ///< the message's first byte
  std::size_t end;
  std::size_t next = 0;  ///< behind a trailer, of a frame that has one
};

struct cut_bytes {
  std::vector<piece> pieces;  ///< of a frame with a header; without one the message tells where it ends
  std::size_t end = 0;        ///< where cutting ended
  std::string why = {};       ///< why it ended before the bytes do
};

/// Cuts the bytes by a frame that has a header. Frames without content, which keep a link alive, are skipped.
cut_bytes cut_by(std::string_view bytes, const frame& f);

}  // namespace inspect
