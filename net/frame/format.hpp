// What frames of a link consist of: the elements of their header, the message, the elements of their trailer.
//
// The language in which an operator writes it is described in docs/DIALECTS.md, "Frames".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "net/frame/checksum.hpp"
#include "net/frame/number.hpp"
#include "net/framing.hpp"

namespace net {

/// An element of a frame, in the order of the wire.
struct frame_element {
  enum class kind : std::uint8_t { constant, length, message, sum };
  kind is = kind::constant;
  std::string name = {};
  std::size_t size = 0;  ///< bytes; 0 of the message

  // Of a constant.
  std::string bytes = {};                         ///< as written where no request says otherwise
  bool is_checked = true;                         ///< a frame with other bytes is bad
  std::optional<std::size_t> answered_from = {};  ///< the element of the request whose bytes an answer has
  std::vector<std::string> refusals = {};         ///< bytes that mean that the peer refuses the message
  bool others_refuse = false;                     ///< all bytes but `bytes` mean that
  std::size_t refused_skip = 0;                   ///< then so many bytes stand in front of the message
  bool is_text = false;                           ///< how an operator wrote it

  // Of a length.
  number_form form = number_form::ascii;
  std::vector<std::string> counts = {};  ///< what it counts, as an operator wrote it
  std::vector<bool> counted = {};        ///< by the element's index
  std::int64_t correction = 0;           ///< added to what it counts

  // Of a checksum.
  checksum sum = checksum::lrc;
  std::string from_name = {};
  std::size_t from = 0;  ///< the first element that it covers; the last is the one in front of it
};

/// What a format says beside its elements.
struct frame_options {
  std::optional<std::size_t> frame_max = {};  ///< the longest content that the operator allows
  bool answers_keep_alive = false;
  bool is_old_form = false;  ///< the old program's, whose constants are not checked
};

class frame_format {
public:
  /// Parses the value of an option: the name of a preset, elements of the frame language, or the old
  /// program's form. `old_length_counts_header`: of the old form. The second alternative is an error for the
  /// operator.
  static std::variant<frame_format, std::string> parse(std::string_view text,
                                                       bool old_length_counts_header = false);

  /// A format of these elements, among them one message; or what is wrong with them.
  static std::variant<frame_format, std::string> of(std::vector<frame_element> elements,
                                                    frame_options options);

  /// Whether this is "none": messages travel as they are.
  bool is_none() const { return elements_.empty(); }

  const frame_options& options() const { return options_; }

  /// The header's size in bytes.
  std::size_t size() const { return header_size_; }

  /// The sizes in bytes of the header's elements, in their order.
  std::vector<std::size_t> header_elements() const;

  /// The longest content in bytes whose length the header can express.
  std::size_t content_max() const;

  /// A frame is bad when its content is longer than `frame_max` or than the header can express. Not for
  /// "none".
  net::framing framing(std::size_t frame_max) const;

private:
  class walk;

  std::string complete();
  std::string resolve(std::size_t at);
  std::string resolve_counts(std::size_t at);
  std::int64_t share_of(const frame_element& length) const;
  std::size_t index_of(std::string_view name) const;

  cut find(std::string_view stream, std::size_t frame_max) const;
  void append(std::string& stream, std::string_view content, const frame_context& request) const;

  std::vector<frame_element> elements_;
  frame_options options_;
  std::size_t message_ = 0;            // its index
  std::size_t first_length_ = 0;       // its index
  bool zero_means_no_header_ = false;  // a first length of zero: what it counts is absent
  std::size_t header_size_ = 0;
};

}  // namespace net
