// The ordered end: nothing new comes in, what is in flight is answered.

#include <catch2/catch.hpp>

#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::virtual_gateway;

namespace {

struct draining : virtual_gateway {
  using virtual_gateway::virtual_gateway;

  void drain() {
    system.spawn([this](caf::event_based_actor* self) {
      self->request(gateway, caf::infinite, actors::drain_atom::value)
        .then([this](const actors::test_report&) { ended = true; }, [this](caf::error&) { failed = true; });
    });
    run_until_idle();
  }

  bool ended = false;
  bool failed = false;
};

}  // namespace

TEST_CASE("an idle gateway ends at once") {
  draining h;
  const auto idle = h.client();
  h.drain();
  CHECK(h.ended);
  CHECK(idle->closed);
  CHECK(h.host->closed);
}

TEST_CASE("what is in flight is answered before the end, also what waits for its terminal") {
  draining h;
  const auto first = h.purchase("00000042", "000001"), second = h.purchase("00000042", "000002");
  const auto a = h.client({first}), b = h.client({second});
  h.drain();
  CHECK_FALSE(h.ended);
  CHECK_FALSE(h.listener->is_open());
  h.host_says(approval(first));
  CHECK_FALSE(h.ended);
  h.host_says(approval(second));
  CHECK(h.ended);
  CHECK(messages_in(a->sent).size() == 1);
  CHECK(messages_in(b->sent).size() == 1);
  CHECK_FALSE(h.failed);
}

TEST_CASE("a client that keeps its connection is hung up on when it has its answers, and asks nothing new") {
  draining h([](config::settings& s) { s.raw_listeners.front().keep_open = true; });
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.drain();
  client->says(support::wire(h.purchase("00000042", "000002")));
  h.run_until_idle();
  h.host_says(approval(request));
  CHECK(client->closed);
  CHECK(h.ended);
  CHECK(h.host_got().size() == 1);
}

TEST_CASE(
  "a silent host does not keep a gateway from ending: queueTimeout ends the purchase, and its reversal is "
  "tried and left to the journal") {
  const auto seed = GENERATE(range(1, 30));
  draining h({}, true, static_cast<std::uint64_t>(seed));
  const auto client = h.client({h.purchase()});
  h.drain();
  h.pass(36s);
  CHECK(client->closed);
  CHECK_FALSE(h.ended);
  CHECK(h.host_got_last().mti() == "0400");
  h.pass(30s);
  CHECK(h.ended);
}
