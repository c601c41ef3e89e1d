// Links over real sockets on the loopback. Waits end by events, and by a bound that only a failure meets.

#include <catch2/catch.hpp>

#include <boost/asio.hpp>

#include "net/frame/format.hpp"
#include "net/loop.hpp"
#include "net/tcp/connector.hpp"
#include "net/tcp/listener.hpp"
#include "tests/net/watched.hpp"

using namespace std::chrono_literals;

namespace {

struct wire {
  net::loop loop;
  watched near, far;  // we dial, we accept
  std::shared_ptr<net::listener> listener;
  std::unique_ptr<net::dialer> dialer;

  explicit wire(net::framing how = {}) {
    listener = std::get<std::unique_ptr<net::listener>>(net::listen(loop, 0, {how}));
    listener->open([this](net::link_ptr link) {
      far.link = std::move(link);
      far.link->open(far.events());
    });
    dialer = net::make_connector(loop, "127.0.0.1", listener->port(), how);
    dialer->dial(near.events());
    REQUIRE(until([this] { return near.link && far.link; }));
  }

  bool until(const std::function<bool()>& done) { return run_until(loop, done); }

  // A caller that the loop knows nothing of, with room for little; `far` is its link.
  boost::asio::ip::tcp::socket stranger() {
    boost::asio::ip::tcp::socket raw(loop.io(), boost::asio::ip::tcp::v4());
    raw.set_option(boost::asio::socket_base::receive_buffer_size(4096));
    raw.connect({boost::asio::ip::address_v4::loopback(), listener->port()});
    far = {};
    REQUIRE(until([this] { return far.link != nullptr; }));
    return raw;
  }
};

// All that the gateway's end sent, read until it hangs up.
std::string rest_of(boost::asio::ip::tcp::socket& raw, wire& w) {
  std::string text;
  boost::system::error_code error;
  raw.non_blocking(true);
  w.until([&] {
    for (char buffer[8192]; !error || error == boost::asio::error::would_block;) {
      const auto size = raw.read_some(boost::asio::buffer(buffer), error);
      text.append(buffer, size);
      if (error == boost::asio::error::would_block)
        return false;
    }
    return true;
  });
  CHECK(error == boost::asio::error::eof);
  return text;
}

const std::string much(512 * 1024, 'x');  // far more than a stranger has room for, less than a link may keep

net::framing framing_of(const char* format) {
  return std::get<net::frame_format>(net::frame_format::parse(format)).framing(100000);
}

net::framing four_digits() {
  return std::get<net::frame_format>(net::frame_format::parse("length:n:4", false)).framing(100000);
}

}  // namespace

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

TEST_CASE("a port in use is a sentence for the operator") {
  net::loop loop;
  const auto listener = std::get<std::unique_ptr<net::listener>>(net::listen(loop, 0, {}));
  const auto again = net::listen(loop, listener->port(), {});
  CHECK_THAT(std::get<std::string>(again),
             Catch::Contains("cannot listen on port " + std::to_string(listener->port())));
}

TEST_CASE("no more connections are let in than may be, and room is made by those that leave") {
  net::loop loop;
  std::vector<net::link_ptr> inside;
  int complaints = 0;
  const auto listener = std::get<std::unique_ptr<net::listener>>(
    net::listen(loop, 0, {{}, [&](const std::string&) { ++complaints; }, net::connection_limit(2)}));
  listener->open([&](net::link_ptr link) { inside.push_back(std::move(link)); });
  const auto come = [&](watched& w) {
    auto dialer = net::make_connector(loop, "127.0.0.1", listener->port(), {});
    dialer->dial(w.events());
    while (!w.link)
      loop.run_for(std::chrono::seconds(1));
  };
  watched a, b, c, d;
  come(a);
  come(b);
  while (inside.size() < 2)
    loop.run_for(std::chrono::seconds(1));
  come(c);
  while (!c.finished && !c.down)
    loop.run_for(std::chrono::seconds(1));
  CHECK(inside.size() == 2);
  CHECK(complaints == 1);
  inside.erase(inside.begin());
  come(d);
  while (inside.size() < 2)
    loop.run_for(std::chrono::seconds(1));
  CHECK_FALSE(d.down);
}

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

TEST_CASE(
  "where no place is left, the connection that has been idle for longest goes, and none that is busy") {
  net::loop loop;
  struct guest {
    net::link_ptr link;
    watched seen;
  };
  std::vector<std::unique_ptr<guest>> inside;
  int complaints = 0;
  const auto listener = std::get<std::unique_ptr<net::listener>>(
    net::listen(loop, 0, {{}, [&](const std::string&) { ++complaints; }, net::connection_limit(3)}));
  listener->open([&](net::link_ptr link) {
    inside.push_back(std::make_unique<guest>());
    inside.back()->link = link;
    link->open(inside.back()->seen.events());
  });
  std::vector<std::unique_ptr<watched>> callers;
  const auto come = [&] {
    callers.push_back(std::make_unique<watched>());
    const auto before = inside.size();
    const auto complaints_before = complaints;
    auto dialer = net::make_connector(loop, "127.0.0.1", listener->port(), {});
    dialer->dial(callers.back()->events());
    while (!callers.back()->link || (inside.size() == before && complaints == complaints_before))
      loop.run_for(std::chrono::seconds(1));
  };
  for (int i = 0; i < 3; ++i)
    come();
  inside[2]->link->may_give_way(true);
  inside[1]->link->may_give_way(true);
  come();
  REQUIRE(inside.size() == 4);
  REQUIRE(inside[2]->seen.down);
  CHECK_THAT(*inside[2]->seen.down, Catch::Contains("as many connections are open as may be"));
  CHECK_FALSE(inside[1]->seen.down);
  inside[1]->link->may_give_way(false);
  come();
  CHECK(inside.size() == 4);
  CHECK(complaints == 1);
  inside[0]->link->may_give_way(true);
  come();
  CHECK(inside.size() == 5);
  CHECK(inside[0]->seen.down);
  // What has given way is counted once: its link may be dropped later.
  inside[0]->link.reset();
  inside[1]->link->may_give_way(true);
  come();
  CHECK(inside.size() == 6);
  CHECK(inside[1]->seen.down);
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
