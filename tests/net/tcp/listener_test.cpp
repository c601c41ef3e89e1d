// The port where connections come in: how many, and which one goes where no place is left.

#include <catch2/catch.hpp>

#include "tests/net/tcp/wire.hpp"

TEST_CASE("a port in use is a sentence for the operator") {
  net::loop loop;
  const auto listener = std::get<std::unique_ptr<net::listener>>(net::listen(loop, 0, {}));
  const auto again = net::listen(loop, listener->port(), {});
  CHECK_THAT(std::get<std::string>(again),
             Catch::Contains("cannot listen on port " + std::to_string(listener->port())));
}

TEST_CASE("no more connections are let in than may be, and room is made by those that leave") {
  net::loop loop;
  std::vector<net::link_ptr> inside;
  int complaints = 0;
  const auto listener = std::get<std::unique_ptr<net::listener>>(
    net::listen(loop, 0, {{}, [&](const std::string&) { ++complaints; }, net::connection_limit(2)}));
  listener->open([&](net::link_ptr link) { inside.push_back(std::move(link)); });
  const auto come = [&](watched& w) {
    auto dialer = net::make_connector(loop, "127.0.0.1", listener->port(), {});
    dialer->dial(w.events());
    while (!w.link)
      loop.run_for(std::chrono::seconds(1));
  };
  watched a, b, c, d;
  come(a);
  come(b);
  while (inside.size() < 2)
    loop.run_for(std::chrono::seconds(1));
  come(c);
  while (!c.finished && !c.down)
    loop.run_for(std::chrono::seconds(1));
  CHECK(inside.size() == 2);
  CHECK(complaints == 1);
  inside.erase(inside.begin());
  come(d);
  while (inside.size() < 2)
    loop.run_for(std::chrono::seconds(1));
  CHECK_FALSE(d.down);
}

TEST_CASE(
  "where no place is left, the connection that has been idle for longest goes, and none that is busy") {
  net::loop loop;
  struct guest {
    net::link_ptr link;
    watched seen;
  };
  std::vector<std::unique_ptr<guest>> inside;
  int complaints = 0;
  const auto listener = std::get<std::unique_ptr<net::listener>>(
    net::listen(loop, 0, {{}, [&](const std::string&) { ++complaints; }, net::connection_limit(3)}));
  listener->open([&](net::link_ptr link) {
    inside.push_back(std::make_unique<guest>());
    inside.back()->link = link;
    link->open(inside.back()->seen.events());
  });
  std::vector<std::unique_ptr<watched>> callers;
  const auto come = [&] {
    callers.push_back(std::make_unique<watched>());
    const auto before = inside.size();
    const auto complaints_before = complaints;
    auto dialer = net::make_connector(loop, "127.0.0.1", listener->port(), {});
    dialer->dial(callers.back()->events());
    while (!callers.back()->link || (inside.size() == before && complaints == complaints_before))
      loop.run_for(std::chrono::seconds(1));
  };
  for (int i = 0; i < 3; ++i)
    come();
  inside[2]->link->may_give_way(true);
  inside[1]->link->may_give_way(true);
  come();
  REQUIRE(inside.size() == 4);
  REQUIRE(inside[2]->seen.down);
  CHECK_THAT(*inside[2]->seen.down, Catch::Contains("as many connections are open as may be"));
  CHECK_FALSE(inside[1]->seen.down);
  inside[1]->link->may_give_way(false);
  come();
  CHECK(inside.size() == 4);
  CHECK(complaints == 1);
  inside[0]->link->may_give_way(true);
  come();
  CHECK(inside.size() == 5);
  CHECK(inside[0]->seen.down);
  // What has given way is counted once: its link may be dropped later.
  inside[0]->link.reset();
  inside[1]->link->may_give_way(true);
  come();
  CHECK(inside.size() == 6);
  CHECK(inside[1]->seen.down);
}
