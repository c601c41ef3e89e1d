// Test clients and the emulated bank, as actors, in virtual time.

#include <catch2/catch.hpp>

#include "actors/emulator/bank.hpp"
#include "actors/emulator/test_clients.hpp"
#include "config/load.hpp"
#include "config/log.hpp"
#include "tests/support/upstreams.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::wire;

namespace {

actors::environment_ptr environment(const std::function<void(config::settings&)>& change) {
  auto env = std::make_shared<actors::environment>();
  env->settings = config::defaults();
  change(env->settings);
  env->upstreams = support::one_upstream(env->settings.upstreams.front());
  env->local_time = [] { return support::noon; };
  env->seed = 1;
  return env;
}

// One test client in a hall; the test plays its target.
struct hall : player::virtual_time {
  explicit hall(bool purchases = false) {
    const auto env = environment([purchases](config::settings& s) {
      s.test_clients.count = 1;
      s.test_clients.purchases = purchases;
    });
    actor = own(actors::spawn_test_clients(system, env, support::shared_smart_vista(),
                                           [this]() -> std::shared_ptr<net::dialer> {
                                             return target = std::make_shared<player::memory_dialer>();
                                           }));
    run_until_idle();
  }

  // The client's next request.
  codec::message question() {
    while (!target->calling)
      pass(100ms);
    line = target->answer_call();
    run_until_idle();
    return messages_in(line->sent).at(0);
  }

  void say(const codec::message& m) {
    line->says(wire(m));
    run_until_idle();
  }

  actors::test_report report() { return *ask<actors::test_report>(actor, caf::get_atom::value); }

  actors::test_clients_actor actor;
  std::shared_ptr<player::memory_dialer> target;
  player::connection_ptr line;
};

}  // namespace

TEST_CASE("a test client asks an echo a second after the start, and again and again") {
  hall h;
  const auto begun = h.now();
  const auto first = h.question();
  CHECK(h.now() - begun >= 1s);
  CHECK(first.mti() == "0800");
  CHECK(first[3] == "990000");
  CHECK(first[11] == "000001");
  CHECK(first[24] == "831");
  CHECK(first[41] == "00000001");
  h.say(approval(first));
  CHECK(h.line->closed);
  const auto answered = h.now();
  h.say(approval(h.question()));
  CHECK(h.now() - answered >= 1s);
  CHECK(h.now() - answered <= 9s);
  CHECK(h.report().good == 2);
  CHECK(h.report().failed == 0);
  CHECK(h.report().clients_without_success == 0);
}

TEST_CASE("echoes of two test clients can be told apart by their STAN alone, as some hosts pair them") {
  struct hall_of_two : player::virtual_time {
    hall_of_two() {
      const auto env = environment([](config::settings& s) { s.test_clients.count = 2; });
      actor = own(actors::spawn_test_clients(system, env, support::shared_smart_vista(),
                                             [this]() -> std::shared_ptr<net::dialer> {
                                               return targets.emplace_back(new player::memory_dialer);
                                             }));
      run_until_idle();
    }
    actors::test_clients_actor actor;
    std::vector<std::shared_ptr<player::memory_dialer>> targets;
  };
  hall_of_two h;
  std::string stans;
  for (const auto& target : h.targets) {
    while (!target->calling)
      h.pass(100ms);
    const auto line = target->answer_call();
    h.run_until_idle();
    stans += std::string(messages_in(line->sent).at(0)[11]) + " ";
  }
  CHECK(stans == "000001 000002 ");
}

TEST_CASE("with testPurchases every second question is a purchase") {
  hall h(true);
  std::string asked;
  for (int i = 0; i < 4; ++i) {
    const auto q = h.question();
    asked += std::string(q.mti()) + " ";
    h.say(approval(q));
  }
  CHECK(asked == "0800 0200 0800 0200 ");
}

