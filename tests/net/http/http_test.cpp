#include <catch2/catch.hpp>

#include "net/http/http.hpp"

using net::http_event;
using net::http_fault;
using net::http_request;

namespace {

// The first event that is not "unfinished", whatever the pieces.
http_event read(const std::string& bytes, std::size_t piece = std::string::npos) {
  net::http_reader reader({});
  http_event event;
  for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size())) {
    reader.feed(std::string_view(bytes).substr(at, piece));
    event = reader.next();
    if (!std::holds_alternative<net::http_unfinished>(event))
      return event;
  }
  return event;
}

http_request request(const std::string& bytes, std::size_t piece = std::string::npos) {
  const auto event = read(bytes, piece);
  REQUIRE(std::holds_alternative<http_request>(event));
  return std::get<http_request>(event);
}

http_fault fault(const std::string& bytes) {
  const auto event = read(bytes);
  REQUIRE(std::holds_alternative<http_fault>(event));
  return std::get<http_fault>(event);
}

}  // namespace

TEST_CASE("a request is the same in one piece and byte by byte, with a length or chunked") {
  const auto piece = GENERATE(std::size_t{1}, std::size_t{7}, std::string::npos);
  const auto r = request(
    "POST /v1/messages?x=1 HTTP/1.1\r\nHost: a\r\nContent-Type: Application/JSON; charset=utf-8\r\n"
    "Idempotency-Key: k1\r\nContent-Length: 5\r\n\r\nhello",
    piece);
  CHECK(r.method == "POST");
  CHECK(r.path == "/v1/messages");
  CHECK(r.content_type == "application/json");
  CHECK(r.idempotency_key == "k1");
  CHECK(r.body == "hello");
  CHECK(r.keep_alive);
  CHECK(
    request(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
      piece)
      .body == "hello");
}

