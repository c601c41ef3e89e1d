// Raw clients whose messages have a frame: clientHeaderFormat.

#include <catch2/catch.hpp>

#include "codec/text/hex.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::virtual_gateway;
using support::wire;

namespace {

struct framed_gateway : virtual_gateway {
  explicit framed_gateway(const char* format, bool keep_open = true)
    : virtual_gateway([=](config::settings& s) {
        s.raw_listeners.front().frame.format = format;
        s.raw_listeners.front().keep_open = keep_open;
      }) {}
};

std::string bytes(const std::string& hex) { return *codec::from_hex(hex); }

std::string two_bytes(std::size_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 255)};
}

// A message behind a length and a TPDU, as terminals send them.
std::string with_tpdu(const std::string& tpdu_hex, const codec::message& m) {
  return two_bytes(5 + wire(m).size()) + bytes(tpdu_hex) + wire(m);
}

std::string all(const player::connection_ptr& client) {
  std::string text;
  for (const auto& s : client->sent)
    text += s;
  return text;
}

}  // namespace

TEST_CASE("a terminal behind a TPDU gets its answer with the two addresses swapped") {
  framed_gateway h("bin2+tpdu", false);
  const auto request = h.purchase();
  const auto client = h.client();
  client->says(with_tpdu("6000058053", request));
  h.run_until_idle();
  REQUIRE(h.host_got() == std::vector{request});
  h.host_says(approval(request));
  CHECK(codec::to_hex(all(client)) == codec::to_hex(with_tpdu("6080530005", approval(request))));
  CHECK(client->closed);
}

TEST_CASE(
  "each answer has the TPDU of its own request, whichever order the host has and whatever connection") {
  framed_gateway h("bin2+tpdu");
  const auto a = h.purchase("00000001"), b = h.purchase("00000002"), c = h.purchase("00000003");
  const auto first = h.client(), second = h.client();
  first->says(with_tpdu("6000010101", a) + with_tpdu("6000020202", b));
  second->says(with_tpdu("6000030303", c));
  h.run_until_idle();
  REQUIRE(h.host_got().size() == 3);
  for (const auto* m : {&c, &b, &a})
    h.host_says(approval(*m));
  CHECK(all(first) == with_tpdu("6001010001", approval(a)) + with_tpdu("6002020002", approval(b)));
  CHECK(all(second) == with_tpdu("6003030003", approval(c)));
}

TEST_CASE("a frame may come one byte at a time, and must be finished in time") {
  framed_gateway h("stx-etx-lrc");
  const auto request = h.purchase();
  const auto content = wire(request);
  auto frame = "\x02" + two_bytes(content.size()) + content + "\x03";
  char lrc = 0;
  for (std::size_t i = 1; i < frame.size(); ++i)
    lrc = static_cast<char>(lrc ^ frame[i]);
  frame += lrc;
  const auto client = h.client();
  for (const char byte : frame) {
    CHECK(h.host_got().empty());
    client->says(std::string(1, byte));
    h.run_until_idle();
  }
  CHECK(h.host_got() == std::vector{request});

  const auto slow = h.client();
  slow->says(frame.substr(0, frame.size() - 1));
  h.pass(59s);
  CHECK_FALSE(slow->closed);
  h.pass(3s);
  CHECK(slow->closed);
  CHECK(h.logged("did not finish its message, of which there are " + std::to_string(frame.size() - 1)));
}

TEST_CASE("what is no frame ends the conversation, is logged and counted, and nothing reaches the host") {
  struct bad {
    const char *format, *wire_hex, *says;
  };
  const auto b = GENERATE(bad{"bin2+tpdu", "000661", "the element 'tpdu' of a frame is not 60"},
                          bad{"stx-etx-lrc", "0200014103ff", "the lrc of a frame is wrong"},
                          bad{"ascii4", "30303178", "the length in a frame's header is not a number"},
                          bad{"bin2", "ffff", "a frame of 65535 bytes, the most is 16384"});
  framed_gateway h(b.format);
  const auto client = h.client();
  client->says(bytes(b.wire_hex));
  h.run_until_idle();
  CHECK(client->closed);
  CHECK(h.host_got().empty());
  CHECK(h.logged(std::string("sent what is no frame: ") + b.says));
  CHECK_THAT(h.statistics(), Catch::Contains(R"("droppedFrames":{"bad":1,"refused":0})"));
}

