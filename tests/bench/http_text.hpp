// Requests and replies of the HTTP port, as the old program's API at / has them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "tests/lab/wire.hpp"

namespace bench {

/// A purchase with the same fields as lab::purchase, as a whole request. `local_time`: YYMMDDhhmmss.
std::string http_purchase(std::uint64_t tid, std::uint64_t amount, std::uint64_t stan,
                          std::string_view local_time);

/// A network management request (0800).
std::string http_echo(std::uint64_t tid, std::uint64_t stan, std::string_view local_time);

struct http_reply {
  std::size_t size = 0;   ///< with its head, in bytes
  nlohmann::json fields;  ///< of the message, by number; null where the request was refused

  /// A field of digits, which the old program's API shows as text or as a number. None where there is none.
  std::optional<std::uint64_t> field(const char* number) const;
};

/// Reads the reply at the front of `stream`. It must have a Content-Length.
lab::reading read_http(std::string_view stream, http_reply& out);

}  // namespace bench
