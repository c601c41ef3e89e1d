// What a host or a client says goes on as it came where the dialect cannot read all of it: what can be read
// decides.

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "codec/text/hex.hpp"
#include "codec/text/legacy_json.hpp"
#include "codec/unpack.hpp"
#include "tests/support/v1_calls.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::virtual_gateway;
using support::wire;

namespace {

// The bytes of `m` with a field that the dialect does not know, behind all others.
net::bytes with_field(const codec::message& m, int number, const net::bytes& content) {
  auto bytes = wire(m);
  constexpr std::size_t bitmap_at = 4;
  if (number > 64) {
    bytes.insert(bitmap_at + 8, net::bytes(8, '\0'));
    bytes[bitmap_at] = static_cast<char>(bytes[bitmap_at] | 0x80);
  }
  const auto bit = static_cast<std::size_t>(number - 1);
  bytes[bitmap_at + bit / 8] = static_cast<char>(bytes[bitmap_at + bit / 8] | (0x80 >> (bit % 8)));
  return bytes + content;
}

net::bytes replaced(net::bytes in, const net::bytes& what, const net::bytes& by) {
  const auto at = in.find(what);
  REQUIRE(at != net::bytes::npos);
  return in.replace(at, what.size(), by);
}

// An answer without what stands behind field 42, so that an unknown field can be the last.
codec::message short_approval(const codec::message& request) {
  auto m = approval(request);
  for (int number = 43; number <= codec::field_max; ++number)
    m.erase(number);
  return m;
}

std::string all_of(const player::connection_ptr& line) {
  std::string text;
  for (const auto& segment : line->sent)
    text += segment;
  return text;
}

// Approvals that a host may send, each with something that the dialect cannot read.
std::vector<net::bytes> approvals_of(const codec::message& request) {
  const auto m = short_approval(request);
  auto numbered = m;
  numbered.set(37, "ABCDEFGHIJKL");
  std::vector<net::bytes> all;
  for (const int number : {44, 47, 60, 61, 62, 63, 95, 102})
    if (!support::smart_vista().find(number))
      all.push_back(with_field(m, number, "011what is it"));
  all.push_back(wire(m) + "\x01\x02");
  all.push_back(replaced(wire(numbered), "ABCDEFGHIJKL000", "ABCDEFGHIJKL00 "));
  all.push_back(replaced(wire(m), "00000042", "42      "));
  all.push_back(replaced(wire(m), "00000042", "      42"));
  return all;
}

}  // namespace

TEST_CASE(
  "a host's approval of which something cannot be read goes to a raw client to the byte, and is not "
  "reversed") {
  virtual_gateway h;
  const auto kinds = approvals_of(h.purchase()).size();
  REQUIRE(kinds > 6);
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    INFO("kind " << kind);
    const auto request = h.purchase("00000042", "00010" + std::to_string(kind % 10));
    h.pass(1s);
    const auto client = h.client({request});
    const auto answer = approvals_of(request)[kind];
    h.host->says(answer);
    h.pass(2ms);
    CHECK(all_of(client) == answer);
    const auto sent = h.host_got().size();
    h.pass(60s);
    CHECK(h.host_got().size() == sent);
    CHECK(h.cases().empty());
  }
}

TEST_CASE(
  "a host's approval of which something cannot be read is shown to an HTTP client as far as it can be read, "
  "at /raw to the byte, and is not reversed") {
  const std::string path = GENERATE("/v1/messages", "/", "/raw");
  const auto kinds = approvals_of(support::purchase()).size();
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    INFO(path << ", kind " << kind);
    virtual_gateway h;
    const auto asks = h.purchase();
    const auto client = h.http_client(
      path == "/"      ? support::http_post(path, codec::to_json(asks, support::smart_vista()).dump())
      : path == "/raw" ? support::http_post(path, codec::to_hex(wire(asks)))
                       : support::v1::message(support::v1::purchase()));
    const auto request = h.host_got_last();
    const auto bytes = approvals_of(request)[kind];
    h.host->says(bytes);
    h.pass(1s);
    const auto reply = support::v1::last(client);
    CHECK(reply.status == 200);
    if (path == "/raw") {
      CHECK(reply.body == codec::to_hex(bytes));
    } else if (path == "/") {
      const auto result = reply.json().at("result");
      CHECK(result.at("0") == "0210");
      CHECK(result.at("11") == request[11]);
      CHECK(result.at("39") == 0);
      CHECK_FALSE(result.contains("47"));
      CHECK_FALSE(result.contains("95"));
    } else {
      support::v1::documented(reply, path);
      CHECK(reply.json().at("outcome") == "approved");
      CHECK(reply.json().at("stan") == request[11]);
      CHECK(reply.json().at("message").at("amount") == request[4]);
      CHECK(reply.json().at("note") ==
            "The host's answer has parts that its dialect does not know; they are not shown");
    }
    h.pass(100s);
    CHECK(h.host_got().size() == 1);
    CHECK(h.cases().empty());
  }
}

