#include "tests/chaos/relay.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <array>

#include "tests/lab/bank_port.hpp"

namespace chaos {

namespace {

using namespace std::chrono_literals;
using boost::system::error_code;

// Odds per thousand of how a connection is treated.
constexpr int byte_by_byte = 150, slow = 150, resets = 80;

constexpr auto full_pause = 20ms;
constexpr int small_window = 4096;

}  // namespace

// Two pumps; each reads a piece, waits, writes it whole, and reads the next.
struct relay::connection : std::enable_shared_from_this<connection> {
  struct pump {
    tcp::socket& from;
    tcp::socket& to;
    bool to_gateway;
    std::array<char, 4096> buffer{};
    std::size_t piece_max = 4096;
    std::chrono::milliseconds pause{0};
    std::size_t resets_at = ~std::size_t(0);  ///< offset in bytes
    std::size_t passed = 0;
    bool ended = false;
  };

  connection(relay& r, tcp::socket c)
    : owner(r),
      client(std::move(c)),
      gateway(r.io_),
      timers{asio::steady_timer(r.io_), asio::steady_timer(r.io_)} {
    error_code ignored;
    port = client.remote_endpoint(ignored).port();
  }

  void begin() {
    const auto happens = [this](int odds) {
      return !owner.behaves_ && std::uniform_int_distribution<int>(0, 999)(owner.random_) < odds;
    };
    error_code ignored;
    gateway.open(tcp::v4(), ignored);
    if (happens(byte_by_byte)) {
      up.piece_max = down.piece_max = 1 + owner.random_() % 7;
      up.pause = down.pause = std::chrono::milliseconds(owner.random_() % 4);
    } else if (happens(slow)) {
      // Less than one response per second and a small window, so the gateway's queue is never empty.
      down.piece_max = 100;
      down.pause = 100ms;
      gateway.set_option(asio::socket_base::receive_buffer_size(small_window), ignored);
    }
    if (happens(resets))
      down.resets_at = owner.random_() % 400;
    gateway.async_connect(owner.gateway_, [self = shared_from_this()](error_code failed) {
      if (failed)
        return self->reset();
      error_code none;
      self->client.set_option(tcp::no_delay(true), none);
      self->gateway.set_option(tcp::no_delay(true), none);
      self->read(self->up);
      self->read(self->down);
    });
  }

  void read(pump& p) {
    p.from.async_read_some(asio::buffer(p.buffer.data(), p.piece_max),
                           [self = shared_from_this(), &p](error_code error, std::size_t size) {
                             if (error == asio::error::operation_aborted)
                               return;
                             if (error && error != asio::error::eof)
                               return self->reset();
                             p.ended = static_cast<bool>(error);
                             if (p.pause > 0ms)
                               return self->wait(p, p.pause, size);
                             self->pass(p, size);
                           });
  }

  void wait(pump& p, std::chrono::milliseconds time, std::size_t size) {
    auto& timer = timers[p.to_gateway ? 0 : 1];
    timer.expires_after(time);
    timer.async_wait([self = shared_from_this(), &p, size](error_code cancelled) {
      if (!cancelled)
        self->pass(p, size);
    });
  }

  void pass(pump& p, std::size_t size) {
    if (owner.is_cut(p.to_gateway)) {
      if (owner.bytes_wait_ || size == 0)
        return wait(p, full_pause, size);
      is_lossy = true;
      owner.way_.harmed.insert(port);  // it acknowledged what it drops now
      return read(p);
    }
    if (is_lossy)
      return harm();  // bytes are missing in the middle
    if (p.passed + size > p.resets_at)
      size = p.resets_at - p.passed;
    p.passed += size;
    asio::async_write(p.to, asio::buffer(p.buffer.data(), size),
                      [self = shared_from_this(), &p](error_code error, std::size_t) {
                        if (error)
                          return self->reset();
                        if (p.passed >= p.resets_at)
                          return self->harm();
                        if (!p.ended)
                          return self->read(p);
                        error_code ignored;
                        p.to.shutdown(tcp::socket::shutdown_send, ignored);
                        if (self->up.ended && self->down.ended)
                          self->close();
                      });
  }

  void harm() {
    owner.way_.harmed.insert(port);
    reset();
  }

  void reset() {
    error_code ignored;
    client.set_option(asio::socket_base::linger(true, 0), ignored);
    gateway.set_option(asio::socket_base::linger(true, 0), ignored);
    // Whichever side ended it, the bytes held here are lost.
    owner.way_.harmed.insert(port);
    close();
  }

  void close() {
    error_code ignored;
    client.close(ignored);
    gateway.close(ignored);
    for (auto& t : timers)
      t.cancel();
  }

  relay& owner;
  tcp::socket client, gateway;
  std::uint16_t port = 0;
  pump up{client, gateway, true}, down{gateway, client, false};
  std::array<asio::steady_timer, 2> timers;
  bool is_lossy = false;
};

relay::relay(asio::io_context& io, way& on, const tcp::endpoint& gateway, std::uint64_t seed)
  : io_(io), way_(on), gateway_(gateway), acceptor_(io), random_(seed) {}

std::string relay::listen() {
  if (const auto why = lab::listen(acceptor_, way_.to.port(), 256); !why.empty())
    return "the relay " + why;
  accept();
  return {};
}

void relay::accept() {
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted)
      return;
    if (!error) {
      const auto c = std::make_shared<connection>(*this, std::move(socket));
      way_.harmed.erase(c->port);
      std::erase_if(connections_, [](const auto& w) { return w.expired(); });
      connections_.push_back(c);
      c->begin();
    }
    accept();
  });
}

bool relay::is_cut(bool to_gateway) const {
  return is_cut_ && (direction_ == direction::both || (direction_ == direction::to_gateway) == to_gateway);
}

void relay::cut(direction d, bool bytes_wait) {
  direction_ = d;
  bytes_wait_ = bytes_wait;
  is_cut_ = true;
}

void relay::heal() { is_cut_ = false; }

void relay::reset_some(int in_a_thousand) {
  for (auto& w : connections_)
    if (const auto c = w.lock(); c && static_cast<int>(random_() % 1000) < in_a_thousand)
      c->harm();
}

}  // namespace chaos
