// Which bytes a link says have arrived at its peer.

#include <catch2/catch.hpp>

#include "tests/net/tcp/wire.hpp"

using test::four_digits;
using test::much;
using test::rest_of;
using test::wire;

TEST_CASE("bytes that the peer took become acknowledged, headers included") {
  wire w(four_digits());
  w.near.link->send("question");
  CHECK(w.near.link->unacknowledged() == 12);
  REQUIRE(w.until([&] { return w.near.link->unacknowledged() == 0; }));
  REQUIRE(w.until([&] { return w.far.all() == "question"; }));
  CHECK(w.near.link->unacknowledged() == 0);
}

TEST_CASE("what a peer does not read stays unacknowledged, and our goodbye behind it does not count") {
  wire w;
  auto raw = w.stranger();
  auto& link = *w.far.link;
  link.send(much);
  CHECK(link.unacknowledged() == much.size());
  link.close();
  // What arrived and what did not make the whole, to the byte.
  REQUIRE(
    w.until([&] { return raw.available() != 0 && link.unacknowledged() == much.size() - raw.available(); }));
  CHECK(link.unacknowledged() > much.size() / 2);
  CHECK_FALSE(w.far.down);
  CHECK(rest_of(raw, w) == much);
  REQUIRE(w.until([&] { return link.unacknowledged() == 0; }));
  raw.close();
  REQUIRE(w.until([&] { return w.far.down.has_value(); }));
  CHECK(*w.far.down == "closed");
  CHECK(link.unacknowledged() == 0);
}

TEST_CASE("a peer that had gone before the answer came did not get it") {
  wire w;
  auto raw = w.stranger();
  raw.close();  // to us the same as a peer that only finished
  REQUIRE(w.until([&] { return w.far.finished; }));
  w.far.link->send("answer");
  w.far.link->close();
  REQUIRE(w.until([&] { return w.far.down.has_value(); }));
  CHECK(*w.far.down != "closed");
  CHECK(w.far.link->unacknowledged() == 6);
}

TEST_CASE("after a reset the link goes on telling what did not arrive, and nothing arrives any more") {
  wire w;
  auto raw = w.stranger();
  auto& link = *w.far.link;
  link.send(much);
  const bool goodbye = GENERATE(false, true);
  if (goodbye)
    link.close();
  REQUIRE(
    w.until([&] { return raw.available() != 0 && link.unacknowledged() == much.size() - raw.available(); }));
  const auto missing = link.unacknowledged();
  raw.set_option(boost::asio::socket_base::linger(true, 0));
  raw.close();
  REQUIRE(w.until([&] { return w.far.down.has_value(); }));
  CHECK(*w.far.down != "closed");
  CHECK(link.unacknowledged() == missing);
  link.send("answer");
  CHECK(link.unacknowledged() == missing + 6);
}

TEST_CASE("a goodbye that a reset answers is none of the bytes that did not arrive") {
  wire w;
  auto raw = w.stranger();
  w.far.link->send("answer");
  w.far.link->close();
  REQUIRE(w.until([&] { return raw.available() == 6 && w.far.link->unacknowledged() == 0; }));
  raw.close();  // with bytes unread: a reset
  REQUIRE(w.until([&] { return w.far.down.has_value(); }));
  CHECK(w.far.link->unacknowledged() == 0);
}

TEST_CASE("what a link has no room for is not acknowledged either") {
  wire w;
  auto raw = w.stranger();
  const std::string block(1 << 20, 'x');
  w.far.link->send(block);
  w.far.link->send("answer");
  REQUIRE(w.far.down);
  CHECK(w.far.link->unacknowledged() == block.size() + 6);
}

TEST_CASE(
  "a peer that reads and resets has acknowledged what was to be acknowledged soon, on a busy connection "
  "too") {
  wire w;
  boost::asio::ip::tcp::socket raw(w.loop.io(), boost::asio::ip::tcp::v4());
  raw.connect({boost::asio::ip::address_v4::loopback(), w.listener->port()});
  w.far = {};
  REQUIRE(w.until([&] { return w.far.link != nullptr; }));
  // Talk to and fro lets its TCP wait with acknowledgements for words that could carry them.
  const std::string answer(300, 'a');
  for (int turn = 1; turn <= 10; ++turn) {
    boost::asio::write(raw, boost::asio::buffer(std::string(200, 'q')));
    REQUIRE(w.until([&] { return w.far.all().size() == 200U * static_cast<unsigned>(turn); }));
    w.far.link->send(answer, net::ack::soon);
    REQUIRE(w.until([&] { return raw.available() == answer.size(); }));
    std::string got(answer.size(), ' ');
    boost::asio::read(raw, boost::asio::buffer(got));
    CHECK(got == answer);
  }
  raw.set_option(boost::asio::socket_base::linger(true, 0));
  raw.close();
  REQUIRE(w.until([&] { return w.far.down.has_value(); }));
  CHECK(w.far.link->acknowledged() == 10 * answer.size());
}

TEST_CASE("acknowledgements are told by position, for what comes first is there first") {
  wire w;
  auto raw = w.stranger();
  auto& link = *w.far.link;
  link.send("answer");
  const auto first = link.sent();
  CHECK(first == 6);
  REQUIRE(w.until([&] { return link.acknowledged() == first; }));
  link.send(much);
  CHECK(link.sent() == first + much.size());
  REQUIRE(w.until([&] { return raw.available() > first && link.acknowledged() == raw.available(); }));
  CHECK(link.acknowledged() < link.sent());
}
