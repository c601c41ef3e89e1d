// A link that cuts its bytes into frames.

#include <catch2/catch.hpp>

#include "tests/net/tcp/wire.hpp"

using test::four_digits;
using test::framing_of;
using test::wire;

TEST_CASE("frames sent in one turn arrive as the same frames") {
  wire w(four_digits());
  const std::vector<net::bytes> frames{"a", std::string(9000, 'b'), "c"};
  for (const auto& f : frames)
    w.near.link->send(f);
  REQUIRE(w.until([&] { return w.far.frames.size() == 3; }));
  CHECK(w.far.frames == frames);
}

TEST_CASE("a bad header brings the link down and says why") {
  wire w(four_digits());
  boost::asio::ip::tcp::socket raw(w.loop.io());
  raw.connect({boost::asio::ip::address_v4::loopback(), w.listener->port()});
  w.far = {};
  REQUIRE(w.until([&] { return w.far.link != nullptr; }));
  boost::asio::write(raw, boost::asio::buffer("GET / HTTP/1.1\r\n", 16));
  REQUIRE(w.until([&] { return w.far.down.has_value(); }));
  CHECK_THAT(*w.far.down, Catch::Contains("header"));
}

TEST_CASE("an empty frame is a sign of life and nothing more") {
  wire w(four_digits());
  w.near.link->send("");
  w.near.link->send("x");
  REQUIRE(w.until([&] { return !w.far.frames.empty(); }));
  CHECK(w.far.frames == std::vector<net::bytes>{"x"});
}

TEST_CASE("an answer is framed for its request, and counted with its header and trailer") {
  wire w(framing_of("length bin2 counts=rest, tpdu hex=6000010002, message, end hex=0D0A"));
  w.near.link->send("question");
  REQUIRE(w.until([&] { return !w.far.frames.empty(); }));
  CHECK(w.far.all() == "question");
  REQUIRE(w.far.contexts.size() == 1);
  CHECK(w.far.contexts.front().header == std::string("\x00\x0f\x60\x00\x01\x00\x02", 7));
  w.far.link->send_answer("answer", w.far.contexts.front());
  CHECK(w.far.link->sent() == 7 + 6 + 2);
  REQUIRE(w.until([&] { return !w.near.frames.empty(); }));
  CHECK(w.near.all() == "answer");
  CHECK(w.near.contexts.front().header == std::string("\x00\x0d\x60\x00\x02\x00\x01", 7));
}

TEST_CASE("a keep-alive is no frame for its receiver, and comes back as it was where the format says so") {
  wire w(framing_of("ascii4,keepalive=answer"));
  auto raw = w.stranger();
  boost::asio::write(raw, boost::asio::buffer(std::string("0000")));
  REQUIRE(w.until([&] { return w.far.received_count == 1 && raw.available() == 4; }));
  CHECK(w.far.frames.empty());
  boost::asio::write(raw, boost::asio::buffer(std::string("0003abc")));
  REQUIRE(w.until([&] { return !w.far.frames.empty(); }));
  CHECK(w.far.all() == "abc");
  std::string back(raw.available(), ' ');
  boost::asio::read(raw, boost::asio::buffer(back));
  CHECK(back == "0000");
}

TEST_CASE("a refused frame is marked, a bad one is reported before the link goes down") {
  wire w(framing_of("base24"));
  auto raw = w.stranger();
  boost::asio::write(raw, boost::asio::buffer(std::string("\x00\x0e", 2) + "ISO026000400m\x03"
                                                                           "XX"));
  boost::asio::write(raw, boost::asio::buffer(std::string("ISX")));
  REQUIRE(w.until([&] { return w.far.down.has_value(); }));
  using kind = net::frame::kind;
  CHECK(w.far.kinds == std::vector{kind::refused, kind::bad});
  CHECK(*w.far.down == "the element 'literal' of a frame is not ISO");
}

TEST_CASE("a message that a header cannot express takes the link down, and not a byte of it leaves") {
  wire w(framing_of("length ascii2, message"));
  CHECK(w.near.link->content_max() == 99);
  w.near.link->send(std::string(100, 'x'));
  REQUIRE(w.until([&] { return w.near.down && w.far.down; }));
  CHECK(*w.near.down == "a message of 100 bytes, a frame can have 99");
  CHECK(w.far.frames.empty());
}
