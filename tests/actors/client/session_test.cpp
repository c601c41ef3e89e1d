// A raw client's conversation with the gateway, from its first byte to the close.

#include <catch2/catch.hpp>

#include "actors/client/session.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::virtual_gateway;
using support::wire;

TEST_CASE("a purchase goes to the host and its answer to the client, who sees the close") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  REQUIRE(h.host_got() == std::vector{request});
  h.host_says(approval(request));
  CHECK(messages_in(client->sent) == std::vector{approval(request)});
  CHECK(client->closed);
}

TEST_CASE("a message may come one byte at a time") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client();
  for (const char byte : wire(request)) {
    CHECK(h.host_got().empty());
    client->says(std::string(1, byte));
    h.run_until_idle();
  }
  h.host_says(approval(request));
  CHECK(messages_in(client->sent).size() == 1);
}

TEST_CASE("three messages in one segment are all answered, in order, whatever the host's order") {
  virtual_gateway h;
  const std::vector requests{h.purchase("00000001"), h.purchase("00000002"), h.purchase("00000003")};
  const auto client = h.client(requests);
  REQUIRE(h.host_got().size() == 3);
  h.host_says(approval(requests[2]));
  h.host_says(approval(requests[1]));
  CHECK(client->sent.empty());
  h.host_says(approval(requests[0]));
  CHECK(messages_in(client->sent) ==
        std::vector{approval(requests[0]), approval(requests[1]), approval(requests[2])});
  CHECK(client->closed);
}

TEST_CASE("an answer is not the end while the next message has begun") {
  virtual_gateway h;
  const auto first = h.purchase("00000001"), second = h.purchase("00000002");
  const auto client = h.client();
  const auto bytes = wire(first) + wire(second);
  client->says(bytes.substr(0, bytes.size() - 10));
  h.run_until_idle();
  h.host_says(approval(first));
  CHECK_FALSE(client->closed);
  client->says(bytes.substr(bytes.size() - 10));
  h.run_until_idle();
  h.host_says(approval(second));
  CHECK(messages_in(client->sent).size() == 2);
  CHECK(client->closed);
}

TEST_CASE("with clientKeepOpen the connection stays for more") {
  virtual_gateway h([](config::settings& s) { s.raw_listeners.front().keep_open = true; });
  const auto client = h.client();
  for (const auto* stan : {"000001", "000002", "000003"}) {
    const auto request = h.purchase("00000042", stan);
    client->says(wire(request));
    h.run_until_idle();
    h.host_says(approval(request));
    CHECK_FALSE(client->closed);
  }
  CHECK(messages_in(client->sent).size() == 3);
}

TEST_CASE("a bad message closes the connection, is logged with its field, and nothing reaches the host") {
  struct bad {
    const char* what;
    std::function<net::bytes(virtual_gateway&)> bytes;
    const char* reason;
  };
  const auto with = [](int number, std::optional<std::string> value) {
    return [=](virtual_gateway& h) {
      auto m = h.purchase();
      if (value)
        m.set(number, *value);
      else
        m.erase(number);
      return wire(m);
    };
  };
  const auto at = [](std::size_t offset, char byte) {
    return [=](virtual_gateway& h) {
      auto bytes = wire(h.purchase());
      bytes[offset] = byte;
      return bytes;
    };
  };
  const std::vector<bad> cases{
    {"junk", [](virtual_gateway&) { return net::bytes("GET / HTTP/1.1\r\n\r\n"); }, "field 0"},
    {"a response", [](virtual_gateway& h) { return wire(approval(h.purchase())); }, "field 0: not a request"},
    {"no amount", with(4, {}), "field 4: mandatory, but absent"},
    {"no TID", with(41, {}), "field 41: mandatory, but absent"},
    {"letters in the amount", at(20, 'x'), "field 4: not a digit, at byte 20"},
    {"a field the dialect lacks",
     [](virtual_gateway& h) {
       auto b = wire(h.purchase());
       b[8] = static_cast<char>(b[8] | 0x10);
       return b;
     },
     "field 36"},
    {"track 2 longer than it may be",
     [](virtual_gateway& h) {
       auto b = wire(h.purchase());
       const auto i = b.find("37485078");
       b[i] = '9';
       return b;
     },
     "field 35: longer"},
    {"yesterday's time", with(12, "261122120000"),
     "field 12: the local transaction time is too far from now"},
    {"a time that is none", with(12, "261199120000"), "field 12: not a date"},
  };
  for (const auto& c : cases) {
    INFO(c.what);
    virtual_gateway h;
    const auto client = h.client();
    client->says(c.bytes(h));
    h.pass(1s);
    CHECK(client->closed);
    CHECK(client->sent.empty());
    CHECK(h.host_got().empty());
    CHECK(h.logged(c.reason));
    CHECK(h.in_care_of("clients").empty());
  }
}