TEST_CASE("another terminal's answer, a closed line and silence are failures") {
  hall h;
  const auto q = h.question();
  auto wrong = approval(q);
  wrong.set(41, "00000002");
  h.say(wrong);
  CHECK(h.report().failed == 1);
  h.question();
  h.line->vanishes();
  h.run_until_idle();
  CHECK(h.report().failed == 2);
  h.question();
  h.pass(60s);
  CHECK(h.report().failed >= 3);
  CHECK(h.report().clients_without_success == 1);
}

TEST_CASE("a target that is not there yet is forgiven in the first seconds, later not") {
  hall h;
  h.pass(1100ms);
  for (int i = 0; i < 5; ++i) {
    h.target->refuse_call();
    h.pass(1100ms);
  }
  CHECK(h.report().failed == 0);
  h.pass(10s);
  if (h.target->calling)
    h.target->refuse_call();
  h.run_until_idle();
  CHECK(h.report().failed >= 1);
}

TEST_CASE("a target that is not there is told at once, and once") {
  std::vector<std::string> told;
  config::log::observe([&](config::log::level, const std::string& line) {
    if (line.find("host:1 does not answer (cannot connect: Connection refused)") != std::string::npos)
      told.push_back(line);
  });
  hall h;
  h.pass(1100ms);
  h.target->refuse_call();
  h.run_until_idle();
  CHECK(told.size() == 1);
  h.pass(1100ms);
  h.target->refuse_call();
  h.run_until_idle();
  CHECK(told.size() == 1);
  config::log::observe({});
}

TEST_CASE("the hall drains when each client has finished its round") {
  hall h;
  const auto q = h.question();
  bool drained = false;
  h.system.spawn([&](caf::event_based_actor* self) {
    self->request(h.actor, caf::infinite, actors::drain_atom::value).then([&](actors::drain_atom) {
      drained = true;
    });
  });
  h.run_until_idle();
  CHECK_FALSE(drained);
  h.say(approval(q));
  CHECK(drained);
}

TEST_CASE("the bank answers each frame, and in real life cuts some connections and repeats some replies") {
  player::virtual_time world;
  const auto real_life = GENERATE(false, true);
  const auto env = environment([real_life](config::settings& s) { s.bank.real_life = real_life; });
  const auto ledger = std::make_shared<actors::bank_ledger>(support::shared_smart_vista(), 1);
  int cut = 0, answered = 0, repeated = 0;
  constexpr int rounds = 1000;
  for (int i = 0; i < rounds; ++i) {
    const auto line = std::make_shared<player::connection>();
    world.own(
      actors::spawn_bank(world.system, env, std::make_shared<player::memory_link>(line, "gateway"), ledger));
    world.run_until_idle();
    line->says(wire(support::echo()));
    world.pass(1s);
    cut += line->sent.empty() ? 1 : 0;
    answered += line->sent.empty() ? 0 : 1;
    repeated += line->sent.size() > 1 ? 1 : 0;
    line->finishes();
    world.run_until_idle();
  }
  if (real_life) {
    CHECK(cut > rounds / 20);
    CHECK(cut < rounds / 5);
    CHECK(repeated > rounds / 10);
    CHECK(repeated < rounds * 3 / 10);
  } else {
    CHECK(answered == rounds);
    CHECK(repeated == 0);
  }
}

