// Open cases, in a whole gateway: when a reversal is tried, what ends it, and what it keeps waiting.

#include <catch2/catch.hpp>

#include "actors/reversal/retry_schedule.hpp"
#include "actors/reversal/reversal.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using actors::lifecycle::state;
using support::approval;
using support::messages_in;
using support::virtual_gateway;

namespace {

// A gateway and a host, which looks at what it gets ten times a second.
struct bank : virtual_gateway {
  using virtual_gateway::virtual_gateway;

  // A purchase that the host does not answer; it is due when this returns.
  codec::message lose_purchase(const std::string& tid = "00000042", const std::string& stan = "000001") {
    const auto request = purchase(tid, stan);
    client({request});
    pass(35s);
    return request;
  }

  // What follows at once, without a pause, has then happened.
  void host_says(const codec::message& m) {
    virtual_gateway::host_says(m);
    pass(0s);
  }

  std::vector<codec::message> reversals() const {
    auto all = host_got();
    std::erase_if(all, [](const codec::message& m) { return m.mti() != "0400"; });
    return all;
  }

  // Lets time pass, and answers each reversal with `code`; with none, not at all. When each came, since this
  // began.
  std::vector<std::chrono::milliseconds> attempts_within(std::chrono::seconds time, const char* code) {
    std::vector<std::chrono::milliseconds> when;
    const auto begun = now();
    auto take = [&] {
      for (; seen < reversals().size(); ++seen) {
        when.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(now() - begun));
        if (code)
          host_says(approval(reversals()[seen], code));
      }
    };
    take();
    while (now() - begun < time) {
      pass(100ms);
      take();
    }
    return when;
  }

  std::size_t count_of(const char* mti) const {
    const auto all = host_got();
    return static_cast<std::size_t>(std::ranges::count(all, mti, &codec::message::mti));
  }

  void reconnect() {
    while (!dialer->calling)
      pass(100ms);
    host_answers();
    seen = 0;
  }

  std::size_t seen = 0;  // of the reversals on this link
};

std::vector<std::chrono::milliseconds> pauses_between(const std::vector<std::chrono::milliseconds>& when) {
  std::vector<std::chrono::milliseconds> pauses;
  for (std::size_t i = 1; i < when.size(); ++i)
    pauses.push_back(when[i] - when[i - 1]);
  return pauses;
}

}  // namespace

TEST_CASE(
  "a host that is asked to come again is asked at once, after 2 s, six times after 10 s and twice after 300 "
  "s, then every 900 s") {
  bank h;
  h.lose_purchase();
  const auto when = h.attempts_within(3600s, "912");
  CHECK(pauses_between(when) == std::vector<std::chrono::milliseconds>{0s, 2s, 10s, 10s, 10s, 10s, 10s, 10s,
                                                                       300s, 300s, 900s, 900s, 900s});
  CHECK(when.front() == 0s);
  CHECK(h.logged("could not be reversed: no confirmation in 11 attempts, code 912; it is on the list"));
  REQUIRE(h.cases().size() == 1);
  CHECK(h.cases().at(0).state == state::parked);
}

TEST_CASE("a host that does not answer reversals is given 5 s for each, and the same pauses behind") {
  bank h;
  h.lose_purchase();
  CHECK(pauses_between(h.attempts_within(1700s, nullptr)) ==
        std::vector<std::chrono::milliseconds>{5s, 7s, 15s, 15s, 15s, 15s, 15s, 15s, 305s, 305s, 905s});
}

TEST_CASE("the schedule is the old program's, and ends with the eleventh attempt") {
  std::vector<std::chrono::seconds> pauses;
  for (int attempt = 1; actors::pause_behind_attempt(attempt); ++attempt)
    pauses.push_back(*actors::pause_behind_attempt(attempt));
  CHECK(pauses == std::vector<std::chrono::seconds>{0s, 2s, 10s, 10s, 10s, 10s, 10s, 10s, 300s, 300s});
  CHECK_FALSE(actors::pause_behind_attempt(11));
  CHECK_FALSE(actors::pause_behind_attempt(0));
}

