// A socket behind its PROXY header: the header is read in the handshake, what came behind it is read first.

#include "net/tcp/proxied.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <system_error>

#include "net/tcp/proxy_header.hpp"

namespace net {

namespace {

using boost::system::error_code;

class no_header final : public std::error_category {
public:
  const char* name() const noexcept override { return "proxy"; }
  std::string message(int) const override {
    return "the connection does not begin with a PROXY header, which proxyProtocol demands";
  }
};

class proxied final : public stream {
public:
  explicit proxied(stream_ptr under) : under_(std::move(under)), peer_(under_->peer()) {}

  void handshake(std::function<void(error_code)> done) override {
    under_->read_some(buffer_, [this, done = std::move(done)](error_code error, std::size_t size) mutable {
      if (error)
        return done(error);
      early_.append(buffer_.data(), size);
      const auto read = read_proxy_header(early_);
      if (std::holds_alternative<proxy_header_unfinished>(read))
        return handshake(std::move(done));
      const auto* header = std::get_if<proxy_header>(&read);
      if (!header) {
        static const no_header category;
        return done(std::error_code(1, category));
      }
      early_.erase(0, header->size);
      if (!header->peer.empty())
        peer_ = header->peer;
      done({});
    });
  }

  void read_some(std::span<char> into, std::function<void(error_code, std::size_t)> done) override {
    if (early_.empty())
      return under_->read_some(into, std::move(done));
    const auto size = early_.copy(into.data(), into.size());
    early_.erase(0, size);
    boost::asio::post(executor(), [done = std::move(done), size] { done({}, size); });
  }

  std::size_t write_some(std::string_view bytes, error_code& error) override {
    return under_->write_some(bytes, error);
  }
  void wait_writable(std::function<void(error_code)> done) override {
    under_->wait_writable(std::move(done));
  }
  void shut_down() override { under_->shut_down(); }
  std::uint64_t written() const override { return under_->written(); }
  std::uint64_t acknowledged() const override { return under_->acknowledged(); }
  bool is_acknowledged_by_peer() const override { return under_->is_acknowledged_by_peer(); }
  error_code fault() override { return under_->fault(); }
  void close() override { under_->close(); }
  std::uint64_t reset() override { return under_->reset(); }
  const std::string& peer() const override { return peer_; }
  boost::asio::any_io_executor executor() override { return under_->executor(); }

private:
  stream_ptr under_;
  std::string peer_;
  std::string early_;
  std::array<char, 512> buffer_{};
};

class proxied_layer final : public stream_layer {
public:
  stream_ptr over(boost::asio::ip::tcp::socket socket, const tcp_limits& limits) const override {
    return std::make_shared<proxied>(make_stream(std::move(socket), limits));
  }
};

}  // namespace

stream_layer_ptr make_proxied_layer() { return std::make_shared<const proxied_layer>(); }

}  // namespace net
