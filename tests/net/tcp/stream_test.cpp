// Links over a layer that has a handshake and makes more bytes of those that it is given.

#include <catch2/catch.hpp>

#include <boost/asio.hpp>

#include "net/loop.hpp"
#include "net/tcp/connector.hpp"
#include "net/tcp/listener.hpp"
#include "net/tcp/stream.hpp"
#include "tests/net/watched.hpp"

namespace {

using boost::system::error_code;
namespace asio = boost::asio;

// Each side says "hello" first; then each byte is followed by its complement.
class doubled final : public net::stream, public std::enable_shared_from_this<doubled> {
public:
  explicit doubled(net::stream_ptr under) : under_(std::move(under)), peer_("doubled " + under_->peer()) {}

  void handshake(std::function<void(error_code)> done) override {
    wire_ = hello;
    flush();
    hear_hello(std::move(done));
  }

  void read_some(std::span<char> into, std::function<void(error_code, std::size_t)> done) override {
    if (const auto count = take(into); count != 0)
      return asio::post(executor(), [done, count] { done({}, count); });
    under_->read_some(buffer_, [self = shared_from_this(), into, done](error_code error, std::size_t size) {
      self->heard_.append(self->buffer_, size);
      const auto count = self->take(into);
      if (!error && count == 0)
        return self->read_some(into, done);
      done(count == 0 ? error : error_code(), count);
    });
  }

  std::size_t write_some(std::string_view bytes, error_code& error) override {
    error = fault_;
    if (!error && !wire_.empty())
      error = asio::error::would_block;
    if (error)
      return 0;
    bytes = bytes.substr(0, 1000);
    for (const char c : bytes)
      wire_ += {c, static_cast<char>(~c)};
    written_ += bytes.size();
    flush();
    return bytes.size();
  }

  void wait_writable(std::function<void(error_code)> done) override {
    if (wire_.empty())
      return under_->wait_writable(std::move(done));
    when_flushed_ = std::move(done);
  }

  void shut_down() override {
    shut_down_ = true;
    flush();
  }

  std::uint64_t written() const override { return written_; }
  std::uint64_t acknowledged() const override { return plain(under_->acknowledged()); }
  bool is_acknowledged_by_peer() const override { return true; }
  error_code fault() override { return fault_ ? fault_ : under_->fault(); }
  void close() override { under_->close(); }
  std::uint64_t reset() override { return plain(under_->reset()); }
  const std::string& peer() const override { return peer_; }
  asio::any_io_executor executor() override { return under_->executor(); }

  static constexpr std::string_view hello = "hello";

private:
  static std::uint64_t plain(std::uint64_t wire) {
    return wire < hello.size() ? 0 : (wire - hello.size()) / 2;
  }

  std::size_t take(std::span<char> into) {
    std::size_t count = 0;
    for (; count < into.size() && heard_.size() >= 2; ++count, heard_.erase(0, 2))
      into[count] = heard_[0];
    return count;
  }

  void hear_hello(std::function<void(error_code)> done) {
    under_->read_some(buffer_, [self = shared_from_this(), done](error_code error, std::size_t size) {
      self->heard_.append(self->buffer_, size);
      const auto begin = self->heard_.substr(0, hello.size());
      if (!error && begin != hello.substr(0, begin.size()))
        error = asio::error::no_protocol_option;
      if (!error && begin.size() < hello.size())
        return self->hear_hello(done);
      self->heard_.erase(0, hello.size());
      done(error);
    });
  }

  void flush() {
    error_code error;
    while (!wire_.empty() && !error)
      wire_.erase(0, under_->write_some(wire_, error));
    if (error == asio::error::would_block) {
      if (!std::exchange(waits_, true))
        under_->wait_writable([self = shared_from_this()](error_code failed) {
          self->waits_ = false;
          self->fault_ = failed;
          if (!failed)
            self->flush();
        });
      return;
    }
    fault_ = error;
    if (shut_down_ && wire_.empty())
      under_->shut_down();
    if (const auto done = std::exchange(when_flushed_, nullptr))
      done(error);
  }

  net::stream_ptr under_;
  std::string peer_, wire_, heard_;
  char buffer_[4096];
  std::uint64_t written_ = 0;
  bool waits_ = false, shut_down_ = false;
  error_code fault_;
  std::function<void(error_code)> when_flushed_;
};

struct doubling final : net::stream_layer {
  net::stream_ptr over(asio::ip::tcp::socket socket, const net::tcp_limits& limits) const override {
    return std::make_shared<doubled>(net::make_stream(std::move(socket), limits));
  }
};

struct port {
  net::loop loop;
  watched inside;
  int accepted = 0;
  std::vector<std::string> trouble;
  std::unique_ptr<net::listener> listener;

  port() {
    net::listen_options options;
    options.trouble = [this](const std::string& why) { trouble.push_back(why); };
    options.limit = net::connection_limit(1);
    options.layer = std::make_shared<doubling>();
    listener = std::get<std::unique_ptr<net::listener>>(net::listen(loop, 0, options));
    listener->open([this](net::link_ptr link) {
      ++accepted;
      inside.link = std::move(link);
      inside.link->open(inside.events());
    });
  }

  bool until(const std::function<bool()>& done) { return run_until(loop, done); }

