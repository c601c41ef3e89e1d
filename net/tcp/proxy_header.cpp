#include "net/tcp/proxy_header.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace net {

namespace {

namespace ip = boost::asio::ip;
using namespace std::literals;

constexpr auto first_of_1 = "PROXY "sv;
constexpr auto first_of_2 = "\r\n\r\n\0\r\nQUIT\n"sv;

// The longest line of version 1, its end included.
constexpr std::size_t line_max = 107;

std::string written(const ip::address& address, unsigned port) {
  const auto host = address.to_string();
  return (address.is_v6() ? "[" + host + "]:" : host + ":") + std::to_string(port);
}

bool is_port(std::string_view text, unsigned& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port <= 65535;
}

// "PROXY TCP4 203.0.113.5 10.0.0.1 53578 2014"
proxy_header_event read_line(std::string_view given) {
  const auto end = given.substr(0, line_max).find("\r\n");
  if (end == std::string_view::npos)
    return given.size() < line_max ? proxy_header_event(proxy_header_unfinished{}) : no_proxy_header{};
  std::vector<std::string> words(1);
  for (const char c : given.substr(0, end))
    if (c == ' ')
      words.emplace_back();
    else
      words.back() += c;
  if (words[1] == "UNKNOWN")
    return proxy_header{end + 2};
  const bool is_v6 = words[1] == "TCP6";
  if (words.size() != 6 || (!is_v6 && words[1] != "TCP4"))
    return no_proxy_header{};
  boost::system::error_code bad_source, bad_target;
  const auto source = ip::make_address(words[2], bad_source), target = ip::make_address(words[3], bad_target);
  unsigned from = 0, to = 0;
  if (bad_source || bad_target || source.is_v6() != is_v6 || target.is_v6() != is_v6 ||
      !is_port(words[4], from) || !is_port(words[5], to))
    return no_proxy_header{};
  return proxy_header{end + 2, written(source, from)};
}

unsigned byte_at(std::string_view given, std::size_t i) { return static_cast<unsigned char>(given[i]); }

unsigned number_at(std::string_view given, std::size_t i) {
  return byte_at(given, i) << 8 | byte_at(given, i + 1);
}

template <class Address>
Address address_at(std::string_view given, std::size_t at) {
  typename Address::bytes_type raw{};
  std::copy_n(given.begin() + static_cast<std::ptrdiff_t>(at), raw.size(), raw.begin());
  return Address(raw);
}

proxy_header_event read_binary(std::string_view given) {
  constexpr std::size_t fixed = 16;
  if (given.size() < fixed)
    return proxy_header_unfinished{};
  const auto version = byte_at(given, 12), family = byte_at(given, 13);
  const std::size_t size = fixed + number_at(given, 14);
  if ((version != 0x20 && version != 0x21) || size > proxy_header_max)
    return no_proxy_header{};
  if (given.size() < size)
    return proxy_header_unfinished{};
  constexpr unsigned tcp_over_4 = 0x11, tcp_over_6 = 0x21;
  const std::size_t address_size = family == tcp_over_4 ? 12 : family == tcp_over_6 ? 36 : 0;
  if (version == 0x20 || address_size == 0)
    return proxy_header{size};
  if (size < fixed + address_size)
    return no_proxy_header{};
  if (family == tcp_over_4)
    return proxy_header{size, written(address_at<ip::address_v4>(given, fixed), number_at(given, fixed + 8))};
  return proxy_header{size, written(address_at<ip::address_v6>(given, fixed), number_at(given, fixed + 32))};
}

}  // namespace

proxy_header_event read_proxy_header(std::string_view given) {
  const auto begins = [given](std::string_view as) {
    const auto size = std::min(given.size(), as.size());
    return given.substr(0, size) == as.substr(0, size);
  };
  if (begins(first_of_1))
    return given.size() < first_of_1.size() ? proxy_header_event(proxy_header_unfinished{})
                                            : read_line(given);
  return begins(first_of_2) ? read_binary(given) : no_proxy_header{};
}

}  // namespace net
