// HTTP as a client writes and reads it.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace support {

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

  nlohmann::json json() const { return nlohmann::json::parse(body); }
  bool has(const std::string& line) const { return head.find(line + "\r\n") != std::string::npos; }
};

/// All complete replies in a stream of them; 100 Continue counts as one.
inline std::vector<http_response> http_responses(std::string stream) {
  std::vector<http_response> all;
  for (auto end = stream.find("\r\n\r\n"); end != std::string::npos; end = stream.find("\r\n\r\n")) {
    http_response r;
    r.head = stream.substr(0, end + 2);
    r.status = std::stoi(r.head.substr(9, 3));
    const auto at = r.head.find("Content-Length: ");
    const auto length = at == std::string::npos ? 0 : std::stoul(r.head.substr(at + 16));
    if (stream.size() < end + 4 + length)
      return all;
    r.body = stream.substr(end + 4, length);
    stream.erase(0, end + 4 + length);
    all.push_back(std::move(r));
  }
  return all;
}

}  // namespace support
