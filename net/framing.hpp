// A stream cut into frames, and frames joined to a stream. No sockets here.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace net {

/// What stands at the front of a stream.
struct cut {
  enum class kind { more_needed, frame, bad };
  kind is = kind::more_needed;
  std::size_t begin = 0;  ///< of the frame's content
  std::size_t end = 0;    ///< of the frame; the next one begins here
  std::string why = {};   ///< for `bad`: the stream cannot be read further
};

/// How a link cuts and joins; without either, segments pass as they are.
struct framing {
  std::function<cut(std::string_view stream)> find;
  std::function<void(std::string& stream, std::string_view content)> append;
};

/// The header of the host link: elements in the order of the wire, one of them the length.
class header_format {
public:
  /// "name:type:length[:default],..." as in the option `headerFormat`. `length` is the content's
  /// length, `headerLength` the header's own; any other name is a constant, its default. Types:
  /// n, an, ans (ASCII), b (two digits a byte), b-hex (big-endian). Errors are for the operator.
  static std::variant<header_format, std::string> parse(std::string_view text, bool length_includes_header);

  /// Bytes.
  std::size_t size() const { return size_; }

  /// The longest content whose length the header can express.
  std::size_t content_max() const;

  /// Content longer than `frame_max` is bad, or what the header can express if that is less.
  net::framing framing(std::size_t frame_max) const;

private:
  enum class meaning { length, header_length, constant };
  enum class form { ascii, bcd, binary };
  struct element {
    meaning means;
    form written;
    std::size_t size;   ///< bytes
    std::string bytes;  ///< of a constant
  };

  static std::variant<element, std::string> parse_element(std::string_view text);
  static void write_number(std::string& out, std::size_t number, const element& e);
  cut find(std::string_view stream, std::size_t frame_max) const;

  std::vector<element> elements_;
  std::size_t size_ = 0;
  bool length_includes_header_ = false;
};

}  // namespace net
