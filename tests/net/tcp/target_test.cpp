#include <catch2/catch.hpp>

#include "net/tcp/target.hpp"

using net::target;

namespace {

std::vector<target> read(const char* text) {
  return std::get<std::vector<target>>(net::parse_targets(text, 5000));
}

std::string fault_of(const char* text) { return std::get<std::string>(net::parse_targets(text, 5000)); }

}  // namespace

TEST_CASE("hosts are names or addresses, several with commas, each with a port of its own or the usual one") {
  CHECK(read("bank") == std::vector<target>{{"bank", 5000}});
  CHECK(read("a, b:5001") == std::vector<target>{{"a", 5000}, {"b", 5001}});
  CHECK(read("::1") == std::vector<target>{{"::1", 5000}});
  CHECK(read("[::1],[fe80::2]:7") == std::vector<target>{{"::1", 5000}, {"fe80::2", 7}});
  CHECK(to_string(target{"::1", 7}) == "[::1]:7");
  CHECK(to_string(target{"10.0.0.1", 7}) == "10.0.0.1:7");
}

TEST_CASE("what names no host or no port is refused with what it is") {
  CHECK(fault_of("") == "a host is missing");
  CHECK(fault_of("a,,b") == "a host is missing");
  CHECK(fault_of(":5000") == "':5000' names no host");
  CHECK(fault_of("a:") == "'a:' has no port behind its colon");
  CHECK(fault_of("a:0") == "'0' in 'a:0' is no port from 1 to 65535");
  CHECK(fault_of("a:70000") == "'70000' in 'a:70000' is no port from 1 to 65535");
  CHECK(fault_of("a:http") == "'http' in 'a:http' is no port from 1 to 65535");
  CHECK(fault_of("[::1") == "'[::1' has no closing bracket");
  CHECK(fault_of("[::1]5000") == "'[::1]5000' has text behind its bracket; a port is written as [::1]:5000");
}