TEST_CASE("keep-alive is 1.1's habit and 1.0's exception") {
  CHECK(request("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive);
  CHECK_FALSE(request("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").keep_alive);
  CHECK_FALSE(request("GET / HTTP/1.0\r\n\r\n").keep_alive);
  CHECK(request("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST_CASE("pipelined requests come one after the other") {
  net::http_reader reader({});
  reader.feed(
    "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nxPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: "
    "1\r\n\r\nyGET /c HT");
  CHECK(std::get<http_request>(reader.next()).path == "/a");
  CHECK(std::get<http_request>(reader.next()).body == "y");
  CHECK(std::holds_alternative<net::http_unfinished>(reader.next()));
  CHECK(reader.in_the_middle());
  reader.feed("TP/1.1\r\nHost: a\r\n\r\n");
  CHECK(std::get<http_request>(reader.next()).path == "/c");
  CHECK_FALSE(reader.in_the_middle());
}

TEST_CASE("who expects 100-continue is told once, and may send its body anyway") {
  net::http_reader reader({});
  reader.feed(
    "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: "
    "keep-alive\r\n\r\n");
  CHECK(std::holds_alternative<net::http_continue>(reader.next()));
  CHECK(std::holds_alternative<net::http_unfinished>(reader.next()));
  reader.feed("ok");
  CHECK(std::get<http_request>(reader.next()).body == "ok");
  CHECK(request("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok").body ==
        "ok");
}

TEST_CASE("what could smuggle a second request is refused") {
  CHECK(fault("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello") ==
        http_fault::malformed);
  CHECK(
    fault("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
    http_fault::malformed);
  CHECK(
    fault("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n") ==
    http_fault::malformed);
  CHECK(fault("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello") == http_fault::malformed);
  CHECK(fault("POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello") == http_fault::malformed);
  CHECK(fault("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n") ==
        http_fault::unsupported_coding);
  CHECK(fault("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n") ==
        http_fault::malformed);
}

TEST_CASE("too much is refused before it is there") {
  CHECK(fault("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n") == http_fault::body_too_large);
  CHECK(fault("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n") ==
        http_fault::body_too_large);
  CHECK(fault("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20000, 'x')) == http_fault::header_too_large);
  CHECK(fault("GET /" + std::string(20000, 'x')) == http_fault::header_too_large);
  CHECK(request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n" + std::string(1048576, 'x'),
                60000)
          .body.size() == 1048576);
}

TEST_CASE("what is no HTTP is refused, and nothing is read behind it") {
  CHECK(fault("0200\x32\x30\x05 \r\n\r\n") == http_fault::malformed);
  CHECK(fault("GET / HTTP/2.0\r\n\r\n") == http_fault::unsupported_version);
  net::http_reader reader({});
  reader.feed("nonsense\r\n\r\n");
  CHECK(std::holds_alternative<http_fault>(reader.next()));
  reader.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(std::holds_alternative<http_fault>(reader.next()));
}

TEST_CASE("replies carry a length, and say when they are the last") {
  const http_request get{"GET", "/", "", "", "", true, false};
  CHECK(
    net::write_http_reply({200, "text/plain", "hi"}, get, true) ==
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi");
  CHECK(
    net::write_http_reply({503, "", "", {{"Retry-After", "5"}}}, get, false) ==
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  auto head = get;
  head.method = "HEAD";
  CHECK(net::write_http_reply({200, "text/plain", "hi"}, head, true) ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n");
  auto old = get;
  old.http_1_0 = true;
  CHECK(net::write_http_reply({204}, old, true) ==
        "HTTP/1.0 204 No Content\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("chunk extensions and trailers that never end are refused") {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(fault(head + "1;a=" + std::string(20000, 'x')) == http_fault::header_too_large);
  CHECK(fault(head + "0\r\nX: " + std::string(20000, 'y')) == http_fault::header_too_large);
}

TEST_CASE("one Host in 1.1, no Transfer-Encoding in 1.0, chunked as the only coding") {
  CHECK(fault("GET / HTTP/1.1\r\n\r\n") == http_fault::malformed);
  CHECK(fault("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") == http_fault::malformed);
  CHECK(fault("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == http_fault::malformed);
  CHECK(fault("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n") ==
        http_fault::unsupported_coding);
}

TEST_CASE("a header that must be there once and is there twice is refused") {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  CHECK(
    fault(head + "Content-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n") ==
    http_fault::malformed);
  CHECK(fault(head + "Expect: 100-continue\r\nExpect: x\r\nContent-Length: 0\r\n\r\n") ==
        http_fault::malformed);
  CHECK(fault(head + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx") == http_fault::malformed);
  CHECK(fault(head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
        http_fault::malformed);
}

TEST_CASE("empty lines in front of a request are skipped, and a proxy's whole address is a path") {
  CHECK(request("\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n").path == "/x");
  CHECK(request("GET http://gateway:8080/v1/openapi.json?x HTTP/1.1\r\nHost: a\r\n\r\n").path ==
        "/v1/openapi.json");
  CHECK(request("GET http://gateway HTTP/1.1\r\nHost: a\r\n\r\n").path == "/");
}

TEST_CASE("a query is decoded to names and values, and refused where a percent sign begins no byte") {
  using pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(net::query_of("") == pairs{});
  CHECK(net::query_of("a=1&b=x%20y+z&&c") == pairs{{"a", "1"}, {"b", "x y z"}, {"c", ""}});
  CHECK(net::query_of("a=%C3%A9%2b") == pairs{{"a", "\xC3\xA9+"}});
  for (const auto* bad : {"a=%", "a=%2", "a=%zz", "%=1"})
    CHECK_FALSE(net::query_of(bad));
}

TEST_CASE("a date is written as RFC 9110 has it") {
  CHECK(net::http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(net::http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(net::http_date(951782400) == "Tue, 29 Feb 2000 00:00:00 GMT");
}

TEST_CASE("a key of quotes and blanks, an encoding, a bare question mark and a chain of proxies are told") {
  const auto read = [](const std::string& headers, const char* target = "/") {
    net::http_reader reader({});
    reader.feed("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
    return std::get<http_request>(reader.next());
  };
  for (const auto* key : {"", " ", "\t", "\"\"", "\" \""})
    CHECK(read("Idempotency-Key: " + std::string(key) + "\r\n").key_is_unclear);
  CHECK_FALSE(read("Idempotency-Key: \"a\"\r\n").key_is_unclear);
  CHECK(read("Content-Encoding: GZip\r\n").content_encoding == "gzip");
  CHECK(read("Content-Encoding: identity\r\nContent-Encoding: br\r\n").content_encoding == "br");
  CHECK(read("Content-Encoding: identity\r\n").content_encoding.empty());
  CHECK(read("", "/?").has_query);
  CHECK_FALSE(read("").has_query);
  CHECK(read("X-Forwarded-For: a, b\r\nX-Forwarded-For: c\r\n").forwarded_for == "a, b,c");
}
