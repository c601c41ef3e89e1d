// The verbs of clients. A client's responses are checked in the order in which they came.

#include <charconv>

#include "codec/text/hex.hpp"
#include "codec/text/legacy_json.hpp"
#include "codec/unpack.hpp"
#include "scenarios/player/script.hpp"
#include "scenarios/player/verbs.hpp"

namespace player {

namespace {

void connects(script& p) {
  p.read().no_words();
  p.new_client(false);
}

void connects_by_http(script& p) {
  p.read().no_words();
  p.new_client(true);
}

void sends(script& p) {
  auto& c = p.the_client();
  net::bytes bytes;
  std::optional<std::size_t> pieces;
  for (std::size_t at = 0; at < p.now().rest.size() || at == 0; ++at) {
    const auto d = p.read().read_described(at, in_pieces);
    bytes += p.read().wire(p.read().change(p.read().usual(d.mti), d));
    pieces = d.pieces ? d.pieces : pieces;
    if (at + 1 == p.now().rest.size())
      p.read().fail(nullptr, "expected another message behind +");
  }
  const auto piece = pieces.value_or(bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    c.connection->says(bytes.substr(at, piece));
    p.here().take_notice();
  }
}

void sends_bytes(script& p) {
  auto& c = p.the_client();
  const auto& w = p.read().only_word("hexadecimal digits, or text in quotes");
  const auto bytes = w.quoted ? std::optional(w.text) : codec::from_hex(w.text);
  if (!bytes || bytes->empty())
    p.read().fail(&w, "expected hexadecimal digits, or text in quotes; not '" + w.text + "'");
  c.connection->says(*bytes);
}

void post(script& p, const std::string& path, const std::string& body, const std::string& key) {
  p.the_client(true).connection->says("POST " + path +
                                      " HTTP/1.1\r\nHost: story\r\nContent-Type: application/json\r\n" +
                                      (key.empty() ? "" : "Idempotency-Key: " + key + "\r\n") +
                                      "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

void posts(script& p) {
  const auto d = p.read().only_described(idempotency_key);
  post(p, "/", codec::to_json(p.read().change(p.read().usual(d.mti), d), p.dialect()).dump(), d.key);
}

void posts_raw(script& p) {
  const auto d = p.read().only_described(idempotency_key);
  post(p, "/raw", codec::to_hex(p.read().wire(p.read().change(p.read().usual(d.mti), d))), d.key);
}

// client B asks "GET /v1/openapi.json"
void asks(script& p) {
  const auto& what = p.read().only_word("a method and a path in quotes").text;
  p.the_client(true).connection->says(what + " HTTP/1.1\r\nHost: story\r\nContent-Length: 0\r\n\r\n");
}

struct reply {
  std::string head, body;
  std::string status() const { return head.size() < 12 ? "" : head.substr(9, 3); }
};

// Removes the next complete HTTP reply from `unread`; nothing where there is none.
std::optional<reply> take_reply(client& c) {
  const auto end = c.unread.find("\r\n\r\n");
  if (end == std::string::npos)
    return {};
  reply r{c.unread.substr(0, end), {}};
  std::size_t length = 0;
  if (const auto at = r.head.find("Content-Length: "); at != std::string::npos)
    std::from_chars(r.head.data() + at + 16, r.head.data() + r.head.size(), length);
  if (c.unread.size() < end + 4 + length)
    return {};
  r.body = c.unread.substr(end + 4, length);
  c.unread.erase(0, end + 4 + length);
  return r;
}

std::string what_came(const client& c) {
  return c.unread.empty() ? std::string("  it received nothing") +
                              (c.connection->closed ? ", and its connection is closed\n" : "\n")
                          : "  it received " + std::to_string(c.unread.size()) + " bytes that are no " +
                              (c.by_http ? "reply" : "message") + "\n";
}

// status=200 saying "..."
void receives_reply(script& p, client& c) {
  std::string status;
  std::vector<std::string> sayings;
  const auto& words = p.now().rest;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].text.starts_with("status="))
      status = words[i].text.substr(7);
    else if (words[i].text == "saying" && i + 1 < words.size())
      sayings.push_back(words[++i].text);
    else
      p.read().fail(&words[i], "expected status=200 or saying \"...\", for the client speaks HTTP; not '" +
                                 words[i].text + "'");
  }
  if (words.empty())
    p.read().fail(nullptr, "expected status=200 or saying \"...\", for the client speaks HTTP");
  std::optional<reply> r;
  const auto came = [&] {
    script::receive_as(c);
    return (r = take_reply(c)).has_value();
  };
  p.expect(came, [&c] { return what_came(c); });
  if (!status.empty() && r->status() != status)
    throw unmet{"  status: expected " + status + ", got " + r->status() + "\n"};
  for (const auto& text : sayings)
    if (r->body.find(text) == std::string::npos)
      throw unmet{"  its body does not say " + text + "\n"};
}

void receives(script& p) {
  auto& c = p.known_client();
  if (c.by_http)
    return receives_reply(p, c);
  const auto d = p.read().only_described(no_extras);
  const auto came = [&] {
    script::receive_as(c);
    return codec::unpack_front(c.unread, p.dialect()).ok();
  };
  p.expect(came, [&c] { return what_came(c); });
  const auto front = codec::unpack_front(c.unread, p.dialect());
  c.unread.erase(0, front->size);
  if (const auto wrong_fields = p.read().difference(front->value, d); !wrong_fields.empty())
    throw unmet{wrong_fields + "  it received instead:\n\n" + p.table(front->value)};
}

void receives_nothing(script& p) {
  p.read().no_words();
  auto& c = p.known_client();
  p.here().run_until_idle();
  script::receive_as(c);
  if (!c.unread.empty())
    throw unmet{"  it received " + std::to_string(c.unread.size()) + " bytes\n"};
}

void is_closed(script& p) {
  p.read().no_words();
  auto& c = p.known_client();
  p.expect([&c] { return c.connection->closed; }, [] { return "  its connection is open\n"; });
}

void is_open(script& p) {
  p.read().no_words();
  auto& c = p.known_client();
  p.here().run_until_idle();
  if (c.connection->closed)
    throw unmet{"  its connection is closed\n"};
}

void finishes(script& p) {
  p.read().no_words();
  p.known_client().connection->finishes();
}

void vanishes(script& p) {
  p.read().no_words();
  p.known_client().connection->vanishes();
}

void stops_reading(script& p) {
  p.read().no_words();
  p.known_client().connection->stop_reading();
}

void reads_on(script& p) {
  p.read().no_words();
  p.known_client().connection->read_on();
}

// The client reads what its kernel has taken meanwhile too.
void reads_bytes(script& p) {
  const auto& words = p.now().rest;
  std::size_t count = 0;
  if (words.size() != 2 || words[1].text != "bytes")
    p.read().fail(nullptr, "expected a number of bytes, as in 'reads 10 bytes'");
  const auto& digits = words[0].text;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc() || end != digits.data() + digits.size() || count == 0)
    p.read().fail(&words[0], "expected a number of bytes, not '" + digits + "'");
  p.known_client().connection->read_bytes(count);
}

