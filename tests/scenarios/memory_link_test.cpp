// Links made of memory keep the same promises as sockets: what a peer did not read is not proven to have
// arrived.

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

}  // namespace

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

TEST_CASE(
  "in memory, a link that is dropped without a reset still delivers what it has, and one that was reset does "
  "not") {
  for (const bool resets : {false, true}) {
    both_ends w;
    w.peer->stop_reading();
    w.link->send("answer");
    if (resets)
      w.link->reset();
    w.link.reset();
    CHECK(w.peer->closed);
    CHECK(w.peer->sent.empty());
    w.peer->read_on();
    CHECK(w.peer->sent == (resets ? frames{} : frames{"answer"}));
    CHECK(w.peer->acknowledged() == (resets ? 0 : 6));
    CHECK(w.peer->has_seen_end());
  }
}

TEST_CASE(
  "in memory, what a peer's kernel has taken is acknowledged before its program reads it, and is read even "
  "behind a reset") {
  both_ends w;
  w.peer->stop_reading(8);
  w.link->send("an answer");
  CHECK(w.link->acknowledged() == 8);
  CHECK(w.peer->sent.empty());
  w.link->reset();
  w.peer->read_on();
  CHECK(w.peer->sent == frames{"an answe"});
  CHECK(w.link->acknowledged() == 8);
  CHECK(w.down.empty());
}

TEST_CASE("in memory, a peer can read some bytes and no more") {
  both_ends w;
  w.peer->stop_reading();
  w.link->send("answer");
  w.peer->read_bytes(2);
  CHECK(w.peer->sent == frames{"an"});
  CHECK(w.link->acknowledged() == 2);
  w.peer->read_on();
  CHECK(w.peer->sent == frames{"an", "swer"});
  CHECK(w.link->unacknowledged() == 0);
}

TEST_CASE("in memory, a late acknowledgement comes with the peer's next word, and with its reset never") {
  both_ends w;
  w.peer->acknowledges_late();
  w.link->send("answer");
  CHECK(w.peer->sent == frames{"answer"});
  CHECK(w.link->acknowledged() == 0);
  w.peer->says("thanks");
  CHECK(w.link->acknowledged() == 6);
  w.link->send("more");
  w.peer->vanishes();
  CHECK(w.link->acknowledged() == 6);
  CHECK(w.peer->has_lost_acknowledgement_of(10));
  CHECK_FALSE(w.peer->has_lost_acknowledgement_of(6));
}

TEST_CASE("in memory, what is to be acknowledged soon is, as soon as it is read") {
  both_ends w;
  w.peer->acknowledges_late();
  w.peer->stop_reading(100);
  w.link->send("answer", net::ack::soon);
  CHECK(w.link->acknowledged() == 0);
  w.peer->read_on();
  CHECK(w.link->acknowledged() == 6);
}

TEST_CASE(
  "in memory, nothing passes where the way is cut, and all of it when it heals, unless the link was reset") {
  for (const bool resets : {false, true}) {
    both_ends w;
    w.peer->cut();
    w.link->send("answer");
    CHECK(w.peer->sent.empty());
    if (resets)
      w.link->reset();
    w.peer->heal();
    CHECK(w.peer->sent == (resets ? frames{} : frames{"answer"}));
    CHECK(w.link->unacknowledged() == (resets ? 6 : 0));
    CHECK(w.peer->has_seen_end() == resets);
    CHECK_FALSE(w.peer->has_lost_acknowledgement_of(6));
  }
}

TEST_CASE(
  "in memory, what was under way when a link was reset still arrives, and its acknowledgement is lost") {
  both_ends w;
  std::vector<std::function<void()>> under_way;
  w.peer->way.latency = std::chrono::milliseconds(5);
  w.peer->way.later = [&](std::chrono::milliseconds, std::function<void()> what) {
    under_way.push_back(std::move(what));
  };
  w.link->send("answer");
  w.link->reset();
  for (std::size_t i = 0; i < under_way.size(); ++i) {
    const auto next = under_way[i];  // it may add others
    next();
  }
  CHECK(w.peer->sent == frames{"answer"});
  CHECK(w.link->acknowledged() == 0);
  CHECK(w.peer->has_lost_acknowledgement_of(6));
  CHECK(w.peer->has_seen_end());
}

TEST_CASE(
  "in memory, a machine whose process stands still takes and acknowledges what comes, and the process hears "
  "of it later") {
  both_ends w;
  std::vector<net::bytes> heard;
  w.peer->home = std::make_shared<player::machine>();
  w.peer->events.frames = [&](const std::vector<net::frame>& all) {
    for (const auto& f : all)
      heard.push_back(f.content);
  };
  w.peer->stop_reading();
  w.link->send("answer");
  w.peer->home->suspend();
  w.peer->says("request");
  w.peer->read_on();
  CHECK(heard.empty());
  CHECK(w.link->unacknowledged() == 0);
  w.peer->home->resume();
  CHECK(heard == frames{"request"});
}
