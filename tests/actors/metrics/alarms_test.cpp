// What people are told, when, and how often, by a gateway in virtual time.

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "actors/core/digest.hpp"
#include "actors/metrics/alarms.hpp"
#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using actors::alarm_notice;
using Catch::Contains;
using nlohmann::json;
using support::virtual_gateway;
using is = alarm_notice::state;

namespace {

// A channel whose answers the test gives.
struct alarming_gateway : virtual_gateway {
  alarming_gateway() : virtual_gateway([](config::settings& s) { s.upstreams.front().host_timeout = 5s; }) {
    auto outlets = std::make_shared<actors::alarm_outlets>();
    outlets->now = [] { return std::chrono::sys_seconds(1700000000s); };
    outlets->gateway = "till-7";
    outlets->channels.push_back(
      {"alarmCommand", [this](const alarm_notice& n, std::function<void(std::string)> then) {
         sent.push_back(n);
         waiting.push_back(std::move(then));
         if (answers_itself)
           answer("");
       }});
    alarms = outlets;
    restart();
    host_answers();
  }

  void answer(const std::string& why) {
    std::exchange(waiting.back(), nullptr)(why);
    if (!answers_itself)
      run_until_idle();
  }
  std::vector<is> states() const { return states(sent.empty() ? actors::alarm_kind{} : sent.front().kind); }
  std::vector<is> states(actors::alarm_kind of) const {
    std::vector<is> all;
    for (const auto& n : sent)
      if (n.kind == of)
        all.push_back(n.is);
    return all;
  }
  // The host never answers a purchase, and refuses to reverse it.
  void park_case(const std::string& tid) {
    client({purchase(tid)});
    pass(6s);
    auto no = host_got_last();
    no.set(0, "0410");
    no.set(39, "904");
    host_says(no);
    pass(3s);
  }
  std::string metrics() {
    std::string text;
    for (const auto& s : admin_client(support::http_get("/metrics"))->sent)
      text += s;
    return text;
  }

  bool answers_itself = true;
  std::vector<alarm_notice> sent;
  std::vector<std::function<void(std::string)>> waiting;
};

}  // namespace

TEST_CASE_METHOD(alarming_gateway,
                 "a link that is down for a minute is one alarm, and one more when it is back") {
  host->vanishes();
  pass(55s);
  CHECK(sent.empty());
  pass(10s);
  REQUIRE(states() == std::vector{is::raised});
  CHECK(sent[0].kind == actors::alarm_kind::link_down);
  CHECK_THAT(sent[0].text, Contains("No requests are sent to the host, for 6"));
  CHECK(logged("ALARM: No requests are sent to the host"));
  CHECK_THAT(metrics(), Contains("socketqueue_alarms{alarm=\"link_down\"} 1"));
  pass(20min);
  CHECK(sent.size() == 1);
  host_answers();
  pass(3s);
  REQUIRE(states() == std::vector{is::raised, is::cleared});
  CHECK(sent[0].id == sent[1].id);
  CHECK(sent[1].number == 2);
  CHECK(logged("ALARM over: Requests are sent to the host again"));
  CHECK_THAT(metrics(), Contains("socketqueue_alarms{alarm=\"link_down\"} 0"));
  CHECK_THAT(metrics(),
             Contains("socketqueue_alarm_notices_total{channel=\"alarmCommand\",result=\"sent\"} 2"));
}

TEST_CASE_METHOD(alarming_gateway, "a link that comes back within the minute is no alarm") {
  for (int i = 0; i < 5; ++i) {
    host->vanishes();
    pass(40s);
    host_answers();
    pass(2s);
  }
  CHECK(sent.empty());
}

TEST_CASE_METHOD(alarming_gateway, "an alarm that stays on is repeated every hour, for a day") {
  host->vanishes();
  pass(48h);
  REQUIRE(sent.size() == 25);
  CHECK(sent[24].is == is::repeated);
  CHECK(sent[24].number == 25);
}

TEST_CASE_METHOD(
  alarming_gateway,
  "cases that need a person are one alarm with their number, said again when there are more, and it "
  "ends with the last one") {
  park_case("00000042");
  REQUIRE(states() == std::vector{is::raised});
  CHECK(sent[0].count == 1);
  CHECK_THAT(sent[0].text, Contains("1 case needs a person"));
  park_case("00000043");
  pass(1min);
  REQUIRE(states() == std::vector{is::raised, is::repeated});
  CHECK(sent[1].count == 2);
  for (const auto& c : cases())
    CHECK(tell(actors::resolve{c.id, "1000", "by hand"}).done);
  pass(3s);
  CHECK(states() == std::vector{is::raised, is::repeated, is::cleared});
}