TEST_CASE("a raw client without frames has its approval at its last byte, whatever the host sends behind") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto message = wire(short_approval(request));
  const std::size_t missing = GENERATE(0, 1);
  const auto client = h.client();
  client->says(wire(request));
  h.run_until_idle();
  client->stop_reading(message.size() - missing);
  h.host->says(message + "\r\n");
  h.run_until_idle();
  client->vanishes();
  h.pass(60s);
  CHECK(h.host_got_last().mti() == (missing == 0 ? "0200" : "0400"));
}

TEST_CASE(
  "what a host sends behind an approval follows when the client's TCP has acknowledged the approval, and "
  "then the connection is closed") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto message = wire(short_approval(request));
  const auto client = h.client();
  client->says(wire(request));
  h.run_until_idle();
  client->stop_reading(message.size() - 1);
  h.host->says(message + "\r\n");
  h.pass(3s);
  CHECK(client->given() == message.size());
  CHECK_FALSE(client->closed);
  client->read_on();
  h.pass(1s);
  CHECK(all_of(client) == message + "\r\n");
  CHECK(client->closed);
}

TEST_CASE("what a host sends behind one approval stands in front of the next, on a connection that is kept") {
  virtual_gateway h([](config::settings& s) { s.raw_listeners.front().keep_open = true; });
  const auto one = h.purchase("00000042", "000001"), other = h.purchase("00000043", "000002");
  const auto client = h.client({one, other});
  client->stop_reading(0);
  h.host->says(wire(short_approval(one)) + "\r\n");
  h.run_until_idle();
  h.host->says(wire(short_approval(other)));
  h.run_until_idle();
  client->read_on();
  CHECK(all_of(client) == wire(short_approval(one)) + "\r\n" + wire(short_approval(other)));
}

TEST_CASE("of two answers in one frame each client gets its own, and neither is reversed") {
  const bool first_is_odd = GENERATE(false, true);
  virtual_gateway h;
  const auto one = h.purchase("00000042", "000001"), other = h.purchase("00000043", "000002");
  const auto client_one = h.client({one}), client_other = h.client({other});
  auto first = wire(short_approval(one));
  if (first_is_odd)
    first = replaced(first, "00000042", "42      ");
  h.host->says(first + wire(short_approval(other)));
  h.run_until_idle();
  CHECK(all_of(client_one) == first);
  CHECK(all_of(client_other) == wire(short_approval(other)));
  h.pass(60s);
  CHECK(h.host_got().size() == 2);
  CHECK(h.cases().empty());
}

TEST_CASE("what looks like an answer behind other bytes or in a field decides nothing and is not shown") {
  const std::string between = GENERATE(" ", "\r\n", std::string(4, '\0'), "x", "0", std::string(12, '\xff'));
  const bool in_field = GENERATE(false, true);
  virtual_gateway h;
  const auto one = h.purchase("00000042", "000001"), other = h.purchase("00000043", "000002");
  const auto client_one = h.client({one}), client_other = h.client({other});
  auto first = wire(short_approval(one)) + between;
  if (in_field)
    first = with_field(short_approval(one), 63, "125") + between;
  h.host->says(first + wire(short_approval(other)));
  h.pass(1s);
  CHECK(all_of(client_one) == first);
  CHECK(client_other->sent.empty());
  h.pass(36s);
  CHECK(h.host_got_last().mti() == "0400");
  CHECK(h.host_got_last()[41] == "00000043");
}

TEST_CASE("digits in an unknown field of an answer are no other message") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  const auto answer =
    with_field(short_approval(request), 63, "0600210123456789012345678901234567890123456789020012345678901");
  h.host->says(answer);
  h.pass(1s);
  CHECK(all_of(client) == answer);
}

TEST_CASE("the beginning of another message behind an answer goes to no client") {
  virtual_gateway h;
  const auto one = h.purchase("00000042", "000001"), other = h.purchase("00000043", "000002");
  const auto client = h.client({one});
  h.client({other});
  h.host->says(wire(short_approval(one)) + wire(short_approval(other)).substr(0, 30));
  h.run_until_idle();
  CHECK(all_of(client) == wire(short_approval(one)));
}

