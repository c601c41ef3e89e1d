// Network management on the host's link: signing on and off, cut-over, and what is declined.

#include <catch2/catch.hpp>

#include "codec/fields.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::virtual_gateway;

namespace {

const std::string sign_on_kinds =
  R"("field": 24, "kinds": {"echo": ["831"], "signOn": ["801"], "signOff": ["802"],)"
  R"( "cutOver": ["821"], "keyChange": ["811"]})";
const std::string own_sign_on =
  R"(, "onConnect": [{"send": {"mti": "0800", "fields": {"24": "801"}}, "expect": {"39": "00"}}])";
const std::string own_sign_off = R"(, "beforeClose": [{"send": {"mti": "0800", "fields": {"24": "802"}}}])";

struct talking : virtual_gateway {
  explicit talking(const std::string& network, const std::function<void(config::settings&)>& change = {})
    : virtual_gateway([&](config::settings& s) {
        s.upstreams.front().dialect.network = "{" + sign_on_kinds + network + "}";
        if (change)
          change(s);
      }) {}

  std::ptrdiff_t got(const char* mti) const {
    return std::ranges::count(host_got(), mti, &codec::message::mti);
  }

  // The response code with which the gateway answers.
  std::string host_asks(const char* kind) {
    auto m = support::echo("00000000", "777777");
    m.set(24, kind);
    const auto before = got("0810");
    host_says(m);
    return got("0810") == before ? "none" : std::string(host_got_last()[39]);
  }

  // To the gateway's last request.
  void host_responds(const char* code) {
    auto m = host_got_last();
    REQUIRE(m.mti() == "0800");
    m.set(0, "0810");
    m.set(39, code);
    host_says(m);
  }

  void drain() {
    system.spawn([this](caf::event_based_actor* self) {
      self->request(gateway, caf::infinite, actors::drain_atom::value)
        .then([this](const actors::test_report&) { ended = true; }, [](caf::error&) {});
    });
    run_until_idle();
  }

  bool ended = false;
};

}  // namespace

TEST_CASE(
  "no request is sent before the host has answered the sign-on, and those that waited are sent then") {
  talking h(own_sign_on);
  REQUIRE(h.got("0800") == 1);
  CHECK(h.host_got_last()[24] == "801");
  CHECK(h.host_got_last()[11].size() == 6);
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.pass(5s);
  CHECK(h.got("0200") == 0);
  h.host_responds("000");
  REQUIRE(h.got("0200") == 1);
  h.host_says(approval(request));
  CHECK(messages_in(client->sent).size() == 1);
}

TEST_CASE(
  "a sign-on that is refused closes the link, and the pauses between dials grow though the host speaks") {
  talking h(own_sign_on);
  const auto client = h.client({h.purchase()});
  h.host_responds("005");
  CHECK(h.host->closed);
  CHECK(h.logged("onConnect, step 1 of 1 (0800): expected field 39 of the response to be 00, but it is 005"));
  std::chrono::milliseconds last{};
  for (int i = 0; i < 4; ++i) {
    std::chrono::milliseconds waited{};
    for (; !h.dialer->calling; waited += 100ms)
      h.pass(100ms);
    CHECK(waited > last);
    last = waited;
    h.host_answers();
    h.host_responds("005");
    CHECK(h.got("0200") == 0);
  }
}

TEST_CASE("a sign-on that is not answered within echoTimeout closes the link") {
  talking h(own_sign_on, [](config::settings& s) { s.upstreams.front().liveness.echo_timeout = 4s; });
  h.pass(3900ms);
  CHECK_FALSE(h.host->closed);
  h.pass(200ms);
  CHECK(h.host->closed);
  CHECK(h.logged("onConnect, step 1 of 1 (0800): expected a response, but none came within 4 s"));
}

TEST_CASE("a host that signs on first is answered, and requests follow") {
  talking h(R"(, "onConnect": [{"await": "signOn"}])");
  const auto client = h.client({h.purchase()});
  CHECK(h.host_asks("831") == "000");
  CHECK(h.got("0200") == 0);
  h.host_asks("801");
  CHECK(h.got("0810") == 2);
  CHECK(h.got("0200") == 1);
}

TEST_CASE(
  "after a host's sign-off purchases wait up to their own deadline, and go on when it signs on again") {
  talking h("");
  const auto first = h.purchase("00000001");
  const auto a = h.client({first});
  CHECK(h.host_asks("802") == "000");
  h.host_says(approval(first));
  CHECK(messages_in(a->sent).size() == 1);
  const auto too_late = h.client({h.purchase("00000002", "000002")});
  h.pass(20s);
  const auto in_time = h.client({h.purchase("00000003", "000003")});
  h.pass(16s);
  CHECK(too_late->closed);
  CHECK_FALSE(in_time->closed);
  CHECK(h.got("0200") == 1);
  h.host_asks("801");
  REQUIRE(h.got("0200") == 2);
  CHECK(h.host_got_last()[11] == "000003");
  h.pass(60s);
  CHECK(h.got("0400") >= 1);
}