  // A peer that has been greeted, and has said nothing yet.
  asio::ip::tcp::socket stranger() {
    asio::ip::tcp::socket raw(loop.io(), asio::ip::tcp::v4());
    raw.set_option(asio::socket_base::receive_buffer_size(4096));
    raw.connect({asio::ip::address_v4::loopback(), listener->port()});
    REQUIRE(until([&] { return raw.available() == doubled::hello.size(); }));
    std::string greeting(doubled::hello.size(), ' ');
    asio::read(raw, asio::buffer(greeting));
    return raw;
  }

  void say(asio::ip::tcp::socket& raw, std::string_view text) { asio::write(raw, asio::buffer(text)); }
};

}  // namespace

TEST_CASE("a connection is handed on when its handshake is done, and not before") {
  port p;
  auto raw = p.stranger();
  CHECK(p.accepted == 0);
  p.say(raw, "hel");
  p.loop.run_for(std::chrono::milliseconds(1));
  CHECK(p.accepted == 0);
  p.say(raw, "loa\x9e");
  REQUIRE(p.until([&] { return p.inside.all() == "a"; }));
  CHECK(p.inside.link->peer().substr(0, 8) == "doubled ");
}

TEST_CASE("a connection whose handshake fails is hung up on, told of, and makes room") {
  port p;
  auto raw = p.stranger();
  p.say(raw, "GET /");
  REQUIRE(p.until([&] { return !p.trouble.empty(); }));
  CHECK_THAT(p.trouble.front(), Catch::Contains("doubled 127.0.0.1:"));
  CHECK(p.accepted == 0);
  auto next = p.stranger();
  p.say(next, "hello");
  CHECK(p.until([&] { return p.accepted == 1; }));
}

TEST_CASE("a connection in its handshake takes a place, and a listener that closes hangs up on it") {
  port p;
  auto raw = p.stranger();
  asio::ip::tcp::socket other(p.loop.io());
  other.connect({asio::ip::address_v4::loopback(), p.listener->port()});
  REQUIRE(p.until([&] { return !p.trouble.empty(); }));
  CHECK_THAT(p.trouble.front(), Catch::Contains("as many connections are open as may be"));
  p.listener->close();
  char byte = 0;
  error_code error;
  raw.non_blocking(true);
  CHECK(p.until([&] {
    raw.read_some(asio::buffer(&byte, 1), error);
    return error != asio::error::would_block;
  }));
  CHECK(p.accepted == 0);
}

TEST_CASE("what both ends say passes a layer, in either direction and any size") {
  port p;
  const auto dialer =
    net::make_connector(p.loop, "127.0.0.1", p.listener->port(), {}, {}, std::make_shared<doubling>());
  watched outside;
  dialer->dial(outside.events());
  REQUIRE(p.until([&] { return outside.link && p.inside.link; }));
  const std::string much(300'000, 'x');
  outside.link->send("question");
  p.inside.link->send(much);
  REQUIRE(p.until([&] { return p.inside.all() == "question" && outside.all() == much; }));
  REQUIRE(p.until([&] { return p.inside.link->unacknowledged() == 0; }));
  CHECK(p.inside.link->sent() == much.size());
  p.inside.link->close();
  outside.link->close();
  CHECK(p.until([&] { return outside.down && p.inside.down; }));
  CHECK(*p.inside.down == "closed");
}

TEST_CASE("a dial that is abandoned in its handshake has no event any more") {
  net::loop loop;
  asio::ip::tcp::acceptor host(loop.io(), {asio::ip::address_v4::loopback(), 0});
  const auto dialer = net::make_connector(loop, "127.0.0.1", host.local_endpoint().port(), {}, {},
                                          std::make_shared<doubling>());
  watched w;
  dialer->dial(w.events());
  std::optional<asio::ip::tcp::socket> raw;
  host.async_accept([&](error_code, asio::ip::tcp::socket s) { raw = std::move(s); });
  REQUIRE(run_until(loop, [&] { return raw && raw->available() == doubled::hello.size(); }));
  CHECK_FALSE(w.link);
  dialer->abandon();
  asio::write(*raw, asio::buffer("hello", 5));
  error_code error;
  raw->non_blocking(true);
  char bytes[16];
  REQUIRE(run_until(loop, [&] {
    raw->read_some(asio::buffer(bytes), error);
    return error && error != asio::error::would_block;
  }));
  CHECK_FALSE(w.link);
  CHECK_FALSE(w.down);
}

TEST_CASE("through a layer, too, exactly what the peer's TCP took is acknowledged, after a reset as well") {
  port p;
  auto raw = p.stranger();
  p.say(raw, "hello");
  REQUIRE(p.until([&] { return p.inside.link != nullptr; }));
  auto& link = *p.inside.link;
  link.send(std::string(512 * 1024, 'x'));
  REQUIRE(p.until([&] { return raw.available() != 0 && link.acknowledged() == raw.available() / 2; }));
  CHECK(link.acknowledged() < link.sent());
  link.reset();
  const auto arrived = link.acknowledged();
  std::string text;
  error_code error;
  for (char buffer[8192]; !error;)
    text.append(buffer, raw.read_some(asio::buffer(buffer), error));
  CHECK(error == asio::error::connection_reset);
  CHECK(text.size() / 2 == arrived);
  CHECK(link.acknowledged() == arrived);
}