void acknowledges_late(script& p) {
  p.read().no_words();
  p.known_client().connection->acknowledges_late();
}

void is_cut_off(script& p) {
  p.read().no_words();
  p.known_client().connection->cut();
}

void is_back(script& p) {
  p.read().no_words();
  p.known_client().connection->heal();
}

constexpr verb all[]{
  {"connects by http", "", with_gateway, connects_by_http},
  {"connects", "", anywhere, connects},
  {"sends bytes", "HEX, or \"TEXT\"", with_gateway, sends_bytes},
  {"sends", "MESSAGE [+ MESSAGE ...] [in pieces of N]", anywhere, sends},
  {"posts raw", "MESSAGE [key=K]", with_gateway, posts_raw},
  {"posts", "MESSAGE [key=K]", with_gateway, posts},
  {"asks", "\"METHOD PATH\"", with_gateway, asks},
  {"receives nothing", "", anywhere, receives_nothing},
  {"receives", "MESSAGE, or status=N [saying \"TEXT\"]", anywhere, receives},
  {"is closed", "", with_gateway, is_closed},
  {"is open", "", with_gateway, is_open},
  {"finishes", "", with_gateway, finishes},
  {"vanishes", "", with_gateway, vanishes},
  {"stops reading", "", in(way::virtual_time), stops_reading},
  {"reads on", "", in(way::virtual_time), reads_on},
  {"reads", "N bytes", in(way::virtual_time), reads_bytes},
  {"acknowledges late", "", in(way::virtual_time), acknowledges_late},
  {"closes by reset", "", with_gateway, vanishes},
  {"is cut off", "", in(way::virtual_time), is_cut_off},
  {"is back", "", in(way::virtual_time), is_back},
};

}  // namespace

std::span<const verb> client_verbs() { return all; }

}  // namespace player
