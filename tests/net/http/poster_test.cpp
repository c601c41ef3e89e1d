// Posting to a server: what it gets, whom it trusts, and what is known when nothing comes back.

#include <catch2/catch.hpp>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "net/http/poster.hpp"
#include "tests/net/watched.hpp"

using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

std::string pem_of(const std::function<void(BIO*)>& write) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> out(BIO_new(BIO_s_mem()), BIO_free_all);
  write(out.get());
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

// A certificate that vouches for itself.
struct identity {
  explicit identity(const std::string& name) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pair(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> own(X509_new(), X509_free);
    X509_set_version(own.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(own.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(own.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(own.get()), 3600);
    X509_set_pubkey(own.get(), pair.get());
    auto* called = X509_get_subject_name(own.get());
    X509_NAME_add_entry_by_txt(called, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(own.get(), called);
    auto* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + name).c_str());
    X509_add_ext(own.get(), names, -1);
    X509_EXTENSION_free(names);
    X509_sign(own.get(), pair.get(), EVP_sha256());
    certificate = pem_of([&](BIO* out) { PEM_write_bio_X509(out, own.get()); });
    key = pem_of(
      [&](BIO* out) { PEM_write_bio_PrivateKey(out, pair.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  }
  std::string certificate, key;
};

// A file with the certificates that a client trusts.
struct trusted {
  explicit trusted(const std::string& certificate) { std::ofstream(path) << certificate; }
  ~trusted() { std::filesystem::remove(path); }
  trusted(const trusted&) = delete;
  trusted& operator=(const trusted&) = delete;
  std::string path =
    (std::filesystem::temp_directory_path() / ("trusted-" + std::to_string(getpid()) + ".pem")).string();
};

// Takes one request, and answers it where it has an answer.
template <class Stream>
struct served : std::enable_shared_from_this<served<Stream>> {
  explicit served(Stream s) : stream(std::move(s)) {}

  // `silent`: what stays open without an answer.
  void read(std::string& got, const std::string& answer, std::shared_ptr<void>& silent) {
    beast::http::async_read(
      stream, buffer, request,
      [self = this->shared_from_this(), &got, answer, &silent](error_code e, std::size_t) {
        if (e)
          return;
        got = std::string(self->request["X-Mark"]) + "|" + self->request.body();
        self->reply = answer;
        if (answer.empty())
          silent = self;
        else
          asio::async_write(self->stream, asio::buffer(self->reply), [self](error_code, std::size_t) {});
      });
  }

  Stream stream;
  beast::flat_buffer buffer;
  beast::http::request<beast::http::string_body> request;
  std::string reply;
};

const std::string yes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

struct server {
  explicit server(std::string a) : answer(std::move(a)) { port = door.local_endpoint().port(); }

  void serve_plainly() {
    door.async_accept([this](error_code e, tcp::socket s) {
      if (!e)
        std::make_shared<served<tcp::socket>>(std::move(s))->read(got, answer, silent);
    });
  }

  void serve_over_tls(const identity& as) {
    tls.use_certificate(asio::buffer(as.certificate), asio::ssl::context::pem);
    tls.use_private_key(asio::buffer(as.key), asio::ssl::context::pem);
    door.async_accept([this](error_code e, tcp::socket s) {
      if (e)
        return;
      using stream = beast::ssl_stream<tcp::socket>;
      const auto one = std::make_shared<served<stream>>(stream(std::move(s), tls));
      one->stream.async_handshake(asio::ssl::stream_base::server, [this, one](error_code failed) {
        if (!failed)
          one->read(got, answer, silent);
      });
    });
  }

  net::post_result ask(const std::string& url, const std::string& ca_file = {},
                       std::chrono::milliseconds timeout = 10s) {
    auto made = net::make_poster(loop, std::get<net::http_url>(net::parse_url(url)), ca_file);
    const auto& post = std::get<net::poster>(made);
    std::optional<net::post_result> result;
    post({"the body", {{"X-Mark", "mark"}}, timeout}, [&](net::post_result r) { result = std::move(r); });
    REQUIRE(run_until(loop, [&] { return result.has_value(); }));
    return *result;
  }

  net::loop loop;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  tcp::acceptor door{loop.io(), tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::uint16_t port = 0;
  std::string answer, got;
  std::shared_ptr<void> silent;
};

}  // namespace

TEST_CASE("a post over TLS reaches the server that its certificate names, and its reply comes back") {
  const identity own("localhost");
  const trusted file(own.certificate);
  server s(yes);
  s.serve_over_tls(own);
  const auto r = s.ask("https://localhost:" + std::to_string(s.port) + "/", file.path);
  INFO(r.why);
  CHECK(r.status == 200);
  CHECK(r.body == "OK");
  CHECK(r.was_sent);
  CHECK(s.got == "mark|the body");
}

TEST_CASE("a server with a certificate that nobody vouches for, or of another name, gets no byte of a post") {
  const bool is_other_name = GENERATE(false, true);
  const identity own(is_other_name ? "till.example" : "localhost"), other("localhost");
  const trusted file(is_other_name ? own.certificate : other.certificate);
  server s(yes);
  s.serve_over_tls(own);
  const auto r = s.ask("https://localhost:" + std::to_string(s.port) + "/", file.path);
  CHECK(r.status == 0);
  CHECK_FALSE(r.was_sent);
  CHECK_THAT(r.why, Catch::StartsWith("no TLS with it: "));
  CHECK(s.got.empty());
}

TEST_CASE("where nobody listens nothing was sent, and a server that says nothing may have the request") {
  server s("");
  const auto url = "http://127.0.0.1:" + std::to_string(s.port) + "/path";
  SECTION("nobody") {
    s.door.close();
    const auto r = s.ask(url);
    CHECK(r.status == 0);
    CHECK_FALSE(r.was_sent);
    CHECK_THAT(r.why, Catch::StartsWith("no connection: "));
  }
  SECTION("silence") {
    s.serve_plainly();
    const auto r = s.ask(url, {}, 300ms);
    CHECK(r.status == 0);
    CHECK(r.was_sent);
    CHECK(r.why == "no reply in time");
  }
  SECTION("half a reply") {
    s.answer = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nOK";
    s.serve_plainly();
    const auto r = s.ask(url, {}, 300ms);
    CHECK(r.status == 0);
    CHECK(r.was_sent);
  }
}

TEST_CASE("a URL has a scheme and a host, and what is loopback is known by its address") {
  struct row {
    const char *text, *host;
    std::uint16_t port;
    const char* path;
    bool tls, loopback;
  };
  const auto r =
    GENERATE(row{"https://till.example", "till.example", 443, "/", true, false},
             row{"http://127.0.0.1:8080/host?x=1", "127.0.0.1", 8080, "/host?x=1", false, true},
             row{"https://[::1]:8443/", "::1", 8443, "/", true, true},
             row{"http://localhost/", "localhost", 80, "/", false, true},
             row{"http://127.0.0.1.till.example/", "127.0.0.1.till.example", 80, "/", false, false});
  INFO(r.text);
  const auto url = std::get<net::http_url>(net::parse_url(r.text));
  CHECK(url.host == r.host);
  CHECK(url.port == r.port);
  CHECK(url.path == r.path);
  CHECK(url.is_tls == r.tls);
  CHECK(url.is_loopback() == r.loopback);
}

TEST_CASE("what is no URL of HTTP is refused") {
  for (const auto* text :
       {"", "till.example", "ftp://a/", "https://", "https:///path", "https://a:0/", "https://a:x/",
        "https://a:1:2/", "https://[::1/", "https://user@a/", "http://a/b c", "http://a\n/"}) {
    INFO(text);
    CHECK(std::holds_alternative<std::string>(net::parse_url(text)));
  }
}
