// Whom a proxy speaks for: only trusted ones are believed, and only as far as trusted ones have written.

#include <catch2/catch.hpp>

#include "net/http/forwarded.hpp"
#include "net/tcp/networks.hpp"

TEST_CASE("of X-Forwarded-For the last address that is no trusted proxy is the client") {
  const auto trusted = std::get<net::networks>(net::networks::parse("10.0.0.0/8, ::1"));
  struct row {
    const char *peer, *header, *client;
  };
  const auto r = GENERATE(
    row{"10.0.0.1:4000", "203.0.113.5", "203.0.113.5"},
    row{"10.0.0.1:4000", "198.51.100.7, 203.0.113.5",
        "203.0.113.5"},  // the first one is the client's own word
    row{"10.0.0.1:4000", "198.51.100.7, 203.0.113.5,10.2.2.2", "203.0.113.5"},
    row{"10.0.0.1:4000", "10.3.3.3, 10.2.2.2", "10.3.3.3"}, row{"10.0.0.1:4000", "", ""},
    row{"10.0.0.1:4000", "unknown", ""}, row{"10.0.0.1:4000", "nonsense, 203.0.113.5", "203.0.113.5"},
    row{"10.0.0.1:4000", "203.0.113.5, nonsense", ""}, row{"10.0.0.1:4000", "203.0.113.5\r\nX: y", ""},
    row{"[::1]:4000", "[2001:db8::1]:53578", "2001:db8::1"},
    row{"[::1]:4000", "203.0.113.5:53578", "203.0.113.5"},
    row{"203.0.113.9:4000", "198.51.100.7", ""},  // anybody may write that
    row{"uid 0 pid 123", "198.51.100.7", ""});
  INFO(r.peer << " " << r.header);
  CHECK(net::forwarded_client(r.peer, r.header, trusted) == r.client);
}