TEST_CASE("a host that an operator has moved since is not believed that there is nothing to reverse") {
  for (const bool is_moved : {false, true}) {
    bank h;
    auto& env = const_cast<actors::environment&>(*h.env);
    env.ways = {{"", 1}};
    h.lose_purchase();
    if (is_moved)
      env.ways = {{"", 2}};
    h.attempts_within(200s, "914");
    CHECK(h.cases().size() == (is_moved ? 1 : 0));
    CHECK(h.logged("its address or setFields are others than when it was sent") == is_moved);
  }
}

TEST_CASE("a late decline that says no time ends no reversal: it may be that of a balance inquiry") {
  bank h;
  auto late = approval(h.lose_purchase(), "116");
  late.erase(12);
  h.pass(60s);
  h.host_says(late);
  CHECK(h.cases().size() == 1);
  h.host_says(approval(h.reversals().back(), "400"));
  CHECK(h.cases().empty());
}

TEST_CASE("after a restart an answer that says no time, of an earlier purchase, answers no later one") {
  bank h;
  const auto first = h.lose_purchase();
  h.host_says(approval(h.reversals().at(0), "400"));
  REQUIRE(h.cases().empty());
  h.pass(2s);
  h.restart();
  h.host_answers();
  const auto second = h.purchase();
  const auto client = h.client({second});
  h.pass(0s);
  REQUIRE(h.host_got_last() == second);
  auto late = approval(first);
  late.erase(12);
  h.host_says(late);
  CHECK(client->sent.empty());
  h.host_says(approval(second));
  CHECK(messages_in(client->sent) == std::vector{approval(second)});
}

TEST_CASE("when the host has reversed it, a purchase is over and never reversed again") {
  bank h;
  const auto request = h.lose_purchase();
  REQUIRE(h.reversals().size() == 1);
  const auto reversal = h.reversals().at(0);
  CHECK(reversal[4] == request[4]);
  CHECK(reversal[11] == request[11]);
  CHECK(reversal[12] == request[12]);
  CHECK(reversal[24] == "400");
  CHECK(reversal[7] == "1123120035");
  h.host_says(approval(reversal, "400"));
  CHECK(h.cases().empty());
  CHECK(h.in_care_of("reversal_supervisor").empty());
  h.pass(2h);
  CHECK(h.reversals().size() == 1);
}

TEST_CASE(
  "'duplicate' means that an earlier attempt has worked, and at the first attempt that a person must look") {
  bank h;
  h.lose_purchase();
  h.pass(5s);
  REQUIRE(h.reversals().size() == 2);
  h.host_says(approval(h.reversals().at(1), "913"));
  CHECK(h.cases().empty());

  bank first;
  first.lose_purchase();
  first.host_says(approval(first.reversals().at(0), "913"));
  REQUIRE(first.cases().size() == 1);
  CHECK(first.cases()[0].state == state::parked);
}

TEST_CASE("a purchase that the host does not know yet is reversed once more when it cannot arrive any more") {
  bank h;
  h.lose_purchase();
  CHECK(h.attempts_within(200s, "914") == std::vector<std::chrono::milliseconds>{0s, 60s});
  CHECK(h.cases().empty());
  CHECK(h.logged("the host does not know it, so there is nothing to reverse"));
}

TEST_CASE(
  "a purchase that the host does not know, and has approved after all, is reversed at once, with its "
  "reference") {
  bank h;
  const auto request = h.lose_purchase();
  h.host_says(approval(h.reversals().at(0), "914"));
  h.pass(20s);
  CHECK(h.reversals().size() == 1);
  h.host_says(approval(request));
  REQUIRE(h.reversals().size() == 2);
  CHECK(h.reversals().at(1)[37] == "000000000001");
  h.host_says(approval(h.reversals().at(1), "400"));
  CHECK(h.cases().empty());
}

TEST_CASE(
  "of a host that was silent and never knew it the case ends when it has said so once for each attempt that "
  "came too early") {
  bank h;
  h.lose_purchase();
  CHECK(h.attempts_within(61s, nullptr).size() == 6);
  // Those six answers may still come, and each would be taken for one to a later attempt.
  CHECK(h.attempts_within(60s, "914").size() == 7);
  CHECK(h.cases().empty());
  CHECK(h.logged("there is nothing to reverse"));
}

