// When a host is asked, trusted and given up, second by second.

#include <catch2/catch.hpp>

#include "actors/upstream/liveness.hpp"
#include "tests/actors/upstream/start.hpp"

using namespace std::chrono_literals;
using actors::liveness;
using actors::time_point;
using test::start;

namespace {

config::liveness_settings rules() { return {60s, 10s, 3, 3, 0ms, false}; }

// The host answers one echo, so it is known to.
void answer_an_echo(liveness& l, time_point at) {
  l.echo_sent(at);
  l.echo_answered();
  l.heard(at, false);
}

}  // namespace

TEST_CASE("a host is asked after some silence, and not while it talks") {
  liveness l(rules());
  l.link_up(start);
  CHECK_FALSE(l.echo_is_due(start + 59s));
  CHECK(l.echo_is_due(start + 60s));
  l.heard(start + 50s, false);
  CHECK_FALSE(l.echo_is_due(start + 100s));
  CHECK(l.echo_is_due(start + 110s));
  l.echo_sent(start + 110s);
  CHECK_FALSE(l.echo_is_due(start + 111s));
}

TEST_CASE("an echo that is not answered is followed by the next at once, and the third ends the link") {
  liveness l(rules());
  l.link_up(start);
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(l.fault(start + 60s));
    CHECK(l.echo_is_due(start + 60s));
    l.echo_sent(start + 60s);
    l.echo_unanswered();
  }
  CHECK(l.fault(start + 60s) == "3 echoes in a row were not answered");
}

TEST_CASE("whatever the host says shows that it is there, though its echo is not answered") {
  liveness l(rules());
  l.link_up(start);
  for (int i = 0; i < 5; ++i) {
    l.echo_sent(start + 60s);
    l.heard(start + 65s, false);
    l.echo_unanswered();
  }
  CHECK_FALSE(l.fault(start + 80s));
}

TEST_CASE("requests wait while a host that answers echoes has been silent for too long") {
  liveness l(rules());
  l.link_up(start);
  CHECK(l.is_trusted(start + 100s));  // it may answer none
  answer_an_echo(l, start + 100s);
  CHECK(l.is_trusted(start + 159s));
  CHECK_FALSE(l.is_trusted(start + 160s));
  l.echo_sent(start + 160s);
  CHECK_FALSE(l.is_trusted(start + 161s));
  l.heard(start + 162s, false);
  l.echo_answered();
  CHECK(l.is_trusted(start + 163s));
}

TEST_CASE("a host that answers requests and never an echo is not asked any more") {
  liveness l(rules());
  l.link_up(start);
  l.request_answered();
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(l.gives_up_echoes());
    l.echo_sent(start + 60s);
    l.echo_unanswered();
  }
  CHECK(l.gives_up_echoes());
  CHECK_FALSE(l.gives_up_echoes());
  CHECK_FALSE(l.fault(start + 60s));
  CHECK_FALSE(l.echo_is_due(start + 10h));
}

TEST_CASE("a host that has answered an echo is given up when it answers none") {
  liveness l(rules());
  l.link_up(start);
  l.request_answered();
  answer_an_echo(l, start);
  for (int i = 0; i < 3; ++i) {
    l.echo_sent(start + 60s);
    l.echo_unanswered();
  }
  CHECK_FALSE(l.gives_up_echoes());
  CHECK(l.fault(start + 60s));
}

TEST_CASE("three requests in a row that are not answered end a link, two and an answer do not") {
  liveness l(rules());
  l.link_up(start);
  l.request_unanswered();
  l.request_unanswered();
  l.request_answered();
  l.request_unanswered();
  l.request_unanswered();
  CHECK_FALSE(l.fault(start));
  l.request_unanswered();
  CHECK(l.fault(start) == "3 requests in a row were not answered");
  l.link_up(start);
  CHECK_FALSE(l.fault(start));
}

TEST_CASE("silence counts from the oldest unanswered request, and never while nothing is owed") {
  auto r = rules();
  r.silence_max = 20s;
  liveness l(r);
  l.link_up(start);
  CHECK_FALSE(l.fault(start + 1h));
  l.request_sent(start + 1h);
  l.request_sent(start + 1h + 15s);
  CHECK_FALSE(l.fault(start + 1h + 19s));
  CHECK(l.fault(start + 1h + 20s) == "nothing received for 20 s, though an answer is due");
  l.heard(start + 1h + 19s, true);
  CHECK_FALSE(l.fault(start + 1h + 38s));
  CHECK(l.fault(start + 1h + 39s));
  l.heard(start + 1h + 39s, false);
  CHECK_FALSE(l.fault(start + 2h));
}

TEST_CASE("a new link that must prove itself is asked at once, and trusted when it has answered") {
  auto r = rules();
  r.prove = true;
  liveness l(r);
  l.link_up(start);
  CHECK(l.echo_is_due(start));
  CHECK_FALSE(l.is_trusted(start));
  CHECK_FALSE(l.is_proved());
  l.echo_sent(start);
  l.heard(start + 1s, false);
  CHECK_FALSE(l.is_trusted(start + 1s));
  l.echo_answered();
  CHECK(l.is_proved());
  CHECK(l.is_trusted(start + 1s));
  l.link_up(start + 1h);
  CHECK_FALSE(l.is_proved());
}

TEST_CASE("rules that are zero never end a link") {
  liveness l({0s, 10s, 0, 0, 0ms, false});
  l.link_up(start);
  for (int i = 0; i < 9; ++i) {
    l.echo_sent(start);
    l.echo_unanswered();
    l.request_unanswered();
  }
  CHECK_FALSE(l.echo_is_due(start + 10h));
  CHECK(l.is_trusted(start + 10h));
  CHECK_FALSE(l.fault(start + 10h));
}