TEST_CASE("what was asked before a bad frame is still answered") {
  framed_gateway h("ascii4");
  const auto request = h.purchase();
  const auto content = wire(request);
  const auto length = std::to_string(content.size());
  const auto client = h.client();
  client->says(std::string(4 - length.size(), '0') + length + content + "junk");
  h.run_until_idle();
  CHECK_FALSE(client->closed);
  h.host_says(approval(request));
  CHECK(all(client).substr(4) == wire(approval(request)));
  CHECK(client->closed);
}

TEST_CASE("a frame without a message is a keep-alive, answered by the same bytes where the format says so") {
  const auto answers = GENERATE(false, true);
  framed_gateway h(answers ? "bin2+tpdu, keepalive=answer" : "bin2+tpdu");
  const auto request = h.purchase();
  const auto client = h.client();
  client->says(bytes("0000") + bytes("00056000010002"));
  h.run_until_idle();
  CHECK(codec::to_hex(all(client)) == (answers ? "000000056000010002" : ""));
  client->sent.clear();
  client->says(with_tpdu("6000010002", request));
  h.run_until_idle();
  h.host_says(approval(request));
  CHECK(all(client) == with_tpdu("6000020001", approval(request)));
}

TEST_CASE("a frame whose header says that the client refuses it is dropped, logged and counted") {
  framed_gateway h("base24");
  const auto request = h.purchase();
  const auto content = wire(request);
  const auto frame = [&content](const char* header) {
    return two_bytes(12 + content.size() + 1) + header + content + "\x03";
  };
  const auto client = h.client();
  client->says(frame("ISO026003900") + frame("ISO026000012"));
  h.run_until_idle();
  CHECK(h.host_got() == std::vector{request});
  CHECK(h.logged("sent a frame that is dropped: its header says that the message is refused"));
  CHECK_THAT(h.statistics(), Catch::Contains(R"("droppedFrames":{"bad":0,"refused":1})"));
  h.host_says(approval(request));
  CHECK(all(client).substr(2, 12) == "ISO026000012");
  CHECK_FALSE(client->closed);
}

TEST_CASE("a message ends where its frame ends, also with bytes that the dialect does not know") {
  framed_gateway h("bin2");
  auto content = wire(h.purchase()) + "more";
  const auto client = h.client();
  client->says(two_bytes(content.size()) + content);
  h.run_until_idle();
  REQUIRE(h.host->sent.size() == 1);
  CHECK(h.host->sent.front() == content);
  CHECK_FALSE(client->closed);
}

TEST_CASE("two messages in one frame are refused, whatever stands between them: the host would get both") {
  const std::string between = GENERATE("", " ", "\r\n", std::string(1, '\0'), "x", "00\x9f");
  framed_gateway h("bin2");
  const auto content =
    wire(h.purchase("00000042", "000001")) + between + wire(h.purchase("00000043", "000002"));
  const auto client = h.client();
  client->says(two_bytes(content.size()) + content);
  h.run_until_idle();
  CHECK(h.host->sent.empty());
  CHECK(client->closed);
  CHECK(h.logged("another message begins at byte"));
}

TEST_CASE("an approval in a frame is reversed where its client has not acknowledged the frame's last byte") {
  framed_gateway h("stx-etx-lrc");
  const auto request = h.purchase();
  const auto content = wire(request);
  auto frame = "\x02" + two_bytes(content.size()) + content + "\x03";
  char lrc = 0;
  for (std::size_t i = 1; i < frame.size(); ++i)
    lrc = static_cast<char>(lrc ^ frame[i]);
  const auto answer_size = wire(approval(request)).size() + 5;
  const std::size_t missing = GENERATE(0, 1);
  const auto client = h.client();
  client->says(frame + lrc);
  h.run_until_idle();
  client->stop_reading(answer_size - missing);
  h.host_says(approval(request));
  h.pass(20s);
  const auto last = h.host_got_last();
  CHECK(last.mti() == (missing == 0 ? "0200" : "0400"));
}
