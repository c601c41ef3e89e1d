#include "net/tcp/target.hpp"

#include <charconv>

#include "net/frame/words.hpp"

namespace net {

namespace {

// An IPv6 address without brackets has several colons, and no port.
std::variant<target, std::string> parse_target(std::string_view text, std::uint16_t port) {
  std::string_view host = text, digits;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos)
      return "'" + std::string(text) + "' has no closing bracket";
    host = text.substr(1, end - 1);
    if (const auto rest = text.substr(end + 1); rest.starts_with(':'))
      digits = rest.substr(1);
    else if (!rest.empty())
      return "'" + std::string(text) + "' has text behind its bracket; a port is written as [::1]:5000";
  } else if (const auto colon = text.find(':'); colon != text.npos && text.rfind(':') == colon) {
    host = text.substr(0, colon);
    digits = text.substr(colon + 1);
    if (digits.empty())
      return "'" + std::string(text) + "' has no port behind its colon";
  }
  if (host.empty())
    return text.empty() ? "a host is missing" : "'" + std::string(text) + "' names no host";
  if (!digits.empty()) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size() || port == 0)
      return "'" + std::string(digits) + "' in '" + std::string(text) + "' is no port from 1 to 65535";
  }
  return target{std::string(host), port};
}

}  // namespace

std::string to_string(const target& t) {
  const bool is_v6 = t.host.find(':') != t.host.npos;
  return (is_v6 ? "[" + t.host + "]" : t.host) + ":" + std::to_string(t.port);
}

std::variant<std::vector<target>, std::string> parse_targets(std::string_view text, std::uint16_t port) {
  std::vector<target> all;
  for (std::size_t from = 0; from <= text.size();) {
    const auto comma = std::min(text.find(',', from), text.size());
    auto one = parse_target(trimmed(text.substr(from, comma - from)), port);
    if (auto* error = std::get_if<std::string>(&one))
      return std::move(*error);
    all.push_back(std::get<target>(std::move(one)));
    from = comma + 1;
  }
  return all;
}

}  // namespace net