TEST_CASE_METHOD(alarming_gateway,
                 "one notice at a time is sent, and one that fails is sent again, each time later") {
  answers_itself = false;
  host->vanishes();
  pass(65s);
  REQUIRE(sent.size() == 1);
  host_answers();
  pass(5min);
  CHECK(sent.size() == 1);  // its answer is awaited
  answer("its exit status is 1");
  CHECK(logged("alarmCommand: an alarm could not be sent: its exit status is 1; it is sent again in 1 s"));
  pass(1s);
  REQUIRE(sent.size() == 2);
  answer("its exit status is 1");
  pass(1s);
  CHECK(sent.size() == 2);
  pass(1s);
  REQUIRE(sent.size() == 3);
  answer("");
  REQUIRE(states() == std::vector{is::raised, is::raised, is::raised, is::cleared});
}

TEST_CASE_METHOD(alarming_gateway,
                 "a notice that cannot be sent fifteen times is dropped, and the next one is sent") {
  answers_itself = false;
  host->vanishes();
  pass(65s);
  host_answers();
  pass(5s);
  for (int i = 0; i < 15; ++i) {
    CHECK(sent.back().is == is::raised);
    answer("no");
    pass(1min);
  }
  CHECK(sent.size() == 16);
  CHECK(sent.back().is == is::cleared);
  CHECK_THAT(metrics(),
             Contains("socketqueue_alarm_notices_total{channel=\"alarmCommand\",result=\"dropped\"} 1"));
}

TEST_CASE_METHOD(alarming_gateway, "a part that sends alarms and fails sends no alarm anew that is on") {
  host->vanishes();
  pass(65s);
  caf::anon_send_exit(part("alarms"), caf::exit_reason::kill);
  pass(10min);
  CHECK(sent.size() == 1);
  host_answers();
  pass(3s);
  CHECK(states() == std::vector{is::raised, is::cleared});
}

TEST_CASE_METHOD(alarming_gateway, "a journal without room is an alarm") {
  caf::anon_send_exit(part("alarms"), caf::exit_reason::kill);
  pass(1s);
  actors::alarm_watch watch;
  actors::gateway_status s;
  s.journal.has_room = false;
  const auto look = [&] { return watch.look(s, now(), 60s, [] { return std::string("alarm_1"); }); };
  const auto full = look();
  REQUIRE(full.size() == 1);
  CHECK(full[0].kind == actors::alarm_kind::journal_full);
  CHECK(look().empty());
  s.journal.has_room = true;
  REQUIRE(look().size() == 1);
}

TEST_CASE("a journal's key that was removed is an alarm until it is back") {
  actors::alarm_watch watch;
  actors::gateway_status s;
  const auto look = [&] { return watch.look(s, {}, 60s, [] { return std::string("alarm_1"); }); };
  CHECK(look().empty());
  s.journal.lost_key = "/keys/journal.key";
  const auto lost = look();
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].kind == actors::alarm_kind::key_lost);
  CHECK_THAT(lost[0].text, Contains("/keys/journal.key") && Contains("put it back"));
  CHECK(watch.count(actors::alarm_kind::key_lost) == 1);
  s.journal.lost_key.clear();
  const auto back = look();
  REQUIRE(back.size() == 1);
  CHECK(back[0].is == is::cleared);
  CHECK_FALSE(back[0].text.empty());
}

TEST_CASE("a post of an alarm is JSON in one line, signed with its time, and any status of success will do") {
  std::vector<net::http_post> posts;
  net::post_result reply{204, {}, true, {}};
  const auto channel = actors::posting_channel(
    [&](net::http_post what, std::function<void(net::post_result)> then) {
      posts.push_back(std::move(what));
      then(reply);
    },
    "a secret of the operator", [] { return std::chrono::sys_seconds(1700000000s); });
  actors::alarm_outlets outlets{{}, [] { return std::chrono::sys_seconds(1700000000s); }, "till-7"};
  const auto notice =
    outlets.stamped({"alarm_1", actors::alarm_kind::link_down, "b", is::repeated, "Down", 1, 3});
  std::string why = "not called";
  const auto then = [&why](std::string w) { why = std::move(w); };
  channel.send(notice, then);
  CHECK(why.empty());
  REQUIRE(posts.size() == 1);
  const auto& post = posts.front();
  CHECK(json::parse(post.body) == json{{"id", "alarm_1"},
                                       {"alarm", "link_down"},
                                       {"state", "repeated"},
                                       {"at", "2023-11-14T22:13:20Z"},
                                       {"gateway", "till-7"},
                                       {"link", "b"},
                                       {"text", "Down"},
                                       {"count", 1},
                                       {"number", 3}});
  CHECK(post.body.find('\n') == std::string::npos);
  CHECK(post.headers ==
        decltype(post.headers){
          {"Socketqueue-Id", "alarm_1-3"},
          {"Socketqueue-Time", "1700000000"},
          {"Socketqueue-Signature",
           "sha256=" + actors::keyed_digest_of("1700000000." + post.body, "a secret of the operator")}});
  reply = {500, {}, true, {}};
  channel.send(notice, then);
  CHECK(why == "the server replies 500");
  reply = {0, {}, false, "no connection"};
  channel.send(notice, then);
  CHECK(why == "no connection");
}
