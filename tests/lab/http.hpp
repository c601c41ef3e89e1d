// HTTP from a client's side: writes requests and reads responses.
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

inline std::string http_post(const std::string& path, const std::string& body,
                             const std::string& headers = "Content-Type: application/json\r\n") {
  return "POST " + path + " HTTP/1.1\r\nHost: test\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline std::string http_get(const std::string& path, const std::string& method = "GET") {
  return method + " " + path + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

struct http_response {
  int status = 0;
  std::string head;
  std::string body;
  std::size_t size = 0;  ///< of the whole response in the stream

  nlohmann::json json() const { return nlohmann::json::parse(body); }
  bool has(const std::string& line) const { return head.find(line + "\r\n") != std::string::npos; }

  /// The value of a header; `name` in lower case.
  std::optional<std::string> header(std::string_view name) const;
};

/// The response at the front of a stream, if it is complete; 100 Continue counts as one.
std::optional<http_response> first_http_response(std::string_view stream);

/// All complete responses in a stream.
std::vector<http_response> http_responses(std::string_view stream);

}  // namespace lab
