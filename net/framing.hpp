// Cuts a byte stream into frames, and appends frames to a stream. No sockets here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

namespace net {

/// What the header of a request's frame had; the header of the answer may repeat or swap parts of it.
struct frame_context {
  std::string header = {};  ///< its bytes; empty: there is no request
};

/// What `framing::find` found at the front of a stream.
struct cut {
  enum class kind : std::uint8_t {
    more_needed,
    frame,
    keep_alive,  ///< a frame without a message
    refused,     ///< a frame whose header says that the peer refuses its message
    bad,         ///< the stream cannot be read any further
  };
  kind is = kind::more_needed;
  std::size_t begin = 0;  ///< offset of the frame's content, behind its header
  std::size_t end = 0;    ///< offset behind its content
  std::size_t next = 0;   ///< offset behind the frame and its trailer, where the next frame begins
  std::string why = {};   ///< with `bad` and `refused`
};

/// How a link cuts and joins frames. Without `find` and `append` the link passes segments as they are.
struct framing {
  std::function<cut(std::string_view stream)> find = {};
  std::function<void(std::string& stream, std::string_view content)> append = {};
  /// Appends the answer to a request whose frame had this header. Without it answers are appended as requests
  /// are.
  std::function<void(std::string& stream, std::string_view content, const frame_context& request)> answer =
    {};
  std::size_t content_max =
    std::numeric_limits<std::size_t>::max();  ///< the longest content that a frame can have
  bool answers_keep_alive = false;            ///< a keep-alive is answered by the same bytes
};

/// Appends the answer to a request whose frame had this header.
inline void append_answer(const framing& how, std::string& stream, std::string_view content,
                          const frame_context& request) {
  if (how.answer)
    how.answer(stream, content, request);
  else if (how.append)
    how.append(stream, content);
  else
    stream += content;
}

}  // namespace net
