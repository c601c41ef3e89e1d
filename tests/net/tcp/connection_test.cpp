// A link: bytes both ways, its end, and a peer that does not read.

#include <catch2/catch.hpp>

#include "tests/net/tcp/wire.hpp"

using namespace std::chrono_literals;
using test::much;
using test::rest_of;
using test::wire;

TEST_CASE("bytes pass both ways, and a closed link brings both ends down") {
  wire w;
  w.near.link->send("question");
  REQUIRE(w.until([&] { return w.far.all() == "question"; }));
  w.far.link->send("answer");
  w.far.link->close();
  REQUIRE(w.until([&] { return w.near.finished; }));
  CHECK(w.near.all() == "answer");
  CHECK_FALSE(w.far.down);
  w.near.link->close();
  REQUIRE(w.until([&] { return w.near.down && w.far.down; }));
}

TEST_CASE("dropping a link hangs up and says nothing more to its owner") {
  wire w;
  w.near.link.reset();
  REQUIRE(w.until([&] { return w.far.finished || w.far.down; }));
  CHECK_FALSE(w.near.down);
}

TEST_CASE("a peer that does not read costs bounded memory") {
  wire w;
  boost::asio::ip::tcp::socket raw(w.loop.io());
  raw.connect({boost::asio::ip::address_v4::loopback(), w.listener->port()});
  w.far = {};
  REQUIRE(w.until([&] { return w.far.link != nullptr; }));
  const std::string block(64 * 1024, 'x');
  for (int i = 0; i < 1000 && !w.far.down; ++i) {
    w.far.link->send(block);
    w.loop.run_for(1ms);
  }
  REQUIRE(w.far.down);
  CHECK_THAT(*w.far.down, Catch::Contains("does not read"));
}

TEST_CASE("a refused dial is down, and the next dial may succeed") {
  net::loop loop;
  auto listener = std::get<std::unique_ptr<net::listener>>(net::listen(loop, 0, {}));
  const auto port = listener->port();
  listener.reset();
  const auto dialer = net::make_connector(loop, "localhost", port, {});
  watched first;
  dialer->dial(first.events());
  while (!first.down)
    loop.run_for(1s);
  CHECK_THAT(*first.down, Catch::Contains("cannot connect"));
  CHECK_FALSE(first.link);

  listener = std::get<std::unique_ptr<net::listener>>(net::listen(loop, port, {}));
  listener->open([](const net::link_ptr&) {});
  watched second;
  dialer->dial(second.events());
  while (!second.link && !second.down)
    loop.run_for(1s);
  CHECK(second.link);
}

TEST_CASE("a name that does not exist is down") {
  net::loop loop;
  const auto dialer = net::make_connector(loop, "no-such-host.invalid", 1, {});
  watched w;
  dialer->dial(w.events());
  while (!w.down)
    loop.run_for(1s);
  CHECK_THAT(*w.down, Catch::Contains("cannot find the host"));
}

TEST_CASE("a peer that finished early gets everything, and the link is down only then") {
  wire w;
  auto raw = w.stranger();
  auto& link = *w.far.link;
  raw.shutdown(boost::asio::socket_base::shutdown_send);
  REQUIRE(w.until([&] { return w.far.finished; }));
  link.send(much);
  link.close();
  REQUIRE(
    w.until([&] { return raw.available() != 0 && link.unacknowledged() == much.size() - raw.available(); }));
  for (int turn = 0; turn < 3; ++turn)
    w.loop.run_for(1s);
  CHECK_FALSE(w.far.down);
  CHECK(rest_of(raw, w) == much);
  REQUIRE(w.until([&] { return w.far.down.has_value(); }));
  CHECK(*w.far.down == "closed");
  CHECK(link.unacknowledged() == 0);
}

TEST_CASE("a link that is reset sends nothing more, not even what the kernel had taken already") {
  wire w;
  auto raw = w.stranger();
  auto& link = *w.far.link;
  link.send(much);
  REQUIRE(
    w.until([&] { return raw.available() != 0 && link.unacknowledged() == much.size() - raw.available(); }));
  link.reset();
  const auto arrived = link.acknowledged();
  CHECK(arrived < much.size());
  // The peer reads all that it can get.
  std::string text;
  boost::system::error_code error;
  for (char buffer[8192]; !error;)
    text.append(buffer, raw.read_some(boost::asio::buffer(buffer), error));
  CHECK(error == boost::asio::error::connection_reset);
  CHECK(text.size() == arrived);
  CHECK(link.acknowledged() == arrived);
  CHECK_FALSE(w.far.down);
}

TEST_CASE("a link that goes down because its peer does not read sends nothing more") {
  wire w;
  auto raw = w.stranger();
  auto& link = *w.far.link;
  link.send(much);
  REQUIRE(
    w.until([&] { return raw.available() != 0 && link.unacknowledged() == much.size() - raw.available(); }));
  for (int block = 0; block < 8 && !w.far.down; ++block)
    link.send(much);
  REQUIRE(w.far.down);
  const auto arrived = link.acknowledged();
  std::string text;
  boost::system::error_code error;
  for (char buffer[8192]; !error;)
    text.append(buffer, raw.read_some(boost::asio::buffer(buffer), error));
  CHECK(error == boost::asio::error::connection_reset);
  CHECK(text.size() == arrived);
}

TEST_CASE("what is held is not read on, and is read when it is let go, and the end comes behind it") {
  net::loop loop;
  watched inside, caller;
  net::link_ptr link;
  const auto listener = std::get<std::unique_ptr<net::listener>>(net::listen(loop, 0, {}));
  listener->open([&](net::link_ptr l) {
    link = std::move(l);
    link->open(inside.events());
    link->hold(true);
  });
  auto dialer = net::make_connector(loop, "127.0.0.1", listener->port(), {});
  dialer->dial(caller.events());
  while (!caller.link || !link)
    loop.run_for(std::chrono::seconds(1));
  const auto heard = [&] {
    std::size_t size = 0;
    for (const auto& f : inside.frames)
      size += f.size();
    return size;
  };
  constexpr std::size_t all = 100000;
  caller.link->send(std::string(all, 'x'));
  caller.link->close();
  // One read was under way already.
  while (heard() == 0)
    loop.run_for(std::chrono::seconds(1));
  CHECK(heard() <= net::tcp_limits().read_size);
  CHECK_FALSE(inside.finished);
  link->hold(false);
  while (!inside.finished)
    loop.run_for(std::chrono::seconds(1));
  CHECK(heard() == all);
}