TEST_CASE("the bank is silent, late, refuses or hangs up as it is told, from the next request on") {
  player::virtual_time world;
  const auto env = environment([](config::settings&) {});
  const auto ledger = std::make_shared<actors::bank_ledger>(support::shared_smart_vista(), 1);
  const auto misbehaviour = std::make_shared<actors::bank_misbehaviour>();
  const auto line = std::make_shared<player::connection>();
  world.own(actors::spawn_bank(world.system, env, std::make_shared<player::memory_link>(line, "gateway"),
                               ledger, misbehaviour));
  world.run_until_idle();
  int stan = 0;
  const auto ask = [&](const std::string& command) {
    *misbehaviour =
      std::get<actors::bank_misbehaviour>(actors::read_misbehaviour(command, support::smart_vista()));
    line->says(wire(support::purchase("00000042", "00000" + std::to_string(++stan))));
    world.run_until_idle();
  };
  ask("silent");
  world.pass(10s);
  CHECK(line->sent.empty());
  CHECK(ledger->balance(support::test_pan) == 100000);
  ask("late 3s");
  CHECK(line->sent.empty());
  world.pass(3s);
  REQUIRE(messages_in(line->sent).size() == 1);
  CHECK(messages_in(line->sent).at(0)[39] == "000");
  ask("refuse 116");
  CHECK(messages_in(line->sent).at(1)[39] == "116");
  CHECK(ledger->balance(support::test_pan) == 99000);
  ask("normal");
  CHECK(messages_in(line->sent).at(2)[39] == "000");
  ask("hangup");
  CHECK(line->closed);
}

TEST_CASE(
  "a misbehaviour of the bank is read from the options and from commands, and wrong ones are explained") {
  const auto& d = support::smart_vista();
  const auto wrong = [&d](const char* command) {
    const auto read = actors::read_misbehaviour(command, d);
    return std::holds_alternative<std::string>(read) ? std::get<std::string>(read) : "";
  };
  CHECK(std::get<actors::bank_misbehaviour>(actors::read_misbehaviour("silent 10", d)).silent == 10);
  CHECK(std::get<actors::bank_misbehaviour>(actors::read_misbehaviour("refuse 5", d)).code == "5");
  CHECK_THAT(wrong("silent 101"), Catch::Contains("1 to 100"));
  CHECK_THAT(wrong("late 3"), Catch::Contains("3s"));
  CHECK_THAT(wrong("refuse"), Catch::Contains("field 39"));
  CHECK_THAT(wrong("refuse 1234"), Catch::Contains("field 39"));
  CHECK_THAT(wrong("asleep"), Catch::Contains("silent [N]"));
  config::bank_settings s;
  s.silent = 7;
  s.late = 3s;
  s.response_code = "116";
  const auto read = actors::misbehaviour_of(s, d);
  CHECK(actors::to_string(std::get<actors::bank_misbehaviour>(read)) ==
        "silent to 7 of 100 requests, 3 s late, refuses with code 116");
  s.response_code = "none";
  CHECK_THAT(std::get<std::string>(actors::misbehaviour_of(s, d)), Catch::Contains("testResponseCode"));
}

TEST_CASE("a test client that dies is a failure, and another takes its place") {
  hall h;
  h.question();
  const auto children = h.ask<std::vector<caf::actor>>(h.actor, actors::children_atom::value);
  REQUIRE(children->size() == 1);
  caf::anon_send_exit(children->front(), caf::exit_reason::kill);
  h.run_until_idle();
  CHECK(h.report().failed == 1);
  CHECK(h.line->closed);
  h.say(approval(h.question()));
  CHECK(h.report().good == 1);
}

TEST_CASE("when one connection of the bank dies, it is closed, and the next one finds the same accounts") {
  player::virtual_time world;
  const auto env = environment([](config::settings&) {});
  const auto ledger = std::make_shared<actors::bank_ledger>(support::shared_smart_vista(), 1);
  const auto connect = [&](const player::connection_ptr& line) {
    return world.own(
      actors::spawn_bank(world.system, env, std::make_shared<player::memory_link>(line, "gateway"), ledger));
  };
  const auto first = std::make_shared<player::connection>(), second = std::make_shared<player::connection>();
  const auto bank = connect(first);
  world.run_until_idle();
  first->says(wire(support::purchase()));
  world.run_until_idle();
  caf::anon_send_exit(bank, caf::exit_reason::kill);
  world.run_until_idle();
  CHECK(first->closed);
  connect(second);
  world.run_until_idle();
  second->says(wire(support::purchase("00000042", "000002")));
  world.run_until_idle();
  CHECK(messages_in(second->sent).at(0)[39] == "000");
  CHECK(ledger->balance(support::test_pan) == 98000);
}