TEST_CASE(
  "an answer to an attempt whose time is over, that comes when the next one is at the host, does not end the "
  "case as unknown to the host") {
  bank h;
  h.lose_purchase();
  h.attempts_within(75s, nullptr);
  const auto attempts = h.reversals();
  REQUIRE(attempts.size() == 7);
  h.host_says(approval(attempts.at(5), "914"));
  h.pass(100ms);
  CHECK(h.cases().size() == 1);
  CHECK(h.reversals().size() == 8);
}

TEST_CASE(
  "a code that a person must look at puts a case onto the list at once, and it is tried on every 900 s") {
  for (const auto* code : {"904", "909", "915"}) {
    bank h;
    h.lose_purchase();
    CHECK(h.attempts_within(2000s, code) == std::vector<std::chrono::milliseconds>{0s, 900s, 1800s});
    CHECK(h.logged(std::string("the host refuses the reversal, code ") + code));
    REQUIRE(h.cases().size() == 1);
    h.attempts_within(900s, "400");
    CHECK(h.cases().empty());
  }
}

TEST_CASE("the host's late approval is never told, and gives the next reversal its reference") {
  bank h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.pass(35s);
  CHECK_FALSE(h.reversals().at(0).has(37));
  h.host_says(approval(request));
  CHECK(client->sent.empty());
  h.pass(5s);
  REQUIRE(h.reversals().size() == 2);
  CHECK(h.reversals().at(1)[37] == "000000000001");
}

TEST_CASE("the host's late decline ends a case between two attempts, and one under way awaits its answer") {
  bank h;
  const auto request = h.lose_purchase();
  h.host_says(approval(request, "116"));
  CHECK(h.cases().size() == 1);
  h.host_says(approval(h.reversals().at(0), "912"));
  h.host_says(approval(h.reversals().at(1), "912"));
  CHECK(h.cases().size() == 1);
  h.host_says(approval(request, "116"));
  CHECK(h.cases().empty());
  h.pass(1h);
  CHECK(h.reversals().size() == 2);
}

TEST_CASE("an approval of what has been reversed, with another reference, is reversed as well") {
  bank h;
  const auto request = h.lose_purchase();
  h.host_says(approval(h.reversals().at(0), "914"));
  h.pass(60s);
  h.host_says(approval(h.reversals().at(1), "914"));
  REQUIRE(h.cases().empty());
  h.host_says(approval(request));
  REQUIRE(h.reversals().size() == 3);
  CHECK(h.reversals().at(2)[37] == "000000000001");
  CHECK(h.logged("the host approves what had ended"));
}

TEST_CASE(
  "while the link is down no attempt is spent, and when it is up the reversal goes before the terminal's "
  "next purchase") {
  bank h;
  h.client({h.purchase()});
  h.host->vanishes();
  h.run_until_idle();
  const auto next = h.client({h.purchase("00000042", "000002")});
  h.pass(30s);
  h.reconnect();
  REQUIRE(h.host_got().size() == 1);
  CHECK(h.host_got().at(0).mti() == "0400");
  h.host_says(approval(h.host_got().at(0), "400"));
  REQUIRE(h.host_got().size() == 2);
  CHECK(h.host_got().at(1)[11] == "000002");
}

TEST_CASE("a link that falls again and again does not put a case onto the list while nothing was sent") {
  bank h;
  h.lose_purchase();
  h.host_says(approval(h.reversals().at(0), "912"));
  h.host_says(approval(h.reversals().at(1), "912"));  // the next in 2 s
  for (int i = 0; i < 15; ++i) {
    h.host->vanishes();
    h.run_until_idle();
    h.reconnect();
  }
  REQUIRE(h.cases().size() == 1);
  CHECK(h.cases().at(0).state == state::reversal_due);
}

TEST_CASE("a purchase that is being reversed keeps its own terminal waiting and no other") {
  bank h;
  h.lose_purchase();
  const auto other = h.client({h.purchase("00000043", "000001")});
  const auto same = h.client({h.purchase("00000042", "000002")});
  CHECK(h.count_of("0200") == 2);
  h.host_says(approval(h.reversals().at(0), "400"));
  CHECK(h.count_of("0200") == 3);
}

