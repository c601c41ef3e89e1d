// What is seen of the gateway from outside: the collector, and the pages of the admin port that show it.

#include <catch2/catch.hpp>

#include "actors/metrics/watched_links.hpp"
#include "actors/operator/overview.hpp"
#include "tests/support/admin_page.hpp"

using namespace std::chrono_literals;
using Catch::Contains;
using nlohmann::json;
using support::approval;
using support::page;
using support::virtual_gateway;
namespace seen = actors::inspection;

namespace {

// The parts that an overview asks, each with the number of questions.
struct overview_with_fakes : player::virtual_time {
  overview_with_fakes() {
    env->upstreams = actors::upstreams::only(support::shared_smart_vista());
    env->local_time = [] { return support::noon; };
    overview = own(actors::spawn_overview(system, env));
    peers.root = own(system.spawn([this]() -> actors::parts_owner::behavior_type {
      return {[this](actors::children_atom) {
        for (std::size_t i = 0; i < messages_for_busy; ++i)
          caf::anon_send(busy, 1);
        return std::vector<std::pair<std::string, caf::actor>>{
          {"overview", caf::actor_cast<caf::actor>(overview)}, {"busy", busy}};
      }};
    }));
    busy = own(system.spawn([this]() -> caf::behavior { return {[this](int) { ++handled; }}; }));
    caf::anon_send(overview, peers);
    run_until_idle();
  }

  // In place of `stats`: CAF makes a handle of its type for an actor with other messages.
  void add_stats() {
    peers.stats = caf::actor_cast<actors::stats_actor>(own(system.spawn([this]() -> caf::behavior {
      return {[this](actors::view_atom) {
                ++asked_stats;
                actors::stats_view v;
                v.numbers.approved = asked_stats;
                v.parts["busy"] = {2, now() - 30s};
                v.started = now() - 90s;
                return v;
              },
              [this](const actors::changed_transactions&) {
                ++asked_stats;
                return actors::transactions_seen{{{{}, {}, {}}}};
              }};
    })));
    caf::anon_send(overview, peers);
    run_until_idle();
  }

  std::shared_ptr<actors::environment> env = std::make_shared<actors::environment>();
  actors::overview_actor overview;
  actors::directory peers;
  caf::actor busy;
  std::uint64_t asked_stats = 0;
  std::size_t messages_for_busy = 0, handled = 0;
};

}  // namespace

TEST_CASE_METHOD(overview_with_fakes,
                 "however often it is asked, the overview asks the parts twice a second") {
  add_stats();
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(ask<seen::summary>(overview, seen::summary_atom::value));
    REQUIRE(ask<seen::links>(overview, seen::links_atom::value));
    pass(1ms);
  }
  CHECK(asked_stats == 2);
  const auto old = ask<seen::stats>(overview, seen::stats_atom::value);
  CHECK(old->approved == 3);
  pass(10s);
  CHECK(asked_stats == 3);
}

TEST_CASE_METHOD(overview_with_fakes,
                 "what is asked while a view is being collected waits for it and asks nothing again") {
  add_stats();
  caf::scoped_actor self{system, true};
  auto first = self->request(overview, caf::infinite, seen::stats_atom::value);
  auto second = self->request(overview, caf::infinite, seen::links_atom::value);
  run_until_idle();
  bool both = true;
  first.receive([](const seen::stats&) {}, [&](caf::error&) { both = false; });
  second.receive([](const seen::links&) {}, [&](caf::error&) { both = false; });
  CHECK(both);
  CHECK(asked_stats == 1);
}

TEST_CASE_METHOD(overview_with_fakes,
                 "without the part that knows it there is an error, and then the last view") {
  CHECK_FALSE(ask<seen::stats>(overview, seen::stats_atom::value));
  pass(1s);
  add_stats();
  CHECK(ask<seen::stats>(overview, seen::stats_atom::value)->approved == 1);
  caf::anon_send_exit(peers.stats, caf::exit_reason::kill);
  pass(1s);
  CHECK(ask<seen::stats>(overview, seen::stats_atom::value)->approved == 1);
}

TEST_CASE_METHOD(overview_with_fakes,
                 "of a part its restarts, its time and its mailbox are seen, and it goes on as before") {
  add_stats();
  const auto before = ask<seen::parts>(overview, seen::parts_atom::value);
  REQUIRE(before->all.size() == 2);
  CHECK(before->all[0].name == "gateway/busy");
  CHECK(before->all[0].restarts == 2);
  CHECK(before->all[0].up_ms == 30000);
  CHECK(before->all[0].mailbox == 0);
  CHECK(before->all[1].up_ms == 90000);
  pass(1s);
  // It handles them one by one, between the steps of the others.
  messages_for_busy = 1000;
  CHECK(ask<seen::parts>(overview, seen::parts_atom::value)->all[0].mailbox > 900);
  CHECK(handled == 1000);
}

