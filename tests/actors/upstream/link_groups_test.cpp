// Gateways with several links to their banks.

#include <catch2/catch.hpp>

#include "codec/fields.hpp"
#include "tests/support/pair_of_links.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::group_of;
using support::links;
using support::messages_in;
using support::money_in;
using support::pair_of_links;
using support::virtual_gateway;

TEST_CASE("an answer that says no time, of an earlier purchase over another link, answers no later one") {
  pair_of_links h;
  const auto first = h.purchase();
  h.client({first});
  h.main->vanishes();
  h.run_until_idle();
  REQUIRE(money_in(h.backup).size() == 1);
  h.backup_says(approval(money_in(h.backup).back(), "400"));
  REQUIRE(h.cases().empty());
  h.pass(1s);
  const auto client = h.client({h.purchase()});
  REQUIRE(money_in(h.backup).size() == 2);
  const auto second = money_in(h.backup).back();
  REQUIRE(second[11] == first[11]);
  auto late = approval(first);
  late.erase(12);
  h.backup_says(late);
  CHECK(client->sent.empty());
  h.backup_says(approval(second));
  CHECK(messages_in(client->sent) == std::vector{approval(second)});
}

TEST_CASE(
  "an answer that says no time, to a reversal over another link, ends no reversal of a later purchase") {
  pair_of_links h;
  h.client({h.purchase()});
  h.pass(35s);
  // Its reversal has got no answer when the link falls; the next one has.
  REQUIRE(money_in(h.main).size() > 1);
  auto late = approval(money_in(h.main).back(), "400");
  late.erase(12);
  h.main->vanishes();
  h.pass(3s);
  REQUIRE(money_in(h.backup).size() == 1);
  h.backup_says(approval(money_in(h.backup).back(), "400"));
  REQUIRE(h.cases().empty());
  h.pass(61s);  // no longer than this the link itself doubts what it gets
  h.client({h.purchase()});
  h.pass(35s);
  h.pass(500ms);
  REQUIRE(money_in(h.backup).back().mti() == "0400");
  h.backup_says(late);
  CHECK(h.cases().size() == 1);
  h.backup_says(approval(money_in(h.backup).back(), "400"));
  CHECK(h.cases().empty());
}

TEST_CASE("requests go over the first link while it is up, and their responses come back over it") {
  pair_of_links h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  CHECK(messages_in(h.main->sent) == std::vector{request});
  CHECK(h.backup->sent.empty());
  h.main_says(approval(request));
  CHECK(messages_in(client->sent) == std::vector{approval(request)});
  CHECK(h.cases().empty());
}

TEST_CASE("a response over another link than its request's answers nobody") {
  pair_of_links h;
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.backup_says(approval(request));
  CHECK(client->sent.empty());
  CHECK(h.logged("answers no request of ours"));
  h.main_says(approval(request));
  CHECK(messages_in(client->sent).size() == 1);
}

TEST_CASE(
  "when the first link is lost, new requests go over the next one, and what it had is reversed there") {
  pair_of_links h;
  const auto lost = h.purchase("00000042");
  const auto client = h.client({lost});
  h.main->vanishes();
  h.run_until_idle();
  CHECK(client->closed);
  // Its reversal goes over the other link at once.
  REQUIRE(messages_in(h.backup->sent).size() == 1);
  CHECK(messages_in(h.backup->sent)[0].mti() == "0400");
  CHECK(messages_in(h.backup->sent)[0][codec::fields::stan] == lost[codec::fields::stan]);
  const auto next = h.purchase("00000043");
  const auto other = h.client({next});
  CHECK(messages_in(h.backup->sent).back() == next);
  h.backup_says(approval(next));
  CHECK(messages_in(other->sent).size() == 1);
  h.backup_says(approval(messages_in(h.backup->sent)[0], "400"));
  CHECK(h.cases().empty());
  CHECK(h.logged("Requests go over the link backup"));
}

TEST_CASE("the first link is used again when it is back, at once or when it was up for a while") {
  const auto back = GENERATE(0, 60);
  pair_of_links h([back](config::settings& s) { s.groups.front().back = std::chrono::seconds(back); });
  h.main->vanishes();
  h.pass(1s);
  h.main = h.link_answers("main");
  h.client({h.purchase("00000042")});
  CHECK(messages_in(h.main->sent).size() == (back == 0 ? 1 : 0));
  h.pass(61s);
  h.client({h.purchase("00000043")});
  CHECK(money_in(h.main).back()[codec::fields::tid] == "00000043");
}

TEST_CASE(
  "a link on which echoes are missed gets no new request, and what waits for it goes over the next one") {
  pair_of_links h([](config::settings& s) {
    for (auto& link : s.upstreams)
      link.liveness.echo_interval = 5s;
  });
  const auto answer_echo = [&](const player::connection_ptr& line) {
    const auto all = messages_in(line->sent);
    if (all.empty() || all.back().mti() != "0800")
      return;
    line->says(support::wire(approval(all.back())));
    h.run_until_idle();
  };
  h.pass(5s);
  answer_echo(h.main);
  answer_echo(h.backup);
  // The next echo of the first link stays unanswered.
  h.pass(5s);
  answer_echo(h.backup);
  h.pass(100ms);
  const auto request = h.purchase();
  h.client({request});
  CHECK(money_in(h.main).empty());
  h.pass(600ms);
  CHECK(money_in(h.backup) == std::vector{request});
  CHECK(money_in(h.main).empty());
  h.client({h.purchase("00000043")});
  CHECK(money_in(h.backup).size() == 2);
  // It says something: it is the first again.
  answer_echo(h.main);
  h.pass(100ms);
  h.client({h.purchase("00000044")});
  CHECK(money_in(h.main).size() == 1);
}