TEST_CASE("messages that move no money do not wait for a reversal's end, only for their turn") {
  bank h;
  h.lose_purchase();
  h.client({support::echo("00000042", "000009")});
  CHECK(h.count_of("0800") == 0);
  h.host_says(approval(h.reversals().at(0), "912"));
  CHECK(h.count_of("0800") == 1);
  CHECK(h.cases().size() == 1);
}

TEST_CASE("a terminal is free again when its case is on the list") {
  bank h;
  h.lose_purchase();
  h.client({h.purchase("00000042", "000002")});
  CHECK(h.count_of("0200") == 1);
  h.host_says(approval(h.reversals().at(0), "904"));
  CHECK(h.count_of("0200") == 2);
}

TEST_CASE("a terminal whose case is on the list stays free when the dispatcher dies") {
  bank h;
  h.lose_purchase();
  h.host_says(approval(h.reversals().at(0), "904"));
  caf::anon_send_exit(h.part("dispatcher"), caf::exit_reason::kill);
  h.pass(1s);
  h.client({h.purchase("00000042", "000002")});
  CHECK(h.count_of("0200") == 2);
}

TEST_CASE("a terminal whose purchase is being reversed stays held when the dispatcher dies") {
  bank h;
  h.client({h.purchase()});
  h.host->vanishes();
  h.run_until_idle();
  caf::anon_send_exit(h.part("dispatcher"), caf::exit_reason::kill);
  h.pass(200ms);
  h.client({h.purchase("00000042", "000002")});
  h.reconnect();
  REQUIRE(h.host_got().size() == 1);
  CHECK(h.host_got().at(0).mti() == "0400");
}

TEST_CASE("of a thousand cases of a night at most 32 are at the host at a time, the oldest first") {
  bank h([](config::settings& s) { s.queue.messages_max = 2000; });
  const auto stan_of = [](int i) { return std::to_string(100000 + i); };
  for (int i = 0; i < 50; ++i)
    h.client({h.purchase(std::to_string(10000000 + i), stan_of(i))});
  REQUIRE(h.host_got().size() == 50);
  h.host->vanishes();
  h.run_until_idle();
  h.reconnect();
  REQUIRE(h.reversals().size() == 32);
  for (int i = 0; i < 32; ++i)
    CHECK(std::ranges::count_if(h.reversals(), [&](const auto& m) { return m[11] == stan_of(i); }) == 1);
  h.host_says(approval(h.reversals().at(0), "400"));
  CHECK(h.reversals().size() == 33);
  for (std::size_t i = 1; i < 50; ++i) {
    REQUIRE(h.reversals().size() > i);
    h.host_says(approval(h.reversals().at(i), "400"));
  }
  CHECK(h.cases().empty());
  CHECK(h.reversals().size() == 50);
}

TEST_CASE("an operator may have a case tried at once") {
  bank h;
  h.lose_purchase();
  const auto id = h.cases().at(0).id;
  CHECK_FALSE(h.tell(actors::retry{id}).done);  // it is at the host
  h.host_says(approval(h.reversals().at(0), "904"));
  h.pass(10s);
  CHECK(h.tell(actors::retry{id}).done);
  REQUIRE(h.reversals().size() == 2);
  h.host_says(approval(h.reversals().at(1), "400"));
  CHECK(h.cases().empty());
  CHECK_FALSE(h.tell(actors::retry{id}).done);
  CHECK_FALSE(h.tell(actors::retry{999}).done);
}

TEST_CASE("an operator may end a case, which is then tried no more, and the log says who and why") {
  bank h;
  h.lose_purchase();
  const auto id = h.cases().at(0).id;
  CHECK_FALSE(h.tell(actors::resolve{id, "anna", "settled by telephone"}).done);  // it is at the host
  CHECK(h.cases().size() == 1);
  h.host_says(approval(h.reversals().at(0), "904"));
  CHECK(h.tell(actors::resolve{id, "anna", "settled by telephone, card 4111111111111111"}).done);
  CHECK(h.cases().empty());
  CHECK(h.logged("is resolved by anna: settled by telephone"));
  CHECK_FALSE(h.logged("4111111111111111"));
  h.pass(2h);
  CHECK(h.reversals().size() == 1);
  CHECK_FALSE(h.tell(actors::resolve{id, "anna", "again"}).done);
  CHECK_FALSE(h.tell(actors::resolve{999, "anna", "never heard of"}).done);
}

