// The PROXY header, byte by byte and on a socket.

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <catch2/catch.hpp>

#include "net/loop.hpp"
#include "net/tcp/listener.hpp"
#include "net/tcp/networks.hpp"
#include "net/tcp/proxied.hpp"
#include "net/tcp/proxy_header.hpp"
#include "tests/net/watched.hpp"

using namespace std::literals;

namespace {

const auto second_version = "\r\n\r\n\0\r\nQUIT\n"s;

// Of version 2: "\x21\x11" and what follows, its length in front.
std::string binary(std::string_view kind, std::string_view rest) {
  return second_version + std::string(kind) + char(rest.size() >> 8) + char(rest.size() & 0xff) +
         std::string(rest);
}

const auto over_4 = binary("\x21\x11", "\xcb\x00\x71\x05\x0a\x00\x00\x01\xd1\x4a\x07\xde"sv);

}  // namespace

TEST_CASE("a PROXY header of either version is read from its first byte to its last, and nothing behind it") {
  struct row {
    std::string header, peer;
  };
  const std::vector<row> rows{
    {"PROXY TCP4 203.0.113.5 10.0.0.1 53578 2014\r\n", "203.0.113.5:53578"},
    {"PROXY TCP6 2001:db8::1 ::1 53578 2014\r\n", "[2001:db8::1]:53578"},
    {"PROXY UNKNOWN\r\n", ""},
    {"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", ""},
    {over_4, "203.0.113.5:53578"},
    {binary("\x21\x11", "\xcb\x00\x71\x05\x0a\x00\x00\x01\xd1\x4a\x07\xde\x04\x00\x01x"sv),
     "203.0.113.5:53578"},
    {binary("\x21\x21",
            "\x20\x01\x0d\xb8" + std::string(11, '\0') + "\x01" + std::string(16, '\1') + "\xd1\x4a\x07\xde"),
     "[2001:db8::1]:53578"},
    {binary("\x20\x00"sv, ""), ""},
    {binary("\x21\x31", std::string(216, 'x')), ""}};  // a local socket of the proxy's machine
  for (const auto& r : rows) {
    for (std::size_t size = 0; size < r.header.size(); ++size)
      CHECK(std::holds_alternative<net::proxy_header_unfinished>(
        net::read_proxy_header(std::string_view(r.header).substr(0, size))));
    const auto read = net::read_proxy_header(r.header + "0200");
    REQUIRE(std::holds_alternative<net::proxy_header>(read));
    CHECK(std::get<net::proxy_header>(read).size == r.header.size());
    CHECK(std::get<net::proxy_header>(read).peer == r.peer);
  }
}

TEST_CASE("what is no PROXY header is told as soon as that is certain") {
  for (const auto& bytes :
       {"0200"s, "GET / HTTP/1.1\r\n"s, "PROXY\r\n"s, "PROXY TCP4 203.0.113.5 10.0.0.1 53578\r\n"s,
        "PROXY TCP4 ::1 ::1 1 2\r\n"s, "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n"s,
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n"s, "PROXY TCP4 a.example 1.2.3.4 1 2\r\n"s,
        "PROXY  TCP4 1.2.3.4 1.2.3.4 1 2\r\n"s, "PROXY " + std::string(200, 'x'), "\r\n\r\nX"s,
        binary("\x31\x11", std::string(12, 'x')), binary("\x21\x11", std::string(11, 'x')),
        binary("\x21\x11", std::string(5000, 'x'))})
    CHECK(std::holds_alternative<net::no_proxy_header>(net::read_proxy_header(bytes)));
}

TEST_CASE(
  "behind a proxy the peer is whom its header names, and what stands behind the header is read first") {
  net::loop loop;
  watched inside;
  net::link_ptr link;
  std::vector<std::string> trouble;
  net::listen_options options;
  options.trouble = [&](const std::string& why) { trouble.push_back(why); };
  options.layer = net::make_proxied_layer();
  const auto listener = std::get<std::unique_ptr<net::listener>>(net::listen(loop, 0, std::move(options)));
  listener->open([&](net::link_ptr l) {
    link = std::move(l);
    link->open(inside.events());
  });
  const auto call = [&](const std::string& says) {
    boost::asio::ip::tcp::socket raw(loop.io(), boost::asio::ip::tcp::v4());
    raw.connect({boost::asio::ip::address_v4::loopback(), listener->port()});
    boost::asio::write(raw, boost::asio::buffer(says));
    return raw;
  };
  auto client = call(over_4 + "0200");
  while (inside.frames.empty())
    loop.run_for(1s);
  CHECK(link->peer() == "203.0.113.5:53578");
  CHECK(inside.frames == std::vector<net::bytes>{"0200"});
  boost::asio::write(client, boost::asio::buffer("more"s));
  while (inside.frames.size() < 2)
    loop.run_for(1s);
  CHECK(inside.frames.back() == "more");

  link = nullptr;
  const auto stranger = call("0200");
  while (trouble.empty())
    loop.run_for(1s);
  CHECK_THAT(trouble.front(), Catch::StartsWith("127.0.0.1:") && Catch::Contains("PROXY header"));
  CHECK_FALSE(link);
}
