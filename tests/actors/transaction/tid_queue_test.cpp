// One transaction of a terminal at a time.

#include <catch2/catch.hpp>

#include <tuple>

#include "actors/transaction/queue_entry.hpp"
#include "codec/fields.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::virtual_gateway;

TEST_CASE("a second message of a terminal waits for the first, one of another terminal does not") {
  virtual_gateway h;
  const auto first = h.purchase("00000042", "000001"), second = h.purchase("00000042", "000002"),
             other = h.purchase("00000043", "000001");
  const auto a = h.client({first}), b = h.client({second}), c = h.client({other});
  CHECK(h.host_got() == std::vector{first, other});
  h.host_says(approval(first));
  CHECK(h.host_got() == std::vector{first, other, second});
  h.host_says(approval(second));
  CHECK(messages_in(a->sent) == std::vector{approval(first)});
  CHECK(messages_in(b->sent) == std::vector{approval(second)});
}

TEST_CASE("without queueLockTerminal a terminal's messages travel side by side") {
  virtual_gateway h([](config::settings& s) { s.queue.lock_terminal = false; });
  const auto first = h.purchase("00000042", "000001"), second = h.purchase("00000042", "000002");
  const auto client = h.client({first, second});
  CHECK(h.host_got().size() == 2);
}

TEST_CASE(
  "without the lock, a purchase with the TID and STAN of one in flight is refused and nothing of it is "
  "sent") {
  virtual_gateway h([](config::settings& s) { s.queue.lock_terminal = false; });
  const auto request = h.purchase();
  const auto first = h.client({request});
  const auto second = h.client({h.purchase("00000042", "000001", "000000009999")});
  CHECK(second->closed);
  CHECK(h.host_got().size() == 1);
  CHECK(h.logged("stan_in_use"));
  h.host_says(approval(request));
  CHECK(messages_in(first->sent).size() == 1);
}

TEST_CASE(
  "without the lock, a message of no money with the key of one in flight is refused and nothing of it is "
  "sent") {
  virtual_gateway h([](config::settings& s) { s.queue.lock_terminal = false; });
  const auto first = h.client({support::echo()}), second = h.client({support::echo()});
  CHECK(second->closed);
  CHECK(h.host_got().size() == 1);
  CHECK(h.logged("key_in_use"));
  h.host_says(approval(support::echo()));
  CHECK(messages_in(first->sent).size() == 1);
}

TEST_CASE(
  "with the lock, the same TID and STAN again is another purchase, in its turn, where the first was declined "
  "in another second") {
  virtual_gateway h;
  const auto request = h.purchase();
  h.pass(1s);
  const auto again = h.purchase();
  const auto first = h.client({request}), second = h.client({again});
  CHECK(h.host_got().size() == 1);
  h.host_says(approval(request, "116"));
  CHECK(h.host_got().size() == 2);
  CHECK(messages_in(second->sent).empty());
  h.host_says(approval(again));
  CHECK(messages_in(second->sent).size() == 1);
}

TEST_CASE(
  "with the lock, the same message again is refused where the first was declined, for it was sent already") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto first = h.client({request}), second = h.client({request});
  h.host_says(approval(request, "116"));
  CHECK(h.host_got().size() == 1);
  CHECK(messages_in(first->sent).size() == 1);
  CHECK(second->closed);
  CHECK(messages_in(second->sent).empty());
}

TEST_CASE(
  "with the lock, the same TID and STAN of the same second are refused where the first was approved, and "
  "nothing is sent") {
  virtual_gateway h;
  const auto request = h.purchase();
  const auto first = h.client({request}), second = h.client({request});
  h.host_says(approval(request));
  CHECK(messages_in(first->sent).size() == 1);
  CHECK(second->closed);
  CHECK(second->sent.empty());
  CHECK(h.host_got().size() == 1);
  CHECK(h.logged("stan_in_use"));
}

TEST_CASE(
  "when the first purchase times out, the turn passes to its reversal, and behind that to the next "
  "purchase") {
  virtual_gateway h;
  const auto silent = h.client({h.purchase("00000042", "000001")});
  h.pass(10s);
  const auto request = h.purchase("00000042", "000002");
  const auto waits = h.client({request});
  h.pass(26s);
  CHECK(silent->closed);
  REQUIRE(h.host_got().size() == 2);
  CHECK(h.host_got()[1].mti() == "0400");
  h.host_says(approval(h.host_got()[1], "400"));
  REQUIRE(h.host_got().size() == 3);
  CHECK(h.host_got()[2] == request);
  h.host_says(approval(request));
  CHECK(messages_in(waits->sent).size() == 1);
}

