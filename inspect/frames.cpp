#include "inspect/frames.hpp"

#include <algorithm>

#include "net/frame/format.hpp"

namespace inspect {

namespace {

// No message of any bank is longer.
constexpr std::size_t frame_max = 1024 * 1024;

struct usual_frame {
  const char* header;
  bool includes_header;
};

// Of two that fit the same bytes the first one is taken.
constexpr usual_frame usual[]{
  {"length:n:4", false},
  {"length:b-hex:2", false},
  {"length:n:4", true},
  {"length:b-hex:2", true},
  {"length:b:2", false},
  {"length:b:2", true},
  {"length:b-hex:4", false},
  {"length:b-hex:4", true},
  {"length:n:3", false},
  {"length:n:5", false},
  {"bin2+tpdu", false},
  {"bcd2+tpdu", false},
  {"stx-etx-lrc", false},
  {"visa", false},
  {"base24", false},
};

}  // namespace

std::string frame::name() const {
  return header.empty() ? "no header"
                        : "header " + header + (includes_header ? ", its length with the header" : "");
}

frame no_frame() { return {"", false, frame_max, {}}; }

std::variant<frame, std::string> read_frame(const std::string& header, bool includes_header) {
  auto format = net::frame_format::parse(header, includes_header);
  if (auto* why = std::get_if<std::string>(&format))
    return std::move(*why);
  const auto& f = std::get<net::frame_format>(format);
  if (f.is_none())
    return no_frame();
  return frame{header, includes_header, f.content_max(), f.framing(frame_max)};
}

std::vector<frame> usual_frames() {
  std::vector<frame> all{no_frame()};
  for (const auto& u : usual)
    all.push_back(std::get<frame>(read_frame(u.header, u.includes_header)));
  return all;
}

cut_bytes cut_by(std::string_view bytes, const frame& f) {
  cut_bytes out;
  while (out.end < bytes.size()) {
    const auto found = f.framing.find(bytes.substr(out.end));
    if (found.is == net::cut::kind::bad || found.is == net::cut::kind::more_needed) {
      out.why = found.is == net::cut::kind::bad ? found.why : "the bytes end before the frame does";
      return out;
    }
    // A keep-alive has no message.
    if (found.end > found.begin)
      out.pieces.push_back({out.end, out.end + found.begin, out.end + found.end});
    out.end += std::max<std::size_t>(found.next, 1);
  }
  return out;
}

}  // namespace inspect
