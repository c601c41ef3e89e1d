#include "net/http/forwarded.hpp"

#include <optional>

#include "net/frame/words.hpp"
#include "net/tcp/networks.hpp"

namespace net {

namespace {

using boost::asio::ip::address;

// Some proxies add the port: "203.0.113.5:53578", "[2001:db8::1]:53578".
std::optional<address> address_in(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('[')) {
    text.remove_prefix(1);
    text = text.substr(0, text.find(']'));
  } else if (const auto colon = text.find(':'); colon == text.rfind(':')) {
    text = text.substr(0, colon);
  }
  boost::system::error_code error;
  const auto found = boost::asio::ip::make_address(std::string(text), error);
  return error ? std::nullopt : std::optional(plain(found));
}

}  // namespace

std::string forwarded_client(std::string_view peer, std::string_view forwarded_for, const networks& trusted) {
  const auto from = address_in(peer);
  if (!from || !trusted.contains(*from))
    return "";
  std::string client;
  while (!forwarded_for.empty()) {
    const auto comma = forwarded_for.rfind(',');
    const auto found = address_in(forwarded_for.substr(comma == std::string_view::npos ? 0 : comma + 1));
    if (!found)
      break;
    client = found->to_string();
    if (!trusted.contains(*found) || comma == std::string_view::npos)
      break;
    forwarded_for = forwarded_for.substr(0, comma);
  }
  return client;
}

}  // namespace net
