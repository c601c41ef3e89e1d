#include <catch2/catch.hpp>

#include "net/tcp/networks.hpp"

namespace {

bool contains(const char* text, const char* address) {
  return std::get<net::networks>(net::networks::parse(text)).contains(boost::asio::ip::make_address(address));
}

std::string fault(const char* text) { return std::get<std::string>(net::networks::parse(text)); }

}  // namespace

TEST_CASE("who may call is an address, a network, several of them, or any") {
  CHECK(contains("10.1.2.3", "10.1.2.3"));
  CHECK_FALSE(contains("10.1.2.3", "10.1.2.4"));
  CHECK(contains("10.0.0.0/8", "10.255.0.1"));
  CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
  CHECK(contains("192.168.1.0/25, 10.1.2.3", "192.168.1.127"));
  CHECK_FALSE(contains("192.168.1.0/25, 10.1.2.3", "192.168.1.128"));
  CHECK(contains("::1", "::1"));
  CHECK(contains("fd00::/8", "fdff::7"));
  CHECK_FALSE(contains("fd00::/8", "fe00::7"));
  CHECK(contains("10.1.2.4/8", "10.9.9.9"));
  CHECK(contains("any", "203.0.113.9"));
  CHECK(contains("any", "::1"));
  CHECK(contains("0.0.0.0/0", "203.0.113.9"));
  CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
}

TEST_CASE("an IPv4 caller of an IPv6 socket is known by its IPv4 address") {
  CHECK(contains("10.1.2.3", "::ffff:10.1.2.3"));
  CHECK_FALSE(contains("::1", "::ffff:127.0.0.1"));
  CHECK(contains("::ffff:10.1.2.3", "10.1.2.3"));
  CHECK(contains("::ffff:10.1.2.3", "::ffff:10.1.2.3"));
}

TEST_CASE("a network that everybody is in is known as such") {
  const auto is_any = [](const char* text) {
    return std::get<net::networks>(net::networks::parse(text)).is_any();
  };
  CHECK(is_any("any"));
  CHECK(is_any("10.0.0.1, 0.0.0.0/0"));
  CHECK(is_any("::/0"));
  CHECK_FALSE(is_any("10.0.0.0/8, ::1"));
}

TEST_CASE("what is no address and no network is named") {
  for (const auto* wrong :
       {"", "bank", "10.1.2", "10.0.0.0/33", "::1/129", "10.0.0.1,", "10.0.0.0/", "0.0.0.0", "::"}) {
    INFO(wrong);
    CHECK_THAT(fault(wrong), Catch::Contains("is no address and no network"));
  }
}
