// Cuts a byte stream into frames, and appends frames to a stream. No sockets here.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace net {

/// What `framing::find` found at the front of a stream.
struct cut {
  enum class kind { more_needed, frame, bad };
  kind is = kind::more_needed;
  std::size_t begin = 0;  ///< offset of the frame's content
  std::size_t end = 0;    ///< offset behind the frame, where the next one begins
  std::string why = {};   ///< with `bad`: why the stream cannot be read any further
};

/// How a link cuts and joins frames. Without either function the link passes segments as they are.
struct framing {
  std::function<cut(std::string_view stream)> find;
  std::function<void(std::string& stream, std::string_view content)> append;
};

/// The header of a frame on the host link: elements in the order of the wire, exactly one of them the length.
class header_format {
public:
  /// Parses "name:type:length[:default],...", the value of the option `headerFormat`. The element `length` is
  /// the content's length, `headerLength` the header's own; any other name is a constant with its default
  /// value. Types: n, an, ans (ASCII), b (two digits a byte), b-hex (big-endian). The second alternative is
  /// an error for the operator.
  static std::variant<header_format, std::string> parse(std::string_view text, bool length_includes_header);

  /// The header's size in bytes.
  std::size_t size() const { return size_; }

  /// The longest content in bytes whose length the header can express.
  std::size_t content_max() const;

  /// A frame is bad when its content is longer than `frame_max` or than the header can express.
  net::framing framing(std::size_t frame_max) const;

private:
  enum class meaning { length, header_length, constant };
  enum class form { ascii, bcd, binary };
  struct element {
    meaning means;
    form written;
    std::size_t size;   ///< bytes
    std::string bytes;  ///< with `constant`
  };

  static std::variant<element, std::string> parse_element(std::string_view text);
  static void write_number(std::string& out, std::size_t number, const element& e);
  cut find(std::string_view stream, std::size_t frame_max) const;

  std::vector<element> elements_;
  std::size_t size_ = 0;
  bool length_includes_header_ = false;
};

}  // namespace net
