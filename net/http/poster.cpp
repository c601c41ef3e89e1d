#include "net/http/poster.hpp"

#include <openssl/ssl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <charconv>
#include <memory>
#include <optional>

namespace net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint64_t reply_max = 1U << 16;

/// What all requests to one URL share.
struct target_of_posts {
  http_url url;
  asio::ssl::context tls{asio::ssl::context::tls_client};
};

/// One request and its reply.
class exchange : public std::enable_shared_from_this<exchange> {
public:
  exchange(asio::io_context& io, std::shared_ptr<target_of_posts> to, http_post what,
           std::function<void(post_result)> then)
    : to_(std::move(to)), then_(std::move(then)), resolver_(io), timer_(io), stream_(io, to_->tls) {
    request_.method(http::verb::post);
    request_.target(to_->url.path);
    request_.version(11);
    const bool is_v6 = to_->url.host.find(':') != std::string::npos;
    request_.set(http::field::host,
                 (is_v6 ? "[" + to_->url.host + "]" : to_->url.host) + ":" + std::to_string(to_->url.port));
    request_.set(http::field::content_type, "application/json");
    request_.set(http::field::connection, "close");
    for (const auto& [name, value] : what.headers)
      request_.set(name, value);
    request_.body() = std::move(what.body);
    request_.prepare_payload();
    parser_.body_limit(reply_max);
    timer_.expires_after(what.timeout);
  }

  void begin() {
    timer_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled)
        self->fail("no reply in time");
    });
    resolver_.async_resolve(to_->url.host, std::to_string(to_->url.port),
                            [self = shared_from_this()](error_code e, const auto& found) {
                              self->next(e, "its name is not found", [&] { self->connect(found); });
                            });
  }

private:
  tcp::socket& socket() { return beast::get_lowest_layer(stream_).socket(); }

  template <class Step>
  void next(error_code e, const char* what, Step step) {
    if (!then_)
      return;
    if (e)
      return fail(std::string(what) + ": " + e.message());
    step();
  }

  void connect(const tcp::resolver::results_type& found) {
    beast::get_lowest_layer(stream_).async_connect(
      found, [self = shared_from_this()](error_code e, const tcp::endpoint&) {
        self->next(e, "no connection", [&] { self->to_->url.is_tls ? self->shake_hands() : self->write(); });
      });
  }

  // Its certificate must be for this host.
  void shake_hands() {
    SSL_set_tlsext_host_name(stream_.native_handle(), to_->url.host.c_str());
    stream_.set_verify_callback(asio::ssl::host_name_verification(to_->url.host));
    stream_.async_handshake(asio::ssl::stream_base::client, [self = shared_from_this()](error_code e) {
      self->next(e, "no TLS with it", [&] { self->write(); });
    });
  }

  // From here on it may have the request.
  void write() {
    result_.was_sent = true;
    const auto written = [self = shared_from_this()](error_code e, std::size_t) {
      self->next(e, "the request is cut off", [&] { self->read(); });
    };
    if (to_->url.is_tls)
      http::async_write(stream_, request_, written);
    else
      http::async_write(beast::get_lowest_layer(stream_), request_, written);
  }

  void read() {
    const auto come = [self = shared_from_this()](error_code e, std::size_t) {
      self->next(e, "no whole reply", [&] {
        self->result_.status = self->parser_.get().result_int();
        self->result_.body = std::move(self->parser_.get().body());
        self->end();
      });
    };
    if (to_->url.is_tls)
      http::async_read(stream_, buffer_, parser_, come);
    else
      http::async_read(beast::get_lowest_layer(stream_), buffer_, parser_, come);
  }

  void fail(std::string why) {
    if (!then_)
      return;
    result_.why = std::move(why);
    end();
  }

  void end() {
    timer_.cancel();
    resolver_.cancel();
    error_code ignored;
    socket().close(ignored);
    std::exchange(then_, nullptr)(std::move(result_));
  }

  std::shared_ptr<target_of_posts> to_;
  std::function<void(post_result)> then_;  // none once it was called
  tcp::resolver resolver_;
  asio::steady_timer timer_;
  beast::ssl_stream<beast::tcp_stream> stream_;
  http::request<http::string_body> request_;
  http::response_parser<http::string_body> parser_;
  beast::flat_buffer buffer_;
  post_result result_;
};

}  // namespace

bool http_url::is_loopback() const {
  if (host == "localhost")
    return true;
  error_code e;
  const auto address = asio::ip::make_address(host, e);
  return !e && address.is_loopback();
}

std::variant<http_url, std::string> parse_url(std::string_view text) {
  const std::string wrong =
    "expected https://HOST:PORT/PATH or http://HOST:PORT/PATH, the port and the path may be left out";
  http_url url;
  url.is_tls = text.starts_with("https://");
  if (!url.is_tls && !text.starts_with("http://"))
    return wrong;
  text.remove_prefix(url.is_tls ? 8 : 7);
  const auto slash = std::min(text.find('/'), text.size());
  auto authority = text.substr(0, slash);
  url.path = slash == text.size() ? "/" : std::string(text.substr(slash));
  url.port = url.is_tls ? 443 : 80;
  const auto end =
    authority.starts_with('[') ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string_view::npos || authority.find('@') != std::string_view::npos)
    return wrong;
  const auto behind = authority.substr(authority.starts_with('[') ? end + 1 : end);
  url.host = authority.starts_with('[') ? authority.substr(1, end - 1) : authority.substr(0, end);
  if (!behind.empty()) {
    const auto digits = behind.substr(1);
    const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (behind.front() != ':' || error != std::errc() || last != digits.data() + digits.size() ||
        url.port == 0)
      return wrong;
  }
  const auto is_bad = [](char c) { return c <= ' ' || c == 127; };
  if (url.host.empty() || std::any_of(text.begin(), text.end(), is_bad))
    return wrong;
  return url;
}

std::variant<poster, std::string> make_poster(loop& on, const http_url& to, const std::string& ca_file) {
  const auto target = std::make_shared<target_of_posts>();
  target->url = to;
  target->tls.set_verify_mode(asio::ssl::verify_peer);
  SSL_CTX_set_min_proto_version(target->tls.native_handle(), TLS1_2_VERSION);
  error_code e;
  if (ca_file.empty())
    target->tls.set_default_verify_paths(e);
  else
    target->tls.load_verify_file(ca_file, e);
  if (e)
    return (ca_file.empty() ? std::string("the system's certificates") : "'" + ca_file + "'") +
           " cannot be read: " + e.message();
  return poster([&io = on.io(), target](http_post what, std::function<void(post_result)> then) {
    std::make_shared<exchange>(io, target, std::move(what), std::move(then))->begin();
  });
}

}  // namespace net