TEST_CASE("good messages in front of a bad one are still answered, then the connection is closed") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client();
  client->says(wire(request) + "junk");
  h.run_until_idle();
  CHECK_FALSE(client->closed);
  h.host_says(approval(request));
  CHECK(messages_in(client->sent) == std::vector{approval(request)});
  CHECK(client->closed);
}

TEST_CASE("a client that never finishes its message is closed after 60 s, or after clientTimeout") {
  const auto timeout = GENERATE(0s, 5s);
  virtual_gateway h([&](config::settings& s) { s.raw_listeners.front().idle_max = timeout; });
  const auto client = h.client();
  client->says(wire(h.purchase()).substr(0, 50));
  h.pass((timeout == 0s ? 60s : timeout) - 1s);
  CHECK_FALSE(client->closed);
  h.pass(2s);
  CHECK(client->closed);
  CHECK(h.logged("did not finish its message, of which there are 50 bytes"));
}

TEST_CASE("trickling bytes does not buy an unfinished message more time") {
  virtual_gateway h;
  const auto client = h.client();
  const auto bytes = wire(h.purchase());
  for (int second = 0; second < 62 && !client->closed; ++second) {
    client->says(bytes.substr(static_cast<std::size_t>(second), 1));
    h.pass(1s);
  }
  CHECK(client->closed);
}

TEST_CASE("a silent client goes after ten minutes, after clientTimeout, or never, as it is said") {
  virtual_gateway usual;
  const auto silent = usual.client();
  usual.pass(599s);
  CHECK_FALSE(silent->closed);
  usual.pass(3s);
  CHECK(silent->closed);
  CHECK(usual.logged("was silent for 600 s"));

  virtual_gateway patient([](config::settings& s) { s.raw_listeners.front().silent_max = 0s; });
  const auto stays = patient.client();
  patient.pass(24h);
  CHECK_FALSE(stays->closed);

  virtual_gateway longer([](config::settings& s) { s.raw_listeners.front().idle_max = 20min; });
  const auto later = longer.client();
  longer.pass(19min);
  CHECK_FALSE(later->closed);

  virtual_gateway strict([](config::settings& s) { s.raw_listeners.front().idle_max = 30s; });
  const auto goes = strict.client();
  strict.pass(29s);
  CHECK_FALSE(goes->closed);
  strict.pass(6s);
  CHECK(goes->closed);
}

TEST_CASE("a client that waits for its answer is not idle") {
  virtual_gateway h([](config::settings& s) { s.raw_listeners.front().idle_max = 10s; });
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.pass(30s);
  CHECK_FALSE(client->closed);
  h.host_says(approval(request));
  CHECK(messages_in(client->sent).size() == 1);
}

TEST_CASE("a client that half-closes and still reads is answered normally") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  client->finishes();
  h.run_until_idle();
  CHECK_FALSE(client->closed);
  h.host_says(approval(request));
  CHECK(messages_in(client->sent) == std::vector{approval(request)});
  CHECK(client->closed);
}

TEST_CASE(
  "a client that goes away before its answer leaves a session until its message has ended, and what the host "
  "approves is reversed") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  client->vanishes();
  h.run_until_idle();
  CHECK(h.in_care_of("clients").size() == 1);
  CHECK(h.host_got().size() == 1);
  h.host_says(approval(request));
  CHECK(h.in_care_of("clients").empty());
  REQUIRE(h.host_got().size() == 2);
  CHECK(h.host_got()[1].mti() == "0400");
  CHECK(h.host_got()[1][37] == "000000000001");
}

TEST_CASE("a client that goes away before the host declines leaves nothing to reverse") {
  virtual_gateway h;
  const auto request = h.purchase();
  h.client({request})->vanishes();
  h.run_until_idle();
  h.host_says(approval(request, "116"));
  h.pass(1min);
  CHECK(h.in_care_of("clients").empty());
  CHECK(h.host_got().size() == 1);
}