TEST_CASE("an operator may say of an unconfirmed approval that its client has it, and it is not reversed") {
  bank h;
  const auto request = h.purchase();
  const auto client = h.client();
  client->stop_reading();
  client->says(support::wire(request));
  h.run_until_idle();
  h.host_says(approval(request));
  h.restart();
  h.host_answers();
  REQUIRE(h.cases().size() == 1);
  CHECK(h.cases().at(0).state == state::unconfirmed);
  CHECK_FALSE(h.tell(actors::retry{h.cases().at(0).id}).done);
  CHECK(h.tell(actors::resolve{h.cases().at(0).id, "anna", "the till has it"}).done);
  CHECK(h.cases().empty());
  h.pass(1h);
  CHECK(h.host_got().empty());
}

TEST_CASE(
  "with noAutoReversal a case goes onto the list untried, its terminal is free, and an operator's word is "
  "one attempt") {
  bank h([](config::settings& s) { s.delivery.no_auto_reversal = true; });
  h.lose_purchase();
  h.pass(2h);
  CHECK(h.reversals().empty());
  REQUIRE(h.cases().size() == 1);
  CHECK(h.cases().at(0).state == state::parked);
  h.client({h.purchase("00000042", "000002")});
  CHECK(h.count_of("0200") == 2);
  h.host_says(approval(h.host_got_last(), "116"));
  CHECK(h.tell(actors::retry{h.cases().at(0).id}).done);
  CHECK(h.reversals().size() == 1);
  h.pass(2h);
  CHECK(h.reversals().size() == 1);
  h.tell(actors::retry{h.cases().at(0).id});
  REQUIRE(h.reversals().size() == 2);
  h.host_says(approval(h.reversals().at(1), "400"));
  CHECK(h.cases().empty());
}

TEST_CASE("with noAutoReversal the list of an earlier process is not tried either") {
  bank h([](config::settings& s) { s.delivery.no_auto_reversal = true; });
  h.lose_purchase();
  h.restart();
  h.host_answers();
  h.pass(2h);
  CHECK(h.host_got().empty());
  CHECK(h.cases().size() == 1);
}

TEST_CASE("a reversal that a client sends itself is tried until it is confirmed, also with noAutoReversal") {
  const bool automatic = GENERATE(true, false);
  bank h([&](config::settings& s) { s.delivery.no_auto_reversal = !automatic; });
  auto own = h.purchase();
  own.set(0, "0400");
  own.set(37, "000000000077");
  const auto client = h.client({own});
  h.pass(36s);
  CHECK(client->closed);
  REQUIRE(h.reversals().size() >= 2);
  CHECK(h.reversals().at(1)[4] == own[4]);
  h.host_says(approval(h.reversals().at(1), "400"));
  CHECK(h.cases().empty());
  h.pass(1h);
  CHECK(h.reversals().size() == 2);
}

TEST_CASE("a client's own reversal of what is being reversed joins that, and gets its answer") {
  bank h;
  const auto request = h.purchase();
  h.client({request})->vanishes();
  h.run_until_idle();
  h.host_says(approval(request));
  REQUIRE(h.reversals().size() == 1);
  auto own = request;
  own.set(0, "0400");
  const auto client = h.client({own});
  h.host_says(approval(h.reversals().at(0), "400"));
  REQUIRE(messages_in(client->sent).size() == 1);
  CHECK(messages_in(client->sent)[0].mti() == "0410");
  CHECK(messages_in(client->sent)[0][39] == "400");
  CHECK(messages_in(client->sent)[0][11] == own[11]);
  CHECK(h.reversals().size() == 1);
}