TEST_CASE("a host's decline of which something cannot be read is one, and nothing is reversed") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  auto decline = short_approval(request);
  decline.set(39, "116");
  h.host->says(with_field(decline, 44, "03why"));
  h.run_until_idle();
  CHECK(all_of(client) == with_field(decline, 44, "03why"));
  h.pass(60s);
  CHECK(h.host_got().size() == 1);
}

TEST_CASE("what cannot be read is told in the log once a minute, without what it says") {
  virtual_gateway h;
  for (int times = 0; times < 3; ++times) {
    const auto request = h.purchase("00000042", "00000" + std::to_string(times + 1));
    h.client({request});
    h.host->says(with_field(short_approval(request), 44, "secret"));
    h.run_until_idle();
  }
  std::size_t lines = 0;
  for (const auto& line : h.log)
    lines += line.find("not all of it can be read") != std::string::npos;
  CHECK(lines == 1);
  CHECK(h.logged("field 44"));
  CHECK_FALSE(h.logged("secret"));
}

TEST_CASE("a field that is unknown in front of the response code hides it, so that answer decides nothing") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.host->says(with_field(short_approval(request), 20, "x"));
  h.run_until_idle();
  CHECK(client->sent.empty());
  h.pass(36s);
  CHECK(h.host_got_last().mti() == "0400");
}

TEST_CASE(
  "an answer with a garbled response code decides nothing: nobody is told a yes or a no, and the purchase is "
  "reversed") {
  for (const auto& code : {net::bytes("   "), net::bytes("0x0"), net::bytes("+00"), net::bytes("0 0"),
                           net::bytes("O00"), net::bytes("00\0", 3),
                           net::bytes("0\xff"
                                      "0")}) {
    virtual_gateway h;
    const auto request = h.purchase();
    const auto client = h.client({request});
    auto m = short_approval(request);
    m.set(37, "ABCDEFGHIJKL");
    h.host->says(replaced(wire(m), "ABCDEFGHIJKL000", "ABCDEFGHIJKL" + code));
    h.run_until_idle();
    CHECK(client->sent.empty());
    h.pass(36s);
    CHECK(client->sent.empty());
    CHECK(h.host_got_last().mti() == "0400");
  }
}

TEST_CASE(
  "a decline with an approval right behind it is reversed, however soon that comes, and so is one behind 'I "
  "do not know'") {
  for (const auto* first : {"116", "912", "913"})
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      INFO("code " << first << ", seed " << seed);
      virtual_gateway h({}, true, seed);
      const auto request = h.purchase();
      const auto client = h.client({request});
      auto yes = approval(request);
      yes.set(37, "000000777777");
      h.host->says(wire(approval(request, first)));
      h.host->says(wire(yes));
      h.run_until_idle();
      h.pass(1s);
      CHECK(messages_in(client->sent).at(0)[39] == first);
      CHECK(h.host_got_last().mti() == "0400");
      // Behind 912 the reversal may have left already.
      CHECK((first == std::string("912") || h.host_got_last()[37] == "000000777777"));
    }
}

TEST_CASE("a late decline with an approval right behind it is reversed, however soon that comes") {
  for (const auto* reversal_code : {"", "914"})
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      INFO("reversal " << reversal_code << ", seed " << seed);
      virtual_gateway h({}, true, seed);
      const auto request = h.purchase();
      const auto client = h.client({request});
      h.pass(36s);
      REQUIRE(h.host_got_last().mti() == "0400");
      const auto attempts = h.host_got().size();
      auto yes = approval(request);
      yes.set(37, "000000777777");
      h.host->says(wire(approval(request, "116")));
      if (*reversal_code != '\0') {
        auto none = h.host_got_last();
        none.set(0, "0410");
        none.set(39, reversal_code);
        h.host->says(wire(none));
      }
      h.host->says(wire(yes));
      h.run_until_idle();
      h.pass(1000s);
      CHECK(h.host_got().size() > attempts);
      CHECK(h.cases().size() == 1);
    }
}

TEST_CASE("with unknownFields=refuse a host's message of which something cannot be read is dropped") {
  virtual_gateway h(
    [](config::settings& s) { s.upstreams.front().on_unknown = config::unknown_fields::refuse; });
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.host->says(with_field(short_approval(request), 44, "x"));
  h.run_until_idle();
  CHECK(client->sent.empty());
  h.pass(36s);
  CHECK(h.host_got_last().mti() == "0400");
}

