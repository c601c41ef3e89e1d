#include "net/tcp/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include "net/loop.hpp"
#include "net/tcp/accepting.hpp"

namespace net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class tcp_listener final : public listener {
public:
  tcp_listener(loop& on, listen_options options)
    : address_(options.address), accepting_(std::make_shared<accepting<tcp>>(on.io(), std::move(options))) {}
  ~tcp_listener() override { accepting_->stop(); }
  tcp_listener(const tcp_listener&) = delete;
  tcp_listener& operator=(const tcp_listener&) = delete;

  // One socket for IPv6 and IPv4; for IPv4 alone where the machine has no IPv6.
  error_code bind(std::uint16_t port) {
    error_code error;
    if (!address_.empty()) {
      const auto address = asio::ip::make_address(address_, error);
      return error ? error : bind(tcp::endpoint(address, port));
    }
    error = bind(tcp::endpoint(tcp::v6(), port));
    return error == asio::error::address_family_not_supported ||
               error == boost::system::errc::address_not_available
             ? bind(tcp::endpoint(tcp::v4(), port))
             : error;
  }

  void open(std::function<void(link_ptr)> on_accept) override { accepting_->open(std::move(on_accept)); }

  void close() override { accepting_->stop(); }

  std::uint16_t port() const override {
    error_code ignored;
    return accepting_->acceptor.local_endpoint(ignored).port();
  }

private:
  error_code bind(const tcp::endpoint& at) {
    auto& acceptor = accepting_->acceptor;
    error_code error;
    acceptor.close(error);
    acceptor.open(at.protocol(), error);
    if (error)
      return error;
    if (at.protocol() == tcp::v6())
      acceptor.set_option(asio::ip::v6_only(false), error);
    acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    acceptor.bind(at, error);
    if (!error)
      acceptor.listen(4096, error);
    return error;
  }

  std::string address_;
  std::shared_ptr<accepting<tcp>> accepting_;
};

}  // namespace

link_ptr connection_limit::admit(link_ptr link) const {
  if (*open_ >= most_)
    return nullptr;
  ++*open_;
  auto* raw = link.get();
  return {raw, [link = std::move(link), open = open_](net::link*) mutable {
            --*open;
            link.reset();
          }};
}

std::variant<std::unique_ptr<listener>, std::string> listen(loop& on, std::uint16_t port,
                                                            listen_options options) {
  const auto address = options.address;
  auto made = std::make_unique<tcp_listener>(on, std::move(options));
  if (const auto error = made->bind(port))
    return "cannot listen on port " + std::to_string(port) + (address.empty() ? "" : " of " + address) +
           ": " + error.message();
  return made;
}

}  // namespace net
