#include "actors/remote/node_pipe.hpp"

namespace actors {

namespace {

constexpr std::size_t header_size = 4, content_max = 64 * 1024 * 1024;

}  // namespace

net::framing node_framing() {
  net::framing how;
  how.content_max = content_max;
  how.find = [](std::string_view stream) {
    net::cut c;
    if (stream.size() < header_size)
      return c;
    std::size_t size = 0;
    for (const char byte : stream.substr(0, header_size))
      size = size << 8 | static_cast<unsigned char>(byte);
    c.begin = header_size;
    c.end = c.next = header_size + size;
    if (size > content_max)
      c = {net::cut::kind::bad, 0, 0, 0, "a frame of " + std::to_string(size) + " bytes"};
    else if (stream.size() >= c.next)
      c.is = net::cut::kind::frame;
    return c;
  };
  how.append = [](std::string& stream, std::string_view content) {
    for (int shift = 24; shift >= 0; shift -= 8)
      stream += static_cast<char>(content.size() >> shift & 0xff);
    stream += content;
  };
  return how;
}

}  // namespace actors
