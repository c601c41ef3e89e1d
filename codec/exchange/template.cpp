#include "codec/exchange/template.hpp"

#include <algorithm>
#include <charconv>

#include "codec/exchange/local_time.hpp"
#include "codec/fields.hpp"

namespace codec {

namespace {

constexpr std::size_t width_max = 99;

struct slot {
  const field_spec* spec = nullptr;  // nullptr: the present time
  time_digits time = {};
  std::size_t width = 0;
  std::size_t length_digits = 0;
};

// "stan", "32:11", "32:ll", "now:MMDD"; nothing where it is none of them.
std::optional<slot> read_slot(std::string_view text, const dialect& d) {
  const auto colon = text.find(':');
  const auto behind = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (text.substr(0, colon) == "now") {
    const auto form = time_form(behind);
    return form ? std::optional(slot{nullptr, *form}) : std::nullopt;
  }
  slot s;
  s.spec = d.find(text.substr(0, colon));
  if (!s.spec)
    return {};
  if (colon == std::string_view::npos) {
    s.width = s.spec->is_fixed() && is_digits(s.spec->form.what) ? s.spec->length_max : 0;
  } else if (behind == "ll" || behind == "lll") {
    s.length_digits = behind.size();
  } else {
    const auto [end, error] = std::from_chars(behind.data(), behind.data() + behind.size(), s.width);
    if (error != std::errc() || end != behind.data() + behind.size() || s.width == 0 || s.width > width_max)
      return {};
  }
  return s;
}

// Of a text in braces that read_slot() does not take.
std::string fault_of_slot(std::string_view text, const dialect& d) {
  const auto called = std::string(text.substr(0, text.find(':')));
  if (called == "now")
    return "expected a piece of YYMMDDhhmmss behind the colon, as in {now:MMDDhhmmss}";
  if (!d.find(std::string_view(called)))
    return "expected a field that has a row in fields, by alias, name or number, but there is no '" + called +
           "'";
  return "expected behind the colon its width, 1 to 99, as in {32:11}, or ll or lll for a length in front";
}

void append_filled(std::string& out, std::string_view value, std::size_t width) {
  out.append(value.size() < width ? width - value.size() : 0, '0');
  out += value;
}

void append_slot(std::string& out, const slot& s, const message& given, std::chrono::local_seconds now) {
  if (!s.spec) {
    out += format_local_time(now).substr(s.time.from, s.time.size);
    return;
  }
  const auto value = given[s.spec->number];
  if (s.length_digits != 0)
    append_filled(out, std::to_string(value.size()), s.length_digits);
  append_filled(out, value, s.width);
}

}  // namespace

std::string fill_template(std::string_view text, const message& given, const dialect& d,
                          std::chrono::local_seconds now) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('{');
    out += text.substr(0, open);
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos)
      return out;
    if (const auto s = read_slot(text.substr(open + 1, close - open - 1), d))
      append_slot(out, *s, given, now);
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
      return "{" + std::string(name) + "}: " + fault_of_slot(name, d);
    rest.remove_prefix(close + 1);
  }
  return {};
}

std::size_t template_size_max(std::string_view text, const dialect& d) {
  std::size_t size = 0;
  while (!text.empty()) {
    const auto open = text.find('{');
    size += std::min(open, text.size());
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos)
      return size;
    if (const auto s = read_slot(text.substr(open + 1, close - open - 1), d))
      size += s->spec ? s->length_digits + std::max(s->width, s->spec->text_size_max()) : s->time.size;
    text.remove_prefix(close + 1);
  }
  return size;
}

std::optional<text_place> place_of(int number, std::string_view text, const dialect& d) {
  for (std::size_t at = 0; !text.empty();) {
    const auto open = text.find('{'), close = text.find('}', std::min(open, text.size()));
    if (close == std::string_view::npos)
      return {};
    const auto s = read_slot(text.substr(open + 1, close - open - 1), d);
    if (!s)
      return {};
    at += open;
    // A value may be longer than the width to which it is filled up.
    if (s->spec && (s->width == 0 || s->spec->text_size_max() > s->width))
      return {};
    if (s->spec && s->spec->number == number)
      return text_place{at, s->width};
    at += s->spec ? s->width : s->time.size;
    text.remove_prefix(close + 1);
  }
  return {};
}

bool repeats_stan(std::string_view text, const dialect& d) {
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string_view::npos)
      return false;
    const auto s = read_slot(text.substr(open + 1, close - open - 1), d);
    if (s && s->spec && s->spec->number == fields::stan)
      return true;
  }
  return false;
}

}  // namespace codec
