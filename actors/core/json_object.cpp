#include "actors/core/json_object.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace actors {

namespace {

bool needs_no_escape(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

template <class Number>
void append_digits(std::string& out, Number n) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, n).ptr);
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  if (!std::ranges::all_of(text, needs_no_escape)) {
    using nlohmann::json;
    out += json(text).dump(-1, ' ', false, json::error_handler_t::replace);
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

void append_json(std::string& out, thousandths n) {
  const auto whole = n.count / 1000, rest = std::abs(n.count % 1000);
  out += n.count < 0 && whole == 0 ? "-" : "";
  append_digits(out, whole);
  out += '.';
  for (auto digits = rest, unit = std::int64_t{100}; unit == 100 || digits != 0; digits %= unit, unit /= 10)
    out += static_cast<char>('0' + digits / unit);
}

void append_json(std::string& out, std::uint64_t n) { append_digits(out, n); }
void append_json(std::string& out, std::int64_t n) { append_digits(out, n); }

}  // namespace actors
