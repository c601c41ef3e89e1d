// What another CAF node gets of a gateway, and what it cannot do. The gateway's actor system is on its loop,
// the inspector in a process of its own, and the other node waits in a thread.

#include <catch2/catch.hpp>

#include <atomic>
#include <caf/io/middleman.hpp>
#include <functional>
#include <set>
#include <thread>

#include "actors/core/loop_scheduler.hpp"
#include "actors/program/node_process.hpp"
#include "actors/remote/inspect_arguments.hpp"
#include "actors/remote/inspect_tables.hpp"
#include "actors/remote/node_client.hpp"
#include "net/loop.hpp"
#include "tests/support/program.hpp"

using namespace std::chrono_literals;
using Catch::Contains;
namespace seen = actors::inspection;

namespace {

config::node_settings place(std::uint16_t port) {
  config::node_settings s;
  s.port = port;
  s.address = "127.0.0.1";
  return s;
}

// A gateway that has only an inspector, and an overview of which the test knows the answers.
struct node {
  node() : where(place(support::free_port())), config(loop), system(config) {
    auto opened = actors::open_node(loop, PROGRAM, where);
    if (const auto* why = std::get_if<std::string>(&opened))
      FAIL(*why);
    overview = spawn_overview();
    actors::directory peers;
    peers.overview = overview;
    front = std::get<actors::part>(opened).start(system, peers).reader;
    caf::anon_send(front, peers);
  }
  ~node() {
    for (const auto& a : {caf::actor_cast<caf::actor>(front), caf::actor_cast<caf::actor>(overview)})
      caf::anon_send_exit(a, caf::exit_reason::user_shutdown);
    actors::run_until_empty(system, loop);
  }

  // Runs the loop while another node does this.
  void while_another_node(const std::function<void(actors::node_client&)>& does) {
    std::atomic<bool> done = false;
    std::thread other([&] {
      actors::node_client client(where);
      does(client);
      done = true;
    });
    while (!done)
      loop.run_for(10ms);
    other.join();
  }

  actors::overview_actor spawn_overview() {
    using namespace seen;
    const auto note = [this] { threads.insert(std::this_thread::get_id()); };
    return system.spawn([note]() -> actors::overview_actor::behavior_type {
      return {
        [](summary_atom) { return summary{}; },
        [note](stats_atom) {
          note();
          stats s;
          s.approved = 17;
          return s;
        },
        [](links_atom) {
          return seen::links{{{"main", "", "smartVista", "up", 5, 1, "", 0, "", {{1, "up", "x"}}}}};
        },
        [](terminals_atom) { return terminals{}; },
        [](pending_atom) { return pending{}; },
        [](parts_atom) { return parts{}; },
        [](transactions_atom, std::uint64_t most) {
          transactions t;
          t.all.resize(most);
          return t;
        },
        [](const actors::directory&) {},
      };
    });
  }

  net::loop loop;
  config::node_settings where;
  actors::loop_config config;
  caf::actor_system system;
  actors::overview_actor overview;
  actors::directory_reader front;
  std::set<std::thread::id> threads;
};

}  // namespace

TEST_CASE("a question of another node is answered on the gateway's loop, and by no thread of CAF's") {
  node gateway;
  std::uint64_t approved = 0;
  gateway.while_another_node([&](actors::node_client& client) {
    for (int i = 0; i < 50; ++i) {
      const auto got = client.ask<seen::stats>(seen::stats_atom::value);
      if (const auto* s = std::get_if<seen::stats>(&got))
        approved += s->approved;
    }
  });
  CHECK(approved == 50 * 17);
  CHECK(gateway.threads == std::set{std::this_thread::get_id()});
}

