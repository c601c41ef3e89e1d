// Posts to one URL, over TLS or not. It asks once and never again: whether to do so is for the caller, who is
// told whether a byte of the request may have left.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "net/loop.hpp"

namespace net {

struct http_url {
  bool is_tls = false;
  std::string host;  ///< a name, or an address without brackets
  std::uint16_t port = 0;
  std::string path;

  /// Whether its bytes stay on this machine: an address of loopback, or localhost.
  bool is_loopback() const;
};

/// "https://till.example:8443/host", "http://[::1]:8080/". The second alternative says what is wrong.
std::variant<http_url, std::string> parse_url(std::string_view text);

struct http_post {
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::chrono::milliseconds timeout{};  ///< for all of it
};

struct post_result {
  unsigned status = 0;  ///< 0: there is no reply, and `why` says why
  std::string body = {};
  bool was_sent = false;  ///< the peer may have the request, or a part of it
  std::string why = {};
};

/// Posts, and calls `then` once, on the loop's thread.
using poster = std::function<void(http_post what, std::function<void(post_result)> then)>;

/// `ca_file`: the certificates that vouch for the peer; empty: those of the system. The second alternative
/// says what is wrong.
std::variant<poster, std::string> make_poster(loop& on, const http_url& to, const std::string& ca_file);

}  // namespace net