TEST_CASE("without a link requests wait, and leave over the first one that is up") {
  virtual_gateway h(links({"main", "backup"}));
  const auto request = h.purchase();
  const auto client = h.client({request});
  h.pass(1s);
  const auto backup = h.link_answers("backup");
  CHECK(messages_in(backup->sent) == std::vector{request});
  CHECK_FALSE(client->closed);
}

TEST_CASE("in_turn and least_pending share the requests") {
  const auto order = GENERATE(config::link_order::in_turn, config::link_order::least_pending);
  pair_of_links h([order](config::settings& s) { s.groups.front().order = order; });
  for (int n = 0; n < 4; ++n)
    h.client({h.purchase("0000004" + std::to_string(n))});
  CHECK(messages_in(h.main->sent).size() == 2);
  CHECK(messages_in(h.backup->sent).size() == 2);
}

TEST_CASE("a link that fails is started again, and what it had is of unknown outcome and reversed") {
  pair_of_links h;
  const auto client = h.client({h.purchase()});
  const auto parts = h.ask<std::vector<caf::actor>>(
    caf::actor_cast<actors::link_groups_actor>(h.part("upstream")), actors::children_atom::value);
  REQUIRE(parts);
  REQUIRE(parts->size() == 2);
  for (const auto& link : *parts)
    caf::anon_send_exit(link, caf::exit_reason::kill);
  h.run_until_idle();
  CHECK(client->closed);
  CHECK(h.logged("The link main has failed and is started again"));
  h.pass(1s);
  const auto main = h.link_answers("main");
  REQUIRE(messages_in(main->sent).size() == 1);
  CHECK(messages_in(main->sent)[0].mti() == "0400");
}

TEST_CASE("when the actor of all links fails, its clients are refused and every link is dialed anew") {
  pair_of_links h;
  const auto client = h.client({h.purchase()});
  caf::anon_send_exit(h.part("upstream"), caf::exit_reason::kill);
  h.run_until_idle();
  CHECK(client->closed);
  h.pass(1s);
  h.main = h.link_answers("main");
  h.backup = h.link_answers("backup");
  REQUIRE(messages_in(h.main->sent).size() == 1);
  CHECK(messages_in(h.main->sent)[0].mti() == "0400");
  CHECK(messages_in(h.backup->sent).empty());
}

namespace {

void two_groups(config::settings& s) {
  s.groups = {group_of("visa", {"main"}), group_of("rest", {"backup"})};
  s.routes = {{{"4850", "4850"}, {}, "visa"}, {{}, {}, "rest"}};
}

}  // namespace

TEST_CASE(
  "transactions go to the group of their route, and their reversals too, in the next process as well") {
  pair_of_links h(two_groups);
  const auto request = h.purchase("00000042");
  h.client({request});
  CHECK(messages_in(h.main->sent) == std::vector{request});
  auto other = h.purchase("00000043");
  other.set(codec::fields::track2, "4111111111111111=25122011000000000000");
  h.client({other});
  CHECK(messages_in(h.backup->sent) == std::vector{other});
  REQUIRE(h.cases().size() == 0);
  h.pass(36s);
  REQUIRE(h.cases().size() == 2);
  CHECK(h.cases()[0].upstream == "visa");
  CHECK(h.cases()[1].upstream == "rest");
  h.restart();
  h.backup = h.link_answers("backup");
  h.pass(1s);
  REQUIRE(money_in(h.backup).size() == 1);
  CHECK(money_in(h.backup)[0].mti() == "0400");
  CHECK(money_in(h.backup)[0][codec::fields::tid] == "00000043");
}

TEST_CASE("a group without a link holds up no other one, not even at the same terminal") {
  pair_of_links h(two_groups);
  h.main->vanishes();
  h.run_until_idle();
  const auto waits = h.client({h.purchase("00000042", "000001")});
  auto other = h.purchase("00000042", "000002");
  other.set(codec::fields::track2, "4111111111111111=25122011000000000000");
  const auto client = h.client({other});
  REQUIRE(money_in(h.backup) == std::vector{other});
  h.backup_says(approval(other));
  CHECK(messages_in(client->sent).size() == 1);
  CHECK_FALSE(waits->closed);
}

TEST_CASE("a client's reversal goes to the group of its original, whatever its own route") {
  pair_of_links h(two_groups);
  const auto request = h.purchase();
  h.client({request});
  h.main_says(approval(request));
  auto reversal = request;
  reversal.set(codec::fields::mti, "0400");
  reversal.erase(codec::fields::track2);
  h.client({reversal});
  CHECK(money_in(h.main).back().mti() == "0400");
  CHECK(money_in(h.backup).empty());
}

TEST_CASE("drained with several links, a gateway ends when all of them have ended in order") {
  pair_of_links h;
  bool drained = false;
  h.system.spawn([&](caf::event_based_actor* self) {
    self->request(h.gateway, caf::infinite, actors::drain_atom::value)
      .then([&](const actors::test_report&) { drained = true; }, [](caf::error&) {});
  });
  h.pass(5s);
  CHECK(drained);
}
