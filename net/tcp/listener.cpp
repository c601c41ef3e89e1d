#include "net/tcp/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include <list>
#include <optional>

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

  error_code listen() {
    error_code error;
    accepting_->acceptor.listen(4096, error);
    return error;
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
    return error;
  }

  std::string address_;
  std::shared_ptr<accepting<tcp>> accepting_;
};

std::string not_listening(std::uint16_t port, const std::string& address, const error_code& error) {
  return "cannot listen on port " + std::to_string(port) + (address.empty() ? "" : " of " + address) + ": " +
         error.message();
}

}  // namespace

struct connection_limit::places {
  std::size_t most;
  std::size_t open = 0;
  std::list<counted_link*> idle = {};  // for longest in front
};

class connection_limit::counted_link final : public link {
public:
  counted_link(link_ptr over, std::shared_ptr<places> in) : over_(std::move(over)), in_(std::move(in)) {
    ++in_->open;
  }
  ~counted_link() override { leave(); }
  counted_link(const counted_link&) = delete;
  counted_link& operator=(const counted_link&) = delete;

  void open(link_events events) override {
    if (!over_)
      return;
    down_ = events.down;
    events.down = [this, down = std::move(events.down)](std::string why) {
      may_give_way(false);
      down_ = nullptr;
      if (down)
        down(std::move(why));
    };
    over_->open(std::move(events));
  }

  void may_give_way(bool may) override {
    if (may == at_.has_value() || (may && !down_))
      return;
    if (may)
      at_ = in_->idle.insert(in_->idle.end(), this);
    else
      in_->idle.erase(*std::exchange(at_, std::nullopt));
  }

  // Closed, not reset: a reset could take from the peer what its TCP has acknowledged, but it has not read.
  void give_way() {
    leave();
    sent_ = over_->sent();
    acknowledged_ = over_->acknowledged();
    peer_ = over_->peer();
    over_ = nullptr;
    if (const auto down = std::exchange(down_, nullptr))
      down("it was idle, and its place is given to another: as many connections are open as may be");
  }

  using link::send;
  void send(std::string_view frame, ack when) override {
    sent_ += frame.size();
    if (over_)
      over_->send(frame, when);
  }
  void send_answer(std::string_view frame, const frame_context& request) override {
    sent_ += frame.size();
    if (over_)
      over_->send_answer(frame, request);
  }
  std::size_t content_max() const override { return over_ ? over_->content_max() : link::content_max(); }
  void hold(bool on) override {
    if (over_)
      over_->hold(on);
  }
  void close() override {
    if (over_)
      over_->close();
  }
  void reset() override {
    if (over_)
      over_->reset();
  }
  std::uint64_t sent() const override { return over_ ? over_->sent() : sent_; }
  std::uint64_t acknowledged() const override { return over_ ? over_->acknowledged() : acknowledged_; }
  const std::string& peer() const override { return over_ ? over_->peer() : peer_; }

private:
  void leave() {
    may_give_way(false);
    if (!std::exchange(has_left_, true))
      --in_->open;
  }

  link_ptr over_;  // none once it has given way
  std::shared_ptr<places> in_;
  std::function<void(std::string)> down_;
  std::optional<std::list<counted_link*>::iterator> at_;
  std::string peer_;  // of one that has given way, as what follows
  std::uint64_t sent_ = 0, acknowledged_ = 0;
  bool has_left_ = false;
};

connection_limit::connection_limit(std::size_t most) : places_(std::make_shared<places>(places{most})) {}

link_ptr connection_limit::admit(link_ptr link) const {
  if (places_->open >= places_->most) {
    if (places_->idle.empty())
      return nullptr;
    places_->idle.front()->give_way();
  }
  return std::make_shared<counted_link>(std::move(link), places_);
}

std::variant<std::unique_ptr<listener>, std::string> listen(loop& on, std::uint16_t port,
                                                            listen_options options) {
  const auto address = options.address;
  auto made = std::make_unique<tcp_listener>(on, std::move(options));
  auto error = made->bind(port);
  if (!error)
    error = made->listen();
  if (error)
    return not_listening(port, address, error);
  return made;
}

std::string fault_of_port(loop& on, std::uint16_t port, const std::string& address) {
  listen_options options;
  options.address = address;
  const auto error = tcp_listener(on, std::move(options)).bind(port);
  return error ? not_listening(port, address, error) : "";
}

}  // namespace net
