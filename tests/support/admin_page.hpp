// What the admin port serves, from the side of who looks at it.
#pragma once

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

namespace support {

/// The JSON at this path; `status` is the one that is expected.
inline nlohmann::json page(virtual_gateway& g, const std::string& path, int status = 200) {
  std::string text;
  for (const auto& s : g.admin_client(http_get(path))->sent)
    text += s;
  const auto all = http_responses(text);
  REQUIRE(all.size() == 1);
  CHECK(all.front().status == status);
  return all.front().json();
}

}  // namespace support