TEST_CASE(
  "a reversal that the dialect cannot express is on the list at once, and is not tried every second") {
  bank h;
  h.client({h.purchase()});
  h.host->vanishes();
  h.run_until_idle();
  REQUIRE(h.cases().size() == 1);
  int tried = 0;
  actors::directory peers{};
  peers.journal = caf::actor_cast<actors::journal_actor>(h.part("journal"));
  peers.dispatcher = h.own(
    h.system.spawn([&tried](actors::dispatcher_actor::pointer) -> actors::dispatcher_actor::behavior_type {
      return {[&tried](actors::submit&) -> caf::result<actors::answer> {
                ++tried;
                return caf::make_error(actors::refusal::malformed);
              },
              [](const actors::withdraw&) {},
              [](const actors::terminal_blocked&) {},
              [](const actors::terminal_free&) {},
              [](const actors::link_status&) {},
              [](const actors::idle&) {},
              [](const actors::directory&) {},
              [](actors::children_atom) { return std::vector<caf::actor>(); }};
    }));
  const auto supervisor = caf::actor_cast<actors::reversal_supervisor_actor>(h.part("reversal_supervisor"));
  const auto reversal = h.own(actors::spawn_reversal(h.system, h.env, h.cases().at(0), peers, supervisor));
  h.run_until_idle();
  caf::anon_send(reversal, actors::attempt_granted::value);
  h.pass(10s);
  CHECK(tried == 1);
  CHECK(h.cases().at(0).state == state::parked);
  CHECK(h.logged("the host's dialect cannot express its reversal; it is on the list"));
}

TEST_CASE("when a reversal dies it is begun again, with its attempts counted on") {
  bank h;
  h.lose_purchase();
  CHECK(h.attempts_within(15s, "912").size() == 4);
  for (const auto& r : h.in_care_of("reversal_supervisor"))
    caf::anon_send_exit(r, caf::exit_reason::kill);
  h.run_until_idle();
  CHECK(h.logged("has failed and is begun again"));
  // The fifth attempt at once, then by the schedule to the eleventh.
  CHECK(h.attempts_within(700s, "912").size() == 7);
  CHECK(h.logged("no confirmation in 11 attempts"));
}

TEST_CASE("when the reversal supervisor dies, the next one has its cases from the journal, and loses none") {
  bank h;
  h.lose_purchase("00000042");
  h.lose_purchase("00000043");
  h.attempts_within(3s, "912");
  REQUIRE(h.cases().size() == 2);
  caf::anon_send_exit(h.part("reversal_supervisor"), caf::exit_reason::kill);
  h.run_until_idle();
  CHECK(h.logged("reversal_supervisor has failed and is started again"));
  CHECK(h.attempts_within(1s, "400").size() == 2);
  CHECK(h.cases().empty());
  CHECK(h.in_care_of("reversal_supervisor").empty());
}

TEST_CASE(
  "when the reversal supervisor dies with a reversal at the host, that is repeated, not doubled beside it") {
  bank h;
  h.lose_purchase();
  REQUIRE(h.reversals().size() == 1);
  caf::anon_send_exit(h.part("reversal_supervisor"), caf::exit_reason::kill);
  h.pass(200ms);
  CHECK(h.reversals().size() == 1);
  h.host_says(approval(h.reversals().at(0), "400"));  // to nobody any more
  REQUIRE(h.reversals().size() == 2);
  h.host_says(approval(h.reversals().at(1), "400"));
  CHECK(h.cases().empty());
}

TEST_CASE(
  "the next process reverses what was at the host, before its clients come in, and counts attempts on after "
  "yet another") {
  bank h;
  h.client({h.purchase()});
  h.restart();
  CHECK(h.listener->is_open());
  h.host_answers();
  REQUIRE(h.reversals().size() == 1);
  // Field 35 was never kept; the card number was.
  CHECK(h.reversals().at(0)[2] == support::test_pan);
  CHECK_FALSE(h.reversals().at(0).has(35));
  h.host_says(approval(h.reversals().at(0), "912"));
  h.pass(5s);
  h.restart();
  h.host_answers();
  h.seen = 0;
  h.attempts_within(700s, "912");
  CHECK(h.logged("no confirmation in 11 attempts"));
}

TEST_CASE("a disk that fails with a purchase at the host ends the process, and the next one reverses it") {
  bank h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  REQUIRE(h.host_got().size() == 1);
  h.kept.disk().fail_next("input/output error", false);
  h.host_says(approval(request));
  REQUIRE(h.panicked);
  CHECK(client->sent.empty());
  h.restart();
  h.host_answers();
  REQUIRE(h.host_got().size() == 1);
  CHECK(h.host_got().at(0).mti() == "0400");
  h.host_says(approval(h.host_got().at(0), "400"));
  CHECK(h.cases().empty());
}
