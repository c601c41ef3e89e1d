// Reads and writes HTTP/1.1 on bytes. The only file that includes Beast.

#include "net/http/http.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

namespace net {

namespace {

namespace http = boost::beast::http;
using error_code = boost::system::error_code;
using parser = http::request_parser<http::string_body>;

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

// The path of "/path?query" and, as proxies write it, of "http://host/path?query" (RFC 9112, 3.2.2).
std::string path_of(std::string_view target) {
  if (const auto scheme = target.find("://"); scheme != std::string_view::npos && !target.starts_with("/")) {
    const auto slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return std::string(target.substr(0, target.find('?')));
}

std::string query_in(std::string_view target) {
  const auto mark = target.find('?');
  return std::string(mark == std::string_view::npos ? "" : target.substr(mark + 1));
}

std::optional<std::string> decoded(std::string_view text) {
  const auto digit = [](char c) {
    const auto lower = c | 0x20;
    return c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  };
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size() || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0)
      return {};
    plain += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
    i += 2;
  }
  return plain;
}

http_fault fault_of(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return http_fault::header_too_large;
  if (error == http::error::body_limit)
    return http_fault::body_too_large;
  if (error == http::error::bad_version)
    return http_fault::unsupported_version;
  return http_fault::malformed;
}

// A key that says nothing is the same for every client, and no key at all to a reader that drops its quotes.
bool says_nothing(std::string_view key) { return key.find_first_not_of(" \t\"") == std::string_view::npos; }

// Without what depends on the body, and without its end.
std::string head_of(const http_reply& reply, bool is_1_0) {
  const auto reason = http::obsolete_reason(http::int_to_status(reply.status));
  std::string out = (is_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ") + std::to_string(reply.status) + " ";
  out.append(reason.data(), reason.size());
  out += "\r\n";
  if (!reply.content_type.empty())
    out += "Content-Type: " + reply.content_type + "\r\n";
  for (const auto& [name, value] : reply.headers)
    out += name + ": " + value + "\r\n";
  return out;
}

}  // namespace

struct http_reader::state {
  explicit state(limits l) : most(l) { restart(); }

  void restart() {
    now.emplace();
    now->header_limit(most.header_max);
    now->body_limit(most.body_max);
    now->eager(true);
    continue_told = false;
  }

  http_request take() {
    const bool keep_alive = now->keep_alive();
    auto message = now->release();
    const auto field = [&message](auto name) { return std::string(message[name]); };
    http_request request;
    request.method = std::string(message.method_string());
    const std::string_view target(message.target().data(), message.target().size());
    request.path = path_of(target);
    request.query = query_in(target);
    request.authorization = field(http::field::authorization);
    const auto type = lower(field(http::field::content_type));
    const auto end = type.find_first_of("; \t");
    request.content_type = type.substr(0, end);
    request.idempotency_key = field("Idempotency-Key");
    const auto keys = message.count("Idempotency-Key");
    request.key_is_unclear = keys > 1 || (keys == 1 && says_nothing(request.idempotency_key));
    request.has_query = target.find('?') != std::string_view::npos;
    const auto [first, last] = message.equal_range(http::field::content_encoding);
    for (auto h = first; h != last; ++h)
      if (const auto coding = lower({h->value().data(), h->value().size()});
          !coding.empty() && coding != "identity")
        request.content_encoding = coding;
    const auto [from, to] = message.equal_range("X-Forwarded-For");
    for (auto h = from; h != to; ++h)
      request.forwarded_for += (request.forwarded_for.empty() ? "" : ",") + std::string(h->value());
    request.keep_alive = keep_alive;
    request.http_1_0 = message.version() == 10;
    request.body = std::move(message.body());
    return request;
  }

  // Only chunked transfer coding is supported.
  bool strange_coding() const {
    const auto& message = now->get();
    const auto coding = message[http::field::transfer_encoding];
    return !coding.empty() && lower({coding.data(), coding.size()}) != "chunked";
  }

  // HTTP/1.1 demands exactly one Host (RFC 9112, 3.2); HTTP/1.0 has no Transfer-Encoding (6.1).
  bool wrong_header() const {
    const auto& message = now->get();
    const auto hosts = message.count(http::field::host);
    // A proxy that reads the first and a server that reads the last would each see a different request.
    for (const auto once : {http::field::content_type, http::field::expect, http::field::content_length,
                            http::field::transfer_encoding})
      if (message.count(once) > 1)
        return true;
    return hosts > 1 || (message.version() == 11 && hosts != 1) ||
           (message.version() == 10 && message.count(http::field::transfer_encoding) != 0);
  }