TEST_CASE("a full queue can refuse a client with a reason, and has room again when an answer has come") {
  virtual_gateway h([](config::settings& s) {
    s.queue.messages_max = 2;
    s.queue.refuse_when_full = true;
  });
  const auto a = h.purchase("00000001"), b = h.purchase("00000002"), c = h.purchase("00000003");
  const auto first = h.client({a}), second = h.client({b}), third = h.client({c});
  CHECK(third->closed);
  CHECK(h.logged("the queue is full, maxQueue is 2"));
  CHECK(h.host_got().size() == 2);
  h.host_says(approval(a));
  const auto fourth = h.client({c});
  CHECK_FALSE(fourth->closed);
  CHECK(h.host_got().size() == 3);
}

TEST_CASE("should nobody ever end a message, the session does, a little after everybody's deadline") {
  virtual_gateway h;
  const auto mute = h.own(
    h.system.spawn([](actors::dispatcher_actor::pointer self) -> actors::dispatcher_actor::behavior_type {
      return {[self](actors::submit&) { return self->make_response_promise<actors::answer>(); },
              [](const actors::withdraw&) {},
              [](const actors::terminal_blocked&) {},
              [](const actors::terminal_free&) {},
              [](const actors::link_status&) {},
              [](const actors::idle&) {},
              [](const actors::directory&) {},
              [](actors::children_atom) { return std::vector<caf::actor>(); }};
    }));
  const auto line = std::make_shared<player::connection>();
  const auto session = h.own(actors::spawn_session(
    h.system, h.env, std::make_shared<player::memory_link>(line, "client:1"),
    actors::directory{mute, {}, {}, {}}, actors::admission(1),
    std::make_shared<const actors::raw_port>(actors::raw_port{{}, support::shared_smart_vista()})));
  h.run_until_idle();
  line->says(wire(h.purchase()));
  const auto live = [&](int seconds) {
    for (; seconds > 0; --seconds) {
      h.pass(1s);
      caf::anon_send(session, actors::tick_atom::value);
      h.run_until_idle();
    }
  };
  live(39);
  CHECK_FALSE(line->closed);
  live(2);
  CHECK(line->closed);
  CHECK(h.logged("No end of 1 messages"));
}

TEST_CASE("at --vv the log shows both tables, card data masked") {
  virtual_gateway h;
  auto request = h.purchase();
  request.set(52, "0123456789abcdef");
  h.client({request});
  auto response = approval(request);
  response.set(2, support::test_pan);
  h.host_says(response);
  CHECK(h.logged("[Purchase Request]"));
  CHECK(h.logged("[Purchase Response]"));
  CHECK(h.logged("485078******7891"));
  CHECK_FALSE(h.logged(support::test_pan));
  CHECK_FALSE(h.logged("25122011"));
  CHECK_FALSE(h.logged("0123456789abcdef"));
}

TEST_CASE("a raw client that sends several messages, says no more and reads on gets an answer to each") {
  virtual_gateway h;
  const std::vector requests{h.purchase("00000001"), h.purchase("00000002"), support::echo("00000003")};
  const auto client = h.listener->enter();
  h.run_until_idle();
  client->says(wire(requests[0]) + wire(requests[1]) + wire(requests[2]));
  client->finishes();
  h.run_until_idle();
  REQUIRE(h.host_got().size() == 3);
  for (const auto& r : requests) {
    CHECK_FALSE(client->closed);
    h.host_says(approval(r));
  }
  CHECK(messages_in(client->sent).size() == 3);
  CHECK(client->closed);
}

TEST_CASE("a raw client that says no more while its messages wait for room gets an answer to each") {
  virtual_gateway h([](config::settings& s) { s.queue.messages_max = 1; });
  const std::vector requests{h.purchase("00000001"), h.purchase("00000002"), h.purchase("00000003")};
  const auto client = h.client();
  client->says(wire(requests[0]) + wire(requests[1]) + wire(requests[2]));
  h.run_until_idle();
  client->finishes();
  h.run_until_idle();
  for (const auto& r : requests) {
    CHECK_FALSE(client->closed);
    REQUIRE(h.host_got_last() == r);
    h.host_says(approval(r));
    h.pass(1s);
  }
  CHECK(messages_in(client->sent).size() == 3);
  CHECK(client->closed);
}

TEST_CASE("an approval that waits behind an earlier answer is not shown once it is being reversed") {
  virtual_gateway h;
  const auto first = h.purchase("00000042", "000001"), second = h.purchase("00000043", "000002");
  const auto client = h.client({first, second});
  h.host_says(approval(second));
  CHECK(client->sent.empty());
  auto reversal = second;
  reversal.set(0, "0400");
  h.client({reversal});
  CHECK(h.host_got_last().mti() == "0400");
  h.host_says(approval(first));
  CHECK(messages_in(client->sent) == std::vector{approval(first)});
}
