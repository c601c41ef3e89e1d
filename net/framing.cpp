#include "net/framing.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace net {

namespace {

std::vector<std::string_view> split(std::string_view text, char separator,
                                    std::size_t parts_max = std::string_view::npos) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = parts.size() + 1 == parts_max ? std::string_view::npos : text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos)
      return parts;
    text.remove_prefix(end + 1);
  }
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

int digit_value(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

constexpr std::size_t number_size_max = 8;

}  // namespace

std::variant<header_format::element, std::string> header_format::parse_element(std::string_view text) {
  const auto parts = split(text, ':', 4);
  const auto where = quoted(text) + " in the header format: ";
  if (parts.size() < 3)
    return where + "expected name:type:length or name:type:length:default";
  element e{meaning::constant, form::ascii, 0, {}};
  if (parts[0] == "length")
    e.means = meaning::length;
  else if (parts[0] == "headerLength")
    e.means = meaning::header_length;

  if (parts[1] == "b")
    e.written = form::bcd;
  else if (parts[1] == "b-hex")
    e.written = form::binary;
  else if (parts[1] != "n" && parts[1] != "an" && parts[1] != "ans")
    return where + "the type must be n, an, ans, b or b-hex, not " + quoted(parts[1]);

  const auto [end, error] = std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), e.size);
  const auto size_max = e.means == meaning::constant ? std::size_t{64} : number_size_max;
  if (error != std::errc() || end != parts[2].data() + parts[2].size() || e.size == 0 || e.size > size_max)
    return where + "the length must be 1 to " + std::to_string(size_max);

  if (e.means != meaning::constant)
    return e;
  if (parts.size() < 4)
    return where + "a constant needs a default";
  const auto value = parts[3];
  const auto width = e.written == form::ascii ? e.size : 2 * e.size;
  if (value.size() > width)
    return where + "the default is longer than the element";
  const char filling = parts[1] == "ans" ? ' ' : '0';
  auto full = std::string(width - value.size(), filling) + std::string(value);
  if (e.written == form::ascii) {
    e.bytes = std::move(full);
    return e;
  }
  if (std::ranges::any_of(full, [](char c) { return digit_value(c) < 0; }))
    return where + "the default must be hexadecimal digits";
  for (std::size_t i = 0; i < full.size(); i += 2)
    e.bytes += static_cast<char>(digit_value(full[i]) << 4 | digit_value(full[i + 1]));
  return e;
}

std::variant<header_format, std::string> header_format::parse(std::string_view text,
                                                              bool length_includes_header) {
  header_format format;
  format.length_includes_header_ = length_includes_header;
  for (const auto part : split(text, ',')) {
    auto parsed = parse_element(part);
    if (auto* error = std::get_if<std::string>(&parsed))
      return std::move(*error);
    format.elements_.push_back(std::get<element>(std::move(parsed)));
    format.size_ += format.elements_.back().size;
  }
  if (std::ranges::count(format.elements_, meaning::length, &element::means) != 1)
    return quoted(text) + ": a header format needs exactly one element named length";
  return format;
}

std::size_t header_format::content_max() const {
  const auto& length = *std::ranges::find(elements_, meaning::length, &element::means);
  std::size_t most = 1;
  for (std::size_t i = 0; i < length.size && i < 7; ++i)
    most *= length.written == form::ascii ? 10 : length.written == form::bcd ? 100 : 256;
  return most - 1 - (length_includes_header_ ? std::min(size_, most - 1) : 0);
}

void header_format::write_number(std::string& out, std::size_t number, const element& e) {
  const auto begin = out.size();
  out.resize(begin + e.size);
  for (auto at = out.size(); at-- != begin;) {
    switch (e.written) {
      case form::ascii:
        out[at] = static_cast<char>('0' + number % 10);
        number /= 10;
        break;
      case form::bcd:
        out[at] = static_cast<char>(number / 10 % 10 << 4 | number % 10);
        number /= 100;
        break;
      case form::binary:
        out[at] = static_cast<char>(number & 255);
        number >>= 8;
        break;
    }
  }
}

cut header_format::find(std::string_view stream, std::size_t frame_max) const {
  std::size_t at = 0, length = 0;
  for (const auto& e : elements_) {
    if (e.means == meaning::length) {
      // Check each length digit as it arrives: a wrong digit is reported before the header is complete.
      for (const char c : stream.substr(std::min(at, stream.size()), e.size)) {
        const auto byte = static_cast<unsigned char>(c);
        if (e.written == form::ascii ? byte < '0' || byte > '9'
                                     : e.written == form::bcd && (byte >> 4 > 9 || (byte & 15) > 9))
          return {cut::kind::bad, 0, 0, "the length in a frame's header is not a number"};
        length = e.written == form::ascii ? length * 10 + (byte - '0')
                 : e.written == form::bcd
                   ? length * 100 + static_cast<std::size_t>(byte >> 4) * 10 + (byte & 15U)
                   : length << 8 | byte;
      }
    }
    at += e.size;
  }
  if (stream.size() < size_)
    return {};
  const auto header_share = length_includes_header_ ? size_ : 0;
  if (length < header_share)
    return {cut::kind::bad, 0, 0, "the length in a frame's header is less than the header"};
  length -= header_share;
  if (length > frame_max)
    return {cut::kind::bad, 0, 0,
            "a frame of " + std::to_string(length) + " bytes, the most is " + std::to_string(frame_max)};
  if (stream.size() - size_ < length)
    return {};
  return {cut::kind::frame, size_, size_ + length, {}};
}

framing header_format::framing(std::size_t frame_max) const {
  return {
    [format = *this, frame_max](std::string_view stream) { return format.find(stream, frame_max); },
    [format = *this](std::string& stream, std::string_view content) {
      for (const auto& e : format.elements_) {
        if (e.means == meaning::constant)
          stream += e.bytes;
        else
          write_number(stream,
                       e.means == meaning::header_length
                         ? format.size_
                         : content.size() + (format.length_includes_header_ ? format.size_ : 0),
                       e);
      }
      stream += content;
    },
  };
}

}  // namespace net
