// Every kind of actor dies under load; clients get an end, the gateway goes on.

#include <catch2/catch.hpp>

#include "actors/core/supervisor.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::virtual_gateway;

namespace {

// Twenty purchases of five terminals in flight or waiting, two of them answered.
struct load {
  explicit load(virtual_gateway& h, int first_stan = 100000) {
    for (int i = 0; i < 20; ++i) {
      const auto tid = "0000000" + std::to_string(i % 5);
      clients.push_back(h.client({h.purchase(tid, std::to_string(first_stan + i))}));
    }
  }

  // Answered, or told by the close that there is no answer.
  bool all_ended() const {
    return std::ranges::all_of(clients, [](const auto& c) { return c->closed; });
  }

  std::vector<player::connection_ptr> clients;
};

void kill_one(virtual_gateway& h, const caf::actor& victim) {
  REQUIRE(victim);
  caf::anon_send_exit(victim, caf::exit_reason::kill);
  h.run_until_idle();
}

// A new client is served as if nothing had happened.
void expect_service(virtual_gateway& h) {
  const auto request = h.purchase("00000777", "777777");
  const auto client = h.client({request});
  h.pass(31s);  // the longest pause before a restart
  if (!h.host || h.host->closed) {
    while (!h.dialer->calling)
      h.pass(100ms);
    h.host_answers();
  }
  const auto again = h.purchase("00000778", "777778");
  const auto later = h.client({again});
  h.host_says(approval(again));
  CHECK(messages_in(later->sent) == std::vector{approval(again)});
}

}  // namespace

TEST_CASE("when the upstream dies, its clients are refused, it is started again and dials anew") {
  virtual_gateway h;
  const load l(h);
  kill_one(h, h.part("upstream"));
  CHECK(h.host->closed);
  h.pass(1s);
  h.host_answers();
  h.pass(40s);
  CHECK(l.all_ended());
  CHECK(h.logged("upstream has failed and is started again"));
  expect_service(h);
}

TEST_CASE("when the dispatcher dies, its queues go with it, clients are refused, and a new one serves") {
  virtual_gateway h;
  const load l(h);
  kill_one(h, h.part("dispatcher"));
  CHECK(l.all_ended());
  expect_service(h);
}

TEST_CASE("when one terminal's queue dies, that terminal's clients are refused and nobody else's") {
  virtual_gateway h;
  const load l(h);
  kill_one(h, h.in_care_of("dispatcher").front());
  const auto ended = std::ranges::count_if(l.clients, [](const auto& c) { return c->closed; });
  CHECK(ended == 4);
  h.pass(80s);
  CHECK(l.all_ended());
  expect_service(h);
}

TEST_CASE("when one session dies, its connection is closed and no other") {
  virtual_gateway h;
  const load l(h);
  kill_one(h, h.in_care_of("clients").front());
  CHECK(std::ranges::count_if(l.clients, [](const auto& c) { return c->closed; }) == 1);
  for (int i = 0; i < 20; ++i)
    for (const auto& m : h.host_got())
      h.host_says(approval(m));
  CHECK(l.all_ended());
  CHECK(std::ranges::count_if(l.clients, [](const auto& c) { return !c->sent.empty(); }) == 19);
  expect_service(h);
}

TEST_CASE("when the reception dies, its clients are hung up on and new ones are greeted again") {
  virtual_gateway h;
  const load l(h);
  kill_one(h, h.part("clients"));
  CHECK(l.all_ended());
  h.pass(1s);
  expect_service(h);
}

TEST_CASE("when the statistics die, nobody notices and the sums stay") {
  virtual_gateway h;
  const auto request = h.purchase();
  h.client({request});
  kill_one(h, h.part("stats"));
  h.pass(1s);
  h.host_says(approval(request));
  CHECK_THAT(h.statistics(), Catch::Contains("\"0200\":1") && Catch::Contains("\"0210\":1"));
  expect_service(h);
}

TEST_CASE("what is refused after a failure is refused again: no seat in the queue is lost") {
  virtual_gateway h([](config::settings& s) { s.queue.messages_max = 20; });
  for (int round = 0; round < 5; ++round) {
    const load l(h, 100000 + 20 * round);  // those of the last round are being reversed
    CHECK(h.in_care_of("clients").size() == 20);
    kill_one(h, h.part("dispatcher"));
    CHECK(l.all_ended());
    h.pass(61s);
  }
  expect_service(h);
}

TEST_CASE("a part that dies again and again is restarted ever more slowly, then the gateway ends") {
  virtual_gateway h;
  bool ended = false;
  h.gateway->attach_functor([&ended](const caf::error& reason) { ended = static_cast<bool>(reason); });
  caf::timespan last{};
  for (int failures = 1; failures <= 11 && !ended; ++failures) {
    INFO("failure " << failures);
    caf::anon_send_exit(h.part("stats"), caf::exit_reason::kill);
    h.run_until_idle();
    if (ended)
      break;
    REQUIRE(failures <= 10);
    const auto begun = h.now();
    while (!h.part("stats"))
      h.pass(50ms);
    CHECK(h.now() - begun >= last);
    last = h.now() - begun - 50ms;
  }
  CHECK(ended);
  CHECK(h.logged("stats has failed too often, the gateway ends"));
}

TEST_CASE("supervisor: pauses double to thirty seconds, and eleven failures in three minutes are too many") {
  player::virtual_time world;
  int births = 0;
  actors::supervisor s([](const caf::actor&) {});
  s.keep("child", [&] {
    ++births;
    return world.own(
      caf::actor(world.system.spawn([](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; })));
  });
  auto now = world.now();
  std::vector<caf::timespan> waits;
  for (int failure = 1; failure <= 10; ++failure) {
    const auto d = s.child_failed(s.find("child").address(), now);
    REQUIRE(d);
    REQUIRE(d->wait);
    waits.push_back(*d->wait);
    CHECK(s.find("child") == nullptr);
    s.restart("child");
  }
  CHECK(births == 11);
  CHECK(waits.front() == 100ms);
  CHECK(waits[3] == 800ms);
  CHECK(waits.back() == 30s);
  const auto last = s.child_failed(s.find("child").address(), now);
  REQUIRE(last);
  CHECK_FALSE(last->wait);
}

TEST_CASE("supervisor: failures of more than three minutes ago are forgiven, strangers are not ours") {
  player::virtual_time world;
  actors::supervisor s([](const caf::actor&) {});
  const auto birth = [&] {
    return world.own(
      caf::actor(world.system.spawn([](caf::event_based_actor*) -> caf::behavior { return {[](int) {}}; })));
  };
  s.keep("child", birth);
  for (int failure = 0; failure < 50; ++failure) {
    const auto d = s.child_failed(s.find("child").address(), world.now() + failure * 181s);
    REQUIRE(d);
    CHECK(d->wait == caf::timespan(100ms));
    s.restart("child");
  }
  CHECK_FALSE(s.child_failed(birth().address(), world.now()));
}