TEST_CASE("after a host's sign-off purchases are refused at once where the dialect says so") {
  talking h(R"(, "afterSignOff": "refuse")");
  h.host_asks("802");
  const auto client = h.client({h.purchase()});
  CHECK(client->closed);
  CHECK(client->sent.empty());
  CHECK(h.logged("host_down, nothing was sent"));
  h.host_asks("801");
  const auto next = h.client({h.purchase("00000043", "000002")});
  CHECK(h.got("0200") == 1);
}

TEST_CASE("a reversal waits for the sign-on of a host that has signed off") {
  for (const auto* after : {"wait", "refuse"}) {
    INFO(after);
    talking h(R"(, "afterSignOff": ")" + std::string(after) + "\"");
    const auto client = h.client({h.purchase()});
    h.host_asks("802");
    h.pass(10min);
    CHECK(h.got("0400") == 0);
    CHECK(h.cases().size() == 1);
    h.host_asks("801");
    h.pass(1s);
    CHECK(h.got("0400") == 1);
  }
}

TEST_CASE("a cut-over lets what is under way end, holds back new purchases, and they go on after the pause") {
  talking h(R"(, "afterCutOver": {"requests": "wait", "pause": 20})");
  std::vector<codec::message> requests;
  std::vector<player::connection_ptr> clients;
  for (const auto* tid : {"00000001", "00000002", "00000003"}) {
    requests.push_back(h.purchase(tid));
    clients.push_back(h.client({requests.back()}));
  }
  CHECK(h.host_asks("821") == "000");
  for (const auto* tid : {"00000004", "00000005"}) {
    requests.push_back(h.purchase(tid));
    clients.push_back(h.client({requests.back()}));
  }
  for (int i = 0; i < 3; ++i)
    h.host_says(approval(requests[static_cast<std::size_t>(i)]));
  h.pass(19s);
  CHECK(h.got("0200") == 3);
  h.pass(2s);
  CHECK(h.got("0200") == 5);
  h.host_says(approval(requests[3]));
  h.host_says(approval(requests[4]));
  for (const auto& c : clients)
    CHECK(messages_in(c->sent).size() == 1);
}

TEST_CASE("what a host asks and the dialect does not know is declined, as is a change of keys") {
  talking h(R"(, "declineWith": "909")");
  CHECK(h.host_asks("899") == "909");
  CHECK(h.logged("unknown (field 24 is 899), which is declined"));
  CHECK(h.host_asks("811") == "909");
  CHECK(h.logged("keyChange (field 24 is 811), which is declined"));
  auto bare = support::echo("00000000", "777778");
  bare.erase(24);
  h.host_says(bare);
  CHECK(h.host_got_last()[39] == "000");
  talking quiet(R"(, "answers": {"unknown": "ignore"})");
  CHECK(quiet.host_asks("899") == "none");
}

TEST_CASE("a smartVista host's change of keys is not approved without a word in a file") {
  virtual_gateway h;
  auto m = support::echo("00000000", "777777");
  m.set(24, "811");
  h.host_says(m);
  CHECK(h.host_got_last()[39] == "120");
}

TEST_CASE("an order to end is told to the host by a sign-off, and the end comes with its answer") {
  talking h(own_sign_off);
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.drain();
  CHECK(h.got("0800") == 0);
  h.host_says(approval(request));
  REQUIRE(h.got("0800") == 1);
  CHECK(h.host_got_last()[24] == "802");
  CHECK_FALSE(h.ended);
  CHECK_FALSE(h.host->closed);
  h.host_responds("000");
  CHECK(h.ended);
  CHECK(h.host->closed);
}

TEST_CASE(
  "a host that does not answer the sign-off holds up the end for 3 s, and for less where it hangs up") {
  talking h(own_sign_off);
  h.drain();
  h.pass(2900ms);
  CHECK_FALSE(h.ended);
  h.pass(200ms);
  CHECK(h.ended);
  CHECK(h.logged("beforeClose, step 1 of 1 (0800): expected a response, but none came within 3 s"));
  talking other(own_sign_off);
  other.drain();
  CHECK_FALSE(other.ended);
  other.host->vanishes();
  other.run_until_idle();
  CHECK(other.ended);
}
