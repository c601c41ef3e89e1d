// HTTP/1.1 on bytes: reads requests from a stream and writes replies. No sockets here.
//
// Beast stays behind this interface because it is slow to compile.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace net {

struct http_request {
  std::string method;           ///< "POST"
  std::string path;             ///< "/v1/messages", without the query
  std::string content_type;     ///< lower case, without parameters; empty where there is none
  std::string idempotency_key;  ///< of that header; empty where there is none
  std::string body;
  bool keep_alive = true;
  bool http_1_0 = false;
  bool key_is_unclear = false;        ///< the header Idempotency-Key is repeated, or says nothing: ``, `""`
  std::string query = {};             ///< "a=1&b=2": what stands behind the path's `?`
  bool has_query = false;             ///< there is a `?`, whatever stands behind it
  std::string authorization = {};     ///< of that header; never in a log
  std::string content_encoding = {};  ///< lower case; empty where the body is as it is
  std::string forwarded_for = {};     ///< of all headers X-Forwarded-For, the last proxy's words at the end
};

struct http_reply {
  unsigned status = 200;
  std::string content_type = {};
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// A request that cannot be served. The connection must be closed: the start of the next request is unknown.
enum class http_fault {
  malformed,
  header_too_large,
  body_too_large,
  unsupported_coding,
  unsupported_version
};

/// The client waits for "100 Continue" before it sends the body.
struct http_continue {};

/// The request is not complete yet.
struct http_unfinished {};

using http_event = std::variant<http_unfinished, http_continue, http_fault, http_request>;

class http_reader {
public:
  struct limits {
    std::uint32_t header_max = 16 * 1024;
    std::uint64_t body_max = 1024 * 1024;
  };

  explicit http_reader(limits l);
  ~http_reader();
  http_reader(const http_reader&) = delete;
  http_reader& operator=(const http_reader&) = delete;

  void feed(std::string_view bytes);

  /// Parses the bytes fed so far. After a request the next one begins; after a fault no further request
  /// follows.
  http_event next();

  /// Whether a request has begun and is not complete.
  bool in_the_middle() const;

  /// Bytes fed that no returned request has consumed yet.
  std::size_t waiting() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7) of seconds since 1970, UTC.
std::string http_date(std::int64_t seconds);

/// The reply as bytes. `keep_alive`: whether the connection stays open after it. The reply to HEAD has no
/// body, but the length of the body.
std::string write_http_reply(const http_reply& reply, const http_request& to, bool keep_alive);

/// The head of a reply whose body is all that follows until the connection ends.
std::string write_http_stream_head(const http_reply& reply);

/// The names and values of a query, decoded (application/x-www-form-urlencoded). Nothing where a `%` does
/// not begin two hexadecimal digits.
std::optional<std::vector<std::pair<std::string, std::string>>> query_of(std::string_view text);

/// "HTTP/1.1 100 Continue" as bytes.
std::string_view http_100_continue();

}  // namespace net