TEST_CASE_METHOD(
  overview_with_fakes,
  "of the terminals that wait the two hundred with the longest wait are listed, and all counted") {
  struct terminal final : actors::watched_terminal {
    void set(const std::shared_ptr<actors::busy_terminals>& all, bool is_busy) { set_busy(all, is_busy); }
    wait look() const override { return {2, since}; }
    seen::terminal view() const override { return {std::to_string(number), 2, 0, "", "", "", "waits"}; }
    actors::time_point since{};
    int number = 0;
  };
  std::vector<terminal> all(300);
  for (int i = 0; auto& t : all) {
    t.number = i++;
    t.since = now() - 7ms * (t.number * 13 % 300);
    t.set(env->terminals, true);
  }
  auto listed = ask<seen::terminals>(overview, seen::terminals_atom::value);
  REQUIRE(listed->all.size() == 200);
  CHECK(listed->more == 100);
  CHECK(listed->waiting == 600);
  CHECK(listed->all[0].tid == "23");  // 23 * 13 is 299
  CHECK(listed->all[1].tid == "46");
  // Those that have nothing any more, in whatever order they have come, and those whose queues have ended.
  all[23].set(env->terminals, false);
  all[299].set(env->terminals, false);
  {
    terminal ends;
    ends.set(env->terminals, true);
  }
  pass(1s);
  listed = ask<seen::terminals>(overview, seen::terminals_atom::value);
  CHECK(listed->more == 98);
  CHECK(listed->waiting == 596);
  CHECK(listed->all[0].tid == "46");
}

TEST_CASE("of a link the last fifty changes of its state are seen, and no repeated state") {
  actors::watched_links links;
  actors::time_point now{1h};
  using enum actors::link_condition;
  for (int i = 0; i < 40; ++i)
    for (const auto is : {down, down, up})
      links.take({"bank", "main", is == up, "", false, is, "smartVista", "reset", 2}, now += 1s);
  links.take(actors::link_load{"main", 3});
  const auto v = links.view(now + 5s, 1000000);
  REQUIRE(v.all.size() == 1);
  CHECK(v.all.front().history.size() == 50);
  CHECK(v.all.front().history.back().state == "up");
  CHECK(v.all.front().history.back().at == 995000);
  CHECK(v.all.front().history[48].why == "reset");
  CHECK(v.all.front().since_ms == 5000);
  CHECK(v.all.front().in_flight == 3);
  links.take({"bank", "main", false, "", true}, now);
  CHECK(links.view(now, 0).all.empty());
}

TEST_CASE("/v1/links shows the link, what is at its host, and why it was lost") {
  virtual_gateway g;
  g.client({g.purchase()});
  g.pass(1s);
  auto link = page(g, "/v1/links").at("links").at(0);
  CHECK(link.at("state") == "up");
  CHECK(link.at("name") == "");
  CHECK(link.at("dialect") == "smartVista");
  CHECK(link.at("inFlight") == 1);
  CHECK(link.at("attempts") == 0);
  g.host->vanishes();
  g.pass(100ms);
  g.pass(900ms);
  link = page(g, "/v1/links").at("links").at(0);
  CHECK(link.at("state") == "down");
  CHECK(link.at("inFlight") == 0);
  CHECK(link.at("attempts") == 0);
  CHECK_FALSE(link.at("lastError").get<std::string>().empty());
  CHECK(link.at("dialError") == "");
  CHECK(link.at("history").back().at("state") == "down");
  CHECK(link.at("history").back().at("why") == link.at("lastError"));
  CHECK(link.at("sinceSeconds").get<double>() == Approx(1.0));
}

TEST_CASE("of a link that was lost the reason stays, and beside it stands why the last dial failed") {
  virtual_gateway g;
  g.host->finishes();
  g.pass(100ms);
  const auto lost = page(g, "/v1/links").at("links").at(0).at("lastError");
  for (int i = 1; i <= 2; ++i) {
    for (int tick = 0; !g.dialer->calling && tick < 1000; ++tick)
      g.pass(100ms);
    REQUIRE(g.dialer->calling);
    g.dialer->refuse_call();
    g.pass(600ms);
    const auto link = page(g, "/v1/links").at("links").at(0);
    CHECK(link.at("lastError") == lost);
    CHECK(link.at("dialError") == "cannot connect: Connection refused");
    CHECK(link.at("attempts") == i);
    CHECK(link.at("history").back().at("why") == lost);
  }
  for (int tick = 0; !g.dialer->calling && tick < 1000; ++tick)
    g.pass(100ms);
  g.host_answers();
  g.pass(1s);
  const auto again = page(g, "/v1/links").at("links").at(0);
  CHECK(again.at("state") == "up");
  CHECK(again.at("lastError") == lost);
  CHECK(again.at("dialError") == "");
  CHECK(again.at("attempts") == 0);
}