TEST_CASE(
  "a reversal that is not answered keeps its terminal's purchases for 35 s, and who waits too long is "
  "refused unsent") {
  virtual_gateway h;
  h.client({h.purchase("00000042", "000001")});
  h.pass(20s);
  const auto too_long = h.client({h.purchase("00000042", "000002")});
  h.pass(34900ms);  // 54.9 s; due since 35 s
  CHECK_FALSE(too_long->closed);
  const auto request = h.purchase("00000042", "000003");
  const auto waits = h.client({request});
  h.pass(14s);
  CHECK(too_long->closed);
  CHECK(too_long->sent.empty());
  CHECK(std::ranges::all_of(h.host_got(), [](const auto& m) { return m[11] == "000001"; }));
  h.pass(6500ms);  // behind an attempt under way
  CHECK(h.host_got_last() == request);
  h.host_says(approval(request));
  CHECK(messages_in(waits->sent).size() == 1);
}

TEST_CASE("a thousand messages of one terminal keep their order and do not hold up another terminal") {
  virtual_gateway h([](config::settings& s) { s.queue.messages_max = 2000; });
  std::vector<codec::message> requests;
  for (int i = 0; i < 1000; ++i)
    requests.push_back(h.purchase("00000042", std::to_string(100000 + i)));
  const auto many = h.client(requests);
  const auto other = h.client({h.purchase("00000043")});
  CHECK(h.host_got().size() == 2);
  for (const auto& r : requests)
    h.host_says(approval(r));
  CHECK(messages_in(many->sent).size() == 1000);
  auto got = h.host_got();
  std::erase_if(got, [](const codec::message& m) { return m[41] == "00000043"; });
  CHECK(got == requests);
}

TEST_CASE("a queue that is idle for a while is let go, and comes back when it is needed") {
  virtual_gateway h;
  const auto request = h.purchase();
  h.client({request});
  h.host_says(approval(request));
  CHECK(h.in_care_of("dispatcher").size() == 1);
  h.pass(3min);
  CHECK(h.in_care_of("dispatcher").empty());
  const auto again = h.purchase("00000042", "000002");
  const auto client = h.client({again});
  h.host_says(approval(again));
  CHECK(messages_in(client->sent).size() == 1);
}

TEST_CASE("no message is lost in the moment in which its queue is let go") {
  const auto seed = GENERATE(range(1, 60));
  virtual_gateway h({}, true, static_cast<std::uint64_t>(seed));
  const auto first = h.purchase();
  h.client({first});
  h.host_says(approval(first));
  h.pass(60s - 1ms);
  // The queue's clock and the client's message come in the same moment; the seed decides who is first.
  const auto request = h.purchase("00000042", "000002");
  const auto client = h.client();
  h.scheduler.clock().advance_time(1ms);
  for (auto steps = h.random_source() % 12; steps > 0; --steps)
    h.step();
  client->says(support::wire(request));
  h.run_until_idle();
  REQUIRE(h.host_got().size() == 2);
  h.host_says(approval(request));
  CHECK(messages_in(client->sent).size() == 1);
  CHECK(h.in_care_of("dispatcher").size() == 1);
}

TEST_CASE("an inquiry is on the disk before its host has it, for its response may come to the next process") {
  virtual_gateway h;
  h.kept.disk().pause();
  auto inquiry = h.purchase();
  inquiry.set(codec::fields::processing_code, "310000");
  const auto client = h.client({inquiry});
  CHECK(h.host_got().empty());
  h.kept.disk().release();
  h.run_until_idle();
  REQUIRE(h.host_got() == std::vector{inquiry});
  h.host_says(approval(inquiry));
  CHECK(messages_in(client->sent).size() == 1);
}

TEST_CASE(
  "the end of a request is recorded with a cause where its client was told that the outcome is unknown, and "
  "nowhere where a response tells it") {
  using actors::cause;
  for (const auto& [told, answered, because] :
       {std::tuple(false, false, cause::none), std::tuple(false, true, cause::none),
        std::tuple(true, false, cause::failed), std::tuple(true, true, cause::none)}) {
    actors::queue_entry e;
    e.what.id = 7;
    e.take({"00000042", 7, told});
    if (answered)
      e.response = std::make_shared<const codec::message>(approval(support::purchase(), "116"));
    const auto end = e.closing();
    CHECK(end.because == because);
    CHECK(end.message == e.response);
  }
}
