#include "inspect/frames.hpp"

#include <algorithm>

#include "codec/privacy/masked_bytes.hpp"
#include "codec/text/hex.hpp"
#include "net/frame/format.hpp"
#include "net/frame/presets.hpp"

namespace inspect {

namespace {

// No message of any bank is longer.
constexpr std::size_t frame_max = 1024 * 1024;

}  // namespace

std::string frame::name() const {
  return header.empty() ? "no header"
                        : "header " + header + (includes_header ? ", its length with the header" : "");
}

frame no_frame() { return {"", false, frame_max, {}, {}}; }

std::variant<frame, std::string> read_frame(const std::string& header, bool includes_header) {
  auto format = net::frame_format::parse(header, includes_header);
  if (auto* why = std::get_if<std::string>(&format))
    return std::move(*why);
  const auto& f = std::get<net::frame_format>(format);
  if (f.is_none())
    return no_frame();
  return frame{header, includes_header, f.content_max(), f.framing(frame_max), f.header_elements()};
}

std::string fault_of_header(const std::string& header) {
  if (header.empty())
    return "";
  const auto format = net::frame_format::parse(header);
  const auto* why = std::get_if<std::string>(&format);
  return why ? "header: expected a frame as headerFormat has it, but " + *why : "";
}

std::string header_text(std::string_view bytes, const frame& f) {
  std::string text;
  for (std::size_t at = 0, i = 0; at < bytes.size(); ++i) {
    const auto size = std::min(i < f.elements.size() ? f.elements[i] : bytes.size(), bytes.size() - at);
    text += codec::masked_bytes(codec::to_hex(bytes.substr(at, size)));
    at += size;
  }
  return text;
}

std::vector<frame> usual_frames() {
  std::vector<frame> all{no_frame()};
  const auto names = net::preset_names();
  for (std::size_t at = 0; at < names.size();) {
    const auto end = std::min(names.find(',', at), names.size());
    auto read = read_frame(names.substr(at, end - at), false);
    if (auto* f = std::get_if<frame>(&read); f && !f->header.empty())
      all.push_back(std::move(*f));
    at = std::min(names.find_first_not_of(", ", end), names.size());
  }
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
    if (found.is == net::cut::kind::frame && found.end > found.begin)
      out.pieces.push_back({out.end, out.end + found.begin, out.end + found.end, out.end + found.next});
    out.end += std::max<std::size_t>(found.next, 1);
  }
  return out;
}

}  // namespace inspect
