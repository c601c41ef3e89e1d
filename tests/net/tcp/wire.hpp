// Two ends of a connection over real sockets on the loopback. Waits end by events, and by a bound that only a
// failure meets.
#pragma once

#include <catch2/catch.hpp>

#include <boost/asio.hpp>

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "net/frame/format.hpp"
#include "net/loop.hpp"
#include "net/tcp/connector.hpp"
#include "net/tcp/listener.hpp"
#include "tests/net/watched.hpp"

namespace test {

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

  /// A caller that the loop knows nothing of, with room for little; `far` is its link.
  boost::asio::ip::tcp::socket stranger() {
    boost::asio::ip::tcp::socket raw(loop.io(), boost::asio::ip::tcp::v4());
    raw.set_option(boost::asio::socket_base::receive_buffer_size(4096));
    raw.connect({boost::asio::ip::address_v4::loopback(), listener->port()});
    far = {};
    REQUIRE(until([this] { return far.link != nullptr; }));
    return raw;
  }
};

/// All that the gateway's end sent, read until it hangs up.
inline std::string rest_of(boost::asio::ip::tcp::socket& raw, wire& w) {
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

/// Far more than a stranger has room for, less than a link may keep.
inline const std::string much(512 * 1024, 'x');

inline net::framing framing_of(const char* format) {
  return std::get<net::frame_format>(net::frame_format::parse(format)).framing(100000);
}

inline net::framing four_digits() {
  return std::get<net::frame_format>(net::frame_format::parse("length:n:4", false)).framing(100000);
}

}  // namespace test