  limits most;
  std::optional<parser> now;
  std::string unread;
  bool continue_told = false;
  std::optional<http_fault> failed;
};

http_reader::http_reader(limits l) : state_(std::make_unique<state>(l)) {}
http_reader::~http_reader() = default;

void http_reader::feed(std::string_view bytes) {
  auto& s = *state_;
  if (s.failed)
    return;
  // Some clients send empty lines in front of a request (RFC 9112, 2.2).
  while (s.unread.empty() && !s.now->got_some() && (bytes.starts_with("\r\n") || bytes.starts_with("\n")))
    bytes.remove_prefix(bytes.find('\n') + 1);
  s.unread += bytes;
}

http_event http_reader::next() {
  auto& s = *state_;
  if (s.failed)
    return *s.failed;
  const auto fail = [&s](http_fault f) {
    s.failed = f;
    s.unread.clear();
    return f;
  };
  // Beast parses the header in one piece and bodies as they come; it stops where it needs more bytes.
  while (!s.unread.empty() && !s.now->is_done()) {
    error_code error;
    const auto taken = s.now->put(boost::asio::buffer(s.unread), error);
    s.unread.erase(0, taken);
    if (error == http::error::need_more)
      break;
    if (error)
      return fail(fault_of(error));
    if (taken == 0)
      break;
  }
  // Limits any incomplete part: a header, a chunk's extension or a trailer.
  if (!s.now->is_done() && s.unread.size() > s.most.header_max)
    return fail(http_fault::header_too_large);
  if (!s.now->is_header_done())
    return http_unfinished{};
  if (s.strange_coding())
    return fail(http_fault::unsupported_coding);
  if (s.wrong_header())
    return fail(http_fault::malformed);
  if (const auto length = s.now->content_length(); length && *length > s.most.body_max)
    return fail(http_fault::body_too_large);
  if (!s.now->is_done()) {
    if (!s.continue_told && s.now->get().version() == 11 &&
        lower(std::string(s.now->get()[http::field::expect])) == "100-continue") {
      s.continue_told = true;
      return http_continue{};
    }
    return http_unfinished{};
  }
  auto request = s.take();
  s.restart();
  return request;
}

bool http_reader::in_the_middle() const {
  return !state_->failed && (!state_->unread.empty() || state_->now->got_some());
}

std::size_t http_reader::waiting() const { return state_->unread.size(); }

std::string http_date(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds at{std::chrono::seconds(seconds)};
  const auto day = floor<std::chrono::days>(at);
  const year_month_day date(day);
  const hh_mm_ss time(at - day);
  std::string text;
  const auto add = [&text](auto number, char behind) {
    text += static_cast<char>('0' + number / 10);
    text += static_cast<char>('0' + number % 10);
    text += behind;
  };
  text.append(days[weekday(day).c_encoding()]).append(", ");
  add(unsigned(date.day()), ' ');
  text.append(months[unsigned(date.month()) - 1]).append(" ");
  text.append(std::to_string(int(date.year()))).append(" ");
  add(time.hours().count(), ':');
  add(time.minutes().count(), ':');
  add(time.seconds().count(), ' ');
  return text.append("GMT");
}

std::string write_http_reply(const http_reply& reply, const http_request& to, bool keep_alive) {
  auto out = head_of(reply, to.http_1_0);
  if (reply.status != 204)
    out += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  // HTTP/1.1 keeps the connection alive by default, HTTP/1.0 closes it. The old program says so to both.
  if (keep_alive)
    out += "Connection: keep-alive\r\n";
  if (!keep_alive)
    out += "Connection: close\r\n";
  out += "\r\n";
  if (to.method != "HEAD")
    out += reply.body;
  return out;
}

// Without a length and without chunks, which HTTP/1.0 does not know (RFC 9112, 6.3).
std::string write_http_stream_head(const http_reply& reply) {
  return head_of(reply, false) + "Connection: close\r\n\r\n";
}

std::string_view http_100_continue() { return "HTTP/1.1 100 Continue\r\n\r\n"; }

std::optional<std::vector<std::pair<std::string, std::string>>> query_of(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> all;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('&', begin), text.size());
    const auto part = text.substr(begin, end - begin);
    const auto equals = std::min(text.find('=', begin), end) - begin;
    auto name = decoded(part.substr(0, equals));
    auto value = decoded(equals < part.size() ? part.substr(equals + 1) : std::string_view());
    if (!name || !value)
      return {};
    if (!part.empty())
      all.emplace_back(std::move(*name), std::move(*value));
    begin = end + 1;
  }
  return all;
}

}  // namespace net
