#include "net/tcp/connector.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>

#include "net/loop.hpp"
#include "net/tcp/connection.hpp"

namespace net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class connector final : public dialer {
public:
  connector(loop& on, std::string host, std::uint16_t port, framing how, tcp_limits limits)
    : io_(on.io()),
      host_(std::move(host)),
      port_(std::to_string(port)),
      target_(host_ + ":" + port_),
      framing_(std::move(how)),
      limits_(limits) {}
  ~connector() override { connector::abandon(); }
  connector(const connector&) = delete;
  connector& operator=(const connector&) = delete;

  void dial(link_events events) override {
    abandon();
    attempt_ = std::make_shared<attempt>(io_, std::move(events), framing_, limits_);
    attempt_->resolver.async_resolve(
      host_, port_, [a = attempt_](error_code error, const tcp::resolver::results_type& found) {
        if (a->abandoned)
          return;
        if (error)
          return a->events.down("cannot find the host: " + error.message());
        asio::async_connect(a->socket, found, [a](error_code failed, const tcp::endpoint&) {
          if (a->abandoned)
            return;
          a->abandoned = true;
          if (failed)
            return a->events.down("cannot connect: " + failed.message());
          const auto link = make_link(std::move(a->socket), a->how, a->limits);
          a->events.up(link);
          link->open(std::move(a->events));
        });
      });
  }

  void abandon() override {
    if (!attempt_)
      return;
    attempt_->abandoned = true;
    attempt_->resolver.cancel();
    error_code ignored;
    attempt_->socket.close(ignored);
    attempt_.reset();
  }

  bool waits() const override { return false; }
  const std::string& target() const override { return target_; }

private:
  struct attempt {
    attempt(asio::io_context& io, link_events e, framing f, tcp_limits l)
      : resolver(io), socket(io), events(std::move(e)), how(std::move(f)), limits(l) {}
    tcp::resolver resolver;
    tcp::socket socket;
    link_events events;
    framing how;
    tcp_limits limits;
    bool abandoned = false;
  };

  asio::io_context& io_;
  std::string host_, port_, target_;
  framing framing_;
  tcp_limits limits_;
  std::shared_ptr<attempt> attempt_;
};

}  // namespace

std::unique_ptr<dialer> make_connector(loop& on, std::string host, std::uint16_t port, framing how,
                                       tcp_limits limits) {
  return std::make_unique<connector>(on, std::move(host), port, std::move(how), limits);
}

}  // namespace net
