// The live page: its files as the admin port serves them. What it does in a browser: tests/page.

#include <catch2/catch.hpp>

#include <regex>
#include <set>

#include "actors/operator/admin_page.hpp"
#include "tests/support/admin_calls.hpp"
#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

using Catch::Contains;
using support::http_get;
using support::reply_to;
using support::virtual_gateway;

TEST_CASE("the page names no file that the admin port does not serve, and each as what it is") {
  virtual_gateway g;
  const auto front = reply_to(g, http_get("/"));
  CHECK(front.status == 200);
  CHECK(front.has("Content-Type: text/html; charset=utf-8"));
  std::set<std::string> named;
  const auto find_all = [&named](std::string_view text, const std::string& pattern) {
    const std::regex name(pattern);
    const std::string whole(text);
    for (auto it = std::sregex_iterator(whole.begin(), whole.end(), name); it != std::sregex_iterator(); ++it)
      named.insert((*it)[1]);
  };
  find_all(front.body, "(?:href|src)=\"/page/([^\"]+)\"");
  for (const auto& file : actors::page_files())
    find_all(file.text, "from '\\./([^']+)'");
  CHECK(named.size() + 2 == actors::page_files().size());  // itself, and openapi.json
  for (const auto& name : named) {
    INFO(name);
    const auto r = reply_to(g, http_get("/page/" + name));
    CHECK(r.status == 200);
    CHECK(r.has(std::string("Content-Type: text/") + (name.ends_with(".css") ? "css" : "javascript") +
                "; charset=utf-8"));
  }
  CHECK(reply_to(g, http_get("/page/nothing.js")).status == 404);
  CHECK(reply_to(g, http_get("/page/../index.html")).status == 404);
}

TEST_CASE("the page allows itself nothing from elsewhere, and is small") {
  virtual_gateway g;
  std::size_t size = 0;
  for (const auto& file : actors::page_files()) {
    INFO(file.name);
    size += file.text.size();
    const std::string text(file.text);
    // The name of SVG's elements is no address that anything is loaded from.
    const auto without_names = std::regex_replace(text, std::regex("http://www\\.w3\\.org/2000/svg"), "");
    CHECK_THAT(without_names, !Contains("http://") && !Contains("https://") && !Contains("innerHTML") &&
                                !Contains("eval(") && !Contains("localStorage") &&
                                !Contains("document.write"));
  }
  CHECK(size < 150 * 1024);
  for (const auto* path : {"/", "/page/page.js"}) {
    const auto r = reply_to(g, http_get(path));
    CHECK_THAT(r.head, Contains("Content-Security-Policy: default-src 'none'; script-src 'self'; ") &&
                         Contains("frame-ancestors 'none'") && !Contains("unsafe") &&
                         Contains("X-Content-Type-Options: nosniff"));
  }
}