TEST_CASE("a raw client's message with a field that the dialect does not know goes to the host as it came") {
  virtual_gateway h;
  auto request = h.purchase();
  for (int number = 50; number <= codec::field_max; ++number)
    request.erase(number);
  const auto bytes = with_field(request, 63, "003abc");
  const auto client = h.client();
  client->says(bytes.substr(0, 40));
  h.run_until_idle();
  client->says(bytes.substr(40));
  h.run_until_idle();
  CHECK(h.host->sent.empty());
  h.pass(1s);
  REQUIRE(h.host->sent.size() == 1);
  CHECK(h.host->sent.front() == bytes);
  h.host_says(approval(request));
  CHECK(messages_in(client->sent).size() == 1);
}

// A request without what stands behind field 49, so that an unknown field can be the last.
codec::message short_request(codec::message request) {
  for (int number = 50; number <= codec::field_max; ++number)
    request.erase(number);
  return request;
}

TEST_CASE("such a message is whole when its client pauses behind it, not in front of the field") {
  virtual_gateway h;
  const auto bytes = with_field(short_request(h.purchase()), 63, "003abc");
  const auto client = h.client();
  for (const auto cut : {10U, 40U, 70U}) {
    client->says(bytes.substr(cut == 10 ? 0 : cut - 30, cut == 10 ? 10 : 30));
    h.pass(1s);
  }
  CHECK(h.host->sent.empty());
  client->says(bytes.substr(70));
  h.pass(1s);
  REQUIRE(h.host->sent.size() == 1);
  CHECK(h.host->sent.front() == bytes);
}

TEST_CASE("a message behind one with an unknown field reaches no host unseen: both are refused") {
  virtual_gateway h;
  const bool first_is_echo = GENERATE(false, true);
  auto first = short_request(h.purchase("00000042", "000001"));
  if (first_is_echo)
    first.set(0, "0800");
  const auto second = h.purchase("00000042", "000002");
  const auto pause = GENERATE(0ms, 100ms);
  const auto client = h.client();
  client->says(with_field(first, 63, "003abc"));
  h.pass(pause);
  client->says(wire(second));
  h.pass(2s);
  CHECK(h.host->sent.empty());
  CHECK(client->closed);
}

TEST_CASE("digits, hexadecimal digits and numbers of messages in an unknown field are no other message") {
  virtual_gateway h;
  std::string text;
  const auto kind = GENERATE(0, 1, 2, 3);
  for (std::size_t i = 0; i < 50; ++i)
    text += kind == 0   ? "0000"
            : kind == 1 ? "0420"
            : kind == 2 ? "0200"
                        : std::vector<std::string>{"9f26", "0420", "0187", "0200"}[i % 4];
  const auto bytes = with_field(short_request(h.purchase()), 63, "200" + text);
  const auto client = h.client();
  client->says(bytes);
  h.pass(1s);
  REQUIRE(h.host->sent.size() == 1);
  CHECK(h.host->sent.front() == bytes);
}

TEST_CASE("a raw client that hangs up behind such a message is served at once") {
  virtual_gateway h;
  auto request = h.purchase();
  for (int number = 50; number <= codec::field_max; ++number)
    request.erase(number);
  const auto client = h.client();
  client->says(with_field(request, 63, "003abc"));
  client->finishes();
  h.run_until_idle();
  CHECK(h.host->sent.size() == 1);
}

TEST_CASE("with unknownFields=refuse a raw client's message with an unknown field is refused") {
  virtual_gateway h(
    [](config::settings& s) { s.raw_listeners.front().on_unknown = config::unknown_fields::refuse; });
  auto request = h.purchase();
  for (int number = 50; number <= codec::field_max; ++number)
    request.erase(number);
  const auto client = h.client();
  client->says(with_field(request, 63, "003abc"));
  h.pass(1s);
  CHECK(client->closed);
  CHECK(h.host->sent.empty());
}

TEST_CASE("a host's answer whose code stands on the left of its field is no approval, but for zeros") {
  const std::string code = GENERATE("20 ", "0  ", "2  ", "   ");
  INFO("'" << code << "'");
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  auto numbered = short_approval(request);
  numbered.set(37, "ABCDEFGHIJKL");
  h.host->says(replaced(wire(numbered), "ABCDEFGHIJKL000", "ABCDEFGHIJKL" + code));
  h.pass(36s);
  CHECK(all_of(client).empty());
  CHECK(h.host_got_last().mti() == "0400");
}
