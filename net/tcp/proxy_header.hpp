// The header by which a proxy says whose connection it passes on: HAProxy's PROXY protocol, versions 1 and 2.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace net {

struct proxy_header {
  std::size_t size = 0;  ///< bytes of it
  std::string peer =
    {};  ///< "203.0.113.5:53578"; empty: the proxy's own connection, or one of unknown origin
};

/// More bytes are needed.
struct proxy_header_unfinished {};

/// The bytes do not begin with such a header.
struct no_proxy_header {};

using proxy_header_event = std::variant<proxy_header_unfinished, no_proxy_header, proxy_header>;

/// The longest header that is taken: of version 2 with additions.
inline constexpr std::size_t proxy_header_max = 4096;

proxy_header_event read_proxy_header(std::string_view given);

}  // namespace net
