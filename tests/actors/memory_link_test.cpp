// Links made of memory keep the same promises as sockets: what a peer did not read is not proven to have arrived.

#include <catch2/catch.hpp>

#include "scenarios/player/memory_link.hpp"

namespace {

struct both_ends {
  player::connection_ptr peer = std::make_shared<player::connection>();
  net::link_ptr link = std::make_shared<player::memory_link>(peer, "client:1");
  std::string down;

  both_ends() {
    net::link_events events;
    events.down = [this](const std::string& why) { down = why; };
    link->open(events);
  }
};

using frames = std::vector<net::bytes>;

} // namespace

TEST_CASE("in memory, a peer that reads has acknowledged what was sent") {
  both_ends w;
  w.link->send("answer");
  CHECK(w.peer->sent == frames{"answer"});
  CHECK(w.link->unacknowledged() == 0);
  w.link->close();
  CHECK(w.down == "closed");
  CHECK(w.link->unacknowledged() == 0);
}

TEST_CASE("in memory, a peer that stops reading has not received what comes then, until it reads on") {
  both_ends w;
  w.link->send("first");
  w.peer->stop_reading();
  w.link->send("second");
  CHECK(w.peer->sent == frames{"first"});
  CHECK(w.link->unacknowledged() == 6);
  w.link->close();
  CHECK(w.down.empty());
  CHECK(w.peer->closed);
  w.link->send("too late");
  w.peer->read_on();
  CHECK(w.peer->sent == frames{"first", "second"});
  CHECK(w.down == "closed");
  CHECK(w.link->unacknowledged() == 8);
}

TEST_CASE("in memory, what a vanished peer did not get stays unacknowledged") {
  both_ends w;
  w.peer->stop_reading();
  w.link->send("answer");
  w.peer->vanishes();
  CHECK(w.down == "connection reset by peer");
  CHECK(w.link->unacknowledged() == 6);
  w.link->send("more");
  w.peer->read_on();
  CHECK(w.peer->sent.empty());
  CHECK(w.link->unacknowledged() == 10);
}
