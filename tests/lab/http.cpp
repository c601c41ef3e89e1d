#include "tests/lab/http.hpp"

#include <algorithm>
#include <cctype>

#include "tests/lab/wire.hpp"

namespace lab {

namespace {

constexpr std::string_view line_end = "\r\n", head_end = "\r\n\r\n";
constexpr std::size_t status_at = 9, status_size = 3;  // in "HTTP/1.1 200 OK"

}  // namespace

// Header names are compared in lower case, because proxies write them so.
std::optional<std::string> http_response::header(std::string_view name) const {
  for (auto begin = head.find(line_end); begin != std::string::npos; begin = head.find(line_end, begin)) {
    begin += line_end.size();
    const auto line = std::string_view(head).substr(begin, head.find(line_end, begin) - begin);
    const auto is_same = [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); };
    if (const auto colon = line.find(": ");
        colon != std::string_view::npos && std::ranges::equal(name, line.substr(0, colon), is_same))
      return std::string(line.substr(colon + 2));
  }
  return {};
}

std::optional<http_response> first_http_response(std::string_view stream) {
  const auto end = stream.find(head_end);
  if (end == std::string_view::npos)
    return {};
  http_response r;
  r.head = stream.substr(0, end + line_end.size());
  r.status = static_cast<int>(read_digits(std::string_view(r.head).substr(status_at, status_size)));
  const auto body_at = end + head_end.size();
  const auto length = read_digits(r.header("content-length").value_or("0"));
  if (stream.size() - body_at < length)
    return {};
  r.body = stream.substr(body_at, length);
  r.size = body_at + length;
  return r;
}

std::vector<http_response> http_responses(std::string_view stream) {
  std::vector<http_response> all;
  while (auto r = first_http_response(stream)) {
    stream.remove_prefix(r->size);
    all.push_back(std::move(*r));
  }
  return all;
}

}  // namespace lab