TEST_CASE("what the overview says comes through whole, lists and texts too") {
  node gateway;
  gateway.while_another_node([&](actors::node_client& client) {
    const auto links = client.ask<seen::links>(seen::links_atom::value);
    REQUIRE(std::holds_alternative<seen::links>(links));
    const auto& link = std::get<seen::links>(links).all.at(0);
    CHECK(link.name == "main");
    CHECK(link.history.at(0).why == "x");
    const auto last = client.ask<seen::transactions>(seen::transactions_atom::value, std::uint64_t(1000));
    REQUIRE(std::holds_alternative<seen::transactions>(last));
    CHECK(std::get<seen::transactions>(last).all.size() == 1000);
  });
}

TEST_CASE("another node can neither stop the inspector nor send it what is no question") {
  node gateway;
  gateway.while_another_node([&](actors::node_client& client) {
    REQUIRE(client.connect().empty());
    const auto remote = caf::actor_cast<caf::actor>(client.node());
    caf::anon_send_exit(remote, caf::exit_reason::kill);
    caf::anon_send(remote, std::string("nonsense"));
    caf::anon_send(remote, seen::stats_atom::value, std::string("too much"));
    const auto got = client.ask<seen::stats>(seen::stats_atom::value);
    CHECK(std::holds_alternative<seen::stats>(got));
  });
}

TEST_CASE("the command line of inspect says what is wrong with it") {
  const auto fault = [](std::vector<const char*> a) {
    const auto r = actors::read_inspect(a);
    const auto* why = std::get_if<std::string>(&r);
    return why ? *why : "";
  };
  CHECK(fault({"127.0.0.1:2016"}) == "");
  CHECK(fault({"[::1]:2016", "stats", "--json"}) == "");
  CHECK_THAT(fault({}), Contains("HOST:PORT"));
  CHECK_THAT(fault({"localhost"}), Contains("'localhost' is no HOST:PORT"));
  CHECK_THAT(fault({"h:0"}), Contains("is no HOST:PORT"));
  CHECK_THAT(fault({"h:70000"}), Contains("is no HOST:PORT"));
  CHECK_THAT(fault({"h:1", "statz"}), Contains("did you mean 'stats'?"));
  CHECK_THAT(fault({"h:1", "stats", "link"}), Contains("one view at a time"));
  CHECK_THAT(fault({"h:1", "--fast"}), Contains("no option --fast"));
  CHECK_THAT(fault({"h:1", "--nodeTlsKey=k"}), Contains("belong together"));
  CHECK_THAT(fault({"h:1", "--json", "--watch"}), Contains("one of the two"));
  const auto r = actors::read_inspect(std::vector<const char*>{"[::1]:2016", "link"});
  CHECK(std::get<actors::inspect_request>(r).where.address == "::1");
  CHECK(std::get<actors::inspect_request>(r).view == "link");
}

TEST_CASE("the table of transactions says what became of one that is reversed, and what a code means") {
  seen::transactions t;
  t.all.resize(2);
  t.all[0].code = "116";
  t.all[0].meaning = "Insufficient funds";
  t.all[1].outcome = "unknown";
  t.all[1].undone = {"reversed", 1795687200000, 3, "400", "Reversed", "timed_out", "", ""};
  auto lines = actors::table_of(t);
  REQUIRE(lines.size() == 4);
  CHECK_THAT(lines[1], Contains("Insufficient funds"));
  CHECK_THAT(lines[3], Contains("reversed at ") && Contains(", 3 attempts, last code 400 (Reversed)"));
  t.all[1].undone = {"needs you", 1795687200000, 1, "", "", "timed_out", "no answer", ""};
  CHECK_THAT(actors::table_of(t)[3], Contains("needs you since ") && Contains(", 1 attempt: no answer"));
}

TEST_CASE("the texts of others cannot move the cursor of who inspects") {
  seen::terminals t;
  t.all.push_back({"\x1b[2J", 1, 61000, "0200", "1", "queued", "waits"});
  const auto lines = actors::table_of(t);
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].find('\x1b') == std::string::npos);
  CHECK_THAT(lines[1], Contains("1 min"));
}
