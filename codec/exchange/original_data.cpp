#include "codec/exchange/original_data.hpp"

#include <charconv>

namespace codec {

namespace {

constexpr std::size_t width_max = 99;

struct slot {
  const field_spec* spec;
  std::size_t width;
};

// "stan", "32:11"; nothing where it is neither.
std::optional<slot> read_slot(std::string_view text, const dialect& d) {
  const auto colon = text.find(':');
  const auto* spec = d.find(text.substr(0, colon));
  if (!spec)
    return {};
  if (colon == std::string_view::npos)
    return slot{spec, spec->is_fixed() && is_digits(spec->form.what) ? spec->length_max : 0};
  const auto digits = text.substr(colon + 1);
  std::size_t width = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), width);
  if (error != std::errc() || end != digits.data() + digits.size() || width == 0 || width > width_max)
    return {};
  return slot{spec, width};
}

}  // namespace

std::string fill_template(std::string_view text, const message& original, const dialect& d) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('{');
    out += text.substr(0, open);
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos)
      return out;
    if (const auto s = read_slot(text.substr(open + 1, close - open - 1), d)) {
      const auto value = original[s->spec->number];
      out.append(value.size() < s->width ? s->width - value.size() : 0, '0');
      out += value;
    }
    text.remove_prefix(close + 1);
  }
  return out;
}

std::optional<std::string> template_fault(std::string_view text, const dialect& d) {
  for (auto rest = text; !rest.empty();) {
    const auto open = rest.find_first_of("{}");
    if (open == std::string_view::npos)
      return {};
    const auto close = rest.find('}', open);
    if (rest[open] == '}' || close == std::string_view::npos)
      return "expected braces in pairs, but it is \"" + std::string(text) + "\"";
    const auto name = rest.substr(open + 1, close - open - 1);
    if (!read_slot(name, d))
      return "expected a field of the dialect, or one with its width as in {32:11}, but it is {" +
             std::string(name) + "}";
    rest.remove_prefix(close + 1);
  }
  return {};
}

}  // namespace codec
