// The form of `headerFormat` that the old program had, with its meaning on the wire.

#include "net/frame/old_form.hpp"

#include <algorithm>

#include "net/frame/words.hpp"

namespace net {

namespace {

struct old_element {
  frame_element element;
  bool is_header_length = false;
};

std::variant<old_element, std::string> parse_element(std::string_view text) {
  const auto parts = split(text, ':', 4);
  const auto where = quoted(text) + " in the header format: ";
  if (parts.size() < 3)
    return where + "expected name:type:length or name:type:length:default";
  old_element old;
  auto& e = old.element;
  e.is_checked = false;
  e.is = parts[0] == "length" ? frame_element::kind::length : frame_element::kind::constant;
  old.is_header_length = parts[0] == "headerLength";
  const bool is_number = e.is == frame_element::kind::length || old.is_header_length;

  if (parts[1] == "b")
    e.form = number_form::bcd;
  else if (parts[1] == "b-hex")
    e.form = number_form::big_endian;
  else if (parts[1] != "n" && parts[1] != "an" && parts[1] != "ans")
    return where + "the type must be n, an, ans, b or b-hex, not " + quoted(parts[1]);

  const auto size_max = is_number ? number_size_max : constant_size_max;
  if (const auto size = whole_number(parts[2]); size && *size >= 1 && *size <= size_max)
    e.size = *size;
  else
    return where + "the length must be 1 to " + std::to_string(size_max);

  if (is_number)
    return old;
  if (parts.size() < 4)
    return where + "a constant needs a default";
  const auto value = parts[3];
  const auto width = e.form == number_form::ascii ? e.size : 2 * e.size;
  if (value.size() > width)
    return where + "the default is longer than the element";
  const char filling = parts[1] == "ans" ? ' ' : '0';
  e.bytes = std::string(width - value.size(), filling) + std::string(value);
  if (e.form == number_form::ascii)
    return old;
  const auto bytes = from_hex(e.bytes);
  if (!bytes)
    return where + "the default must be hexadecimal digits";
  e.bytes = *bytes;
  return old;
}

}  // namespace

std::variant<frame_format, std::string> parse_old_form(std::string_view text, bool length_counts_header) {
  std::vector<frame_element> elements;
  std::vector<std::size_t> header_lengths;
  std::size_t size = 0;
  for (const auto part : split(text, ',')) {
    auto parsed = parse_element(part);
    if (auto* error = std::get_if<std::string>(&parsed))
      return std::move(*error);
    auto& old = std::get<old_element>(parsed);
    size += old.element.size;
    if (old.is_header_length)
      header_lengths.push_back(elements.size());
    elements.push_back(std::move(old.element));
  }
  if (std::ranges::count(elements, frame_element::kind::length, &frame_element::is) != 1)
    return quoted(text) + ": a header format needs exactly one element named length";
  for (const auto at : header_lengths)
    append_number(elements[at].bytes, size, elements[at].form, elements[at].size);
  std::ranges::find(elements, frame_element::kind::length, &frame_element::is)->counts = {
    length_counts_header ? "all" : "message"};
  elements.push_back({frame_element::kind::message, "message"});
  return frame_format::of(std::move(elements), {{}, false, true});
}

}  // namespace net
