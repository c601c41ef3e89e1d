// From the options of the frames to functions on bytes.

#include "actors/core/framings.hpp"

#include <algorithm>

#include "codec/unpack.hpp"
#include "net/frame/format.hpp"

namespace actors {

namespace {

// How much longer a frame may be than the longest message: some hosts append bytes.
constexpr std::size_t frame_slack = 1024;

// A dialect with many fields of 999 characters has no message that fills them all. A longer message than its
// frame can have is refused when it comes.
constexpr std::size_t needed_max = 4096;

// How long a frame of the frame language may be, unless the dialect or the operator wants more.
constexpr std::size_t default_frame_max = 16384;

// Of a host whose dialect says nothing else: four digits that count the message.
const std::string usual_header = "length:n:4";

// Messages without a header have no length, so their end is found by unpacking them.
net::framing bare_messages(const dialect_ptr& dialect) {
  return {
    [dialect](std::string_view stream) -> net::cut {
      if (stream.empty())
        return {};
      const auto front = codec::unpack_front(stream, *dialect);
      if (front)
        return {net::cut::kind::frame, 0, front->size, front->size, {}};
      if (front.error().code == codec::fault_code::truncated)
        return {};
      return {net::cut::kind::bad, 0, 0, 0, codec::to_string(front.error())};
    },
    [](std::string& stream, std::string_view content) { stream += content; },
  };
}

std::variant<net::framing, std::string> framing_of(const net::frame_format& format, const std::string& option,
                                                   const std::string& text, const codec::dialect& d) {
  const auto longest = d.size_max();
  const auto needed = std::min(longest, needed_max);
  const auto where = option + " '" + text + "' ";
  if (const auto most = format.content_max(); most < needed)
    return where + "can express messages of " + std::to_string(most) + " bytes, the dialect needs " +
           std::to_string(needed) + "; give its length more digits";
  const auto& options = format.options();
  if (options.frame_max && *options.frame_max < needed)
    return where + "has max=" + std::to_string(*options.frame_max) + ", the dialect needs " +
           std::to_string(needed) + " bytes; give at least that";
  // A garbled header of the old form must not make the link wait for more bytes than it ever did.
  const auto usual =
    options.is_old_form ? longest + frame_slack : std::max(default_frame_max, longest + frame_slack);
  return format.framing(options.frame_max.value_or(usual));
}

}  // namespace

std::variant<net::framing, std::string> host_framing(const config::frame_settings& s,
                                                     const dialect_ptr& dialect) {
  if (!s.is_used)
    return bare_messages(dialect);
  const auto& text = !s.format.empty() ? s.format : !dialect->header.empty() ? dialect->header : usual_header;
  auto parsed = net::frame_format::parse(text, s.length_includes_header);
  if (auto* error = std::get_if<std::string>(&parsed))
    return "headerFormat: " + *error;
  const auto& format = std::get<net::frame_format>(parsed);
  if (s.length_includes_header && !format.options().is_old_form)
    return "lengthIncludeHeader is for the old form of headerFormat, as length:n:4; what the length of '" +
           text + "' counts stands in the format itself: leave lengthIncludeHeader out";
  if (format.is_none())
    return bare_messages(dialect);
  return framing_of(format, "headerFormat", text, *dialect);
}

std::variant<net::framing, std::string> client_framing(const config::frame_settings& s,
                                                       const codec::dialect& dialect) {
  const auto& text = s.format;
  auto parsed = net::frame_format::parse(text);
  if (auto* error = std::get_if<std::string>(&parsed))
    return "clientHeaderFormat: " + *error;
  const auto& format = std::get<net::frame_format>(parsed);
  if (format.is_none())
    return net::framing();
  return framing_of(format, "clientHeaderFormat", text, dialect);
}

}  // namespace actors