TEST_CASE("/v1/terminals shows the terminals that wait, the longest wait first, and what for") {
  virtual_gateway g([](config::settings& s) { s.upstreams.front().host_timeout = 5s; });
  g.client({g.purchase("00000042", "000001")});
  g.pass(1s);
  g.client({g.purchase("00000042", "000002")});
  g.client({g.purchase("00000043", "000003")});
  g.pass(1s);
  auto seen = page(g, "/v1/terminals");
  CHECK(seen.at("waiting") == 1);
  CHECK(seen.at("more") == 0);
  REQUIRE(seen.at("terminals").size() == 2);
  CHECK(seen.at("terminals").at(0) ==
        json{{"tid", "00000042"},
             {"waiting", 1},
             {"oldestSeconds", 2.0},
             {"head", {{"mti", "0200"}, {"stan", "000001"}, {"state", "at_host"}}},
             {"why", "waits for the host's response"}});
  CHECK(seen.at("terminals").at(1).at("tid") == "00000043");
  g.pass(4s);
  seen = page(g, "/v1/terminals");
  CHECK(seen.at("terminals").at(0).at("head").at("mti") == "0400");
  auto no = g.host_got_last();
  g.pass(40s);
  CHECK(page(g, "/v1/terminals").at("terminals").empty());
}

TEST_CASE("/v1/terminals names the reversal that blocks a terminal") {
  virtual_gateway g([](config::settings& s) { s.upstreams.front().host_timeout = 5s; });
  g.client({g.purchase("00000042", "000001")});
  g.pass(6s);
  // The host has a fault: the reversal is repeated, at first at once, then after 2 s.
  for (int i = 0; i < 2; ++i) {
    auto again = g.host_got_last();
    REQUIRE(again.mti() == "0400");
    again.set(0, "0410");
    again.set(39, "902");
    g.host_says(again);
    g.pass(100ms);
  }
  g.client({g.purchase("00000042", "000002")});
  g.pass(100ms);
  const auto seen = page(g, "/v1/terminals");
  REQUIRE(seen.at("terminals").size() == 1);
  CHECK(seen.at("waiting") == 0);
  CHECK(seen.at("terminals").at(0).at("waiting") == 0);
  CHECK(seen.at("terminals").at(0).at("why") == "blocked by an open reversal of STAN 000001");
  CHECK(seen.at("terminals").at(0).at("head") ==
        json{{"mti", "0200"}, {"stan", "000002"}, {"state", "queued"}});
  // Only what stands behind the first message waits behind it.
  g.client({g.purchase("00000042", "000003")});
  g.pass(1s);
  const auto two = page(g, "/v1/terminals");
  CHECK(two.at("waiting") == 1);
  CHECK(two.at("terminals").at(0).at("waiting") == 1);
}

TEST_CASE("/v1/actors shows the parts, and which was started again") {
  virtual_gateway g;
  g.pass(10s);
  caf::anon_send_exit(g.part("upstream"), caf::exit_reason::kill);
  g.pass(5s);
  std::map<std::string, json> parts;
  const auto shown = page(g, "/v1/actors");
  for (const auto& p : shown.at("actors"))
    parts[p.at("name")] = p;
  REQUIRE(parts.contains("gateway/upstream"));
  CHECK(parts["gateway/upstream"].at("restarts") == 1);
  CHECK(parts["gateway/upstream"].at("upSeconds").get<double>() == Approx(4.9));
  CHECK(parts["gateway/journal"].at("restarts") == 0);
  CHECK(parts["gateway/journal"].at("upSeconds").get<double>() > 14);
  CHECK(parts.contains("gateway/overview"));
}

TEST_CASE("a gateway goes on when the overview fails, and the overview comes back") {
  virtual_gateway g;
  caf::anon_send_exit(g.part("overview"), caf::exit_reason::kill);
  g.run_until_idle();
  page(g, "/v1/links", 503);
  g.client({g.purchase()});
  g.host_says(approval(g.host_got_last()));
  g.pass(1s);
  CHECK(page(g, "/v1/transactions").at("transactions").size() == 1);
}
