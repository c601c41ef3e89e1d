// Calls of the admin port of a gateway in virtual time.
#pragma once

#include <catch2/catch.hpp>

#include <string>

#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

namespace support {

/// The one reply to a request.
inline http_response reply_to(virtual_gateway& g, const std::string& bytes) {
  std::string text;
  for (const auto& s : g.admin_client(bytes)->sent)
    text += s;
  const auto all = http_responses(text);
  REQUIRE(all.size() == 1);
  return all.front();
}

}  // namespace support
