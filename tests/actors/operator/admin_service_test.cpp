// The admin port: health, status, metrics, and open cases.

#include <catch2/catch.hpp>

#include <regex>

#include "actors/operator/admin_replies.hpp"
#include "tests/store/directory.hpp"
#include "tests/support/admin_calls.hpp"
#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using Catch::Contains;
using nlohmann::json;
using support::approval;
using support::http_get;
using support::reply_to;
using support::virtual_gateway;

namespace {

json status_of(virtual_gateway& g) { return reply_to(g, http_get("/v1/status")).json(); }

std::string post(const std::string& path, const std::string& why, const std::string& token) {
  return support::http_post(
    path, json{{"why", why}}.dump(),
    "Content-Type: application/json\r\n" + (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n"));
}

// A gateway whose first purchase the host has never answered, and does not let it reverse.
struct gateway_with_a_case : virtual_gateway {
  static constexpr const char* token = "0123456789abcdef";

  gateway_with_a_case()
    : virtual_gateway([](config::settings& s) { s.upstreams.front().host_timeout = 5s; }) {
    admin_token = token;
    restart();
    host_answers();
    client({purchase()});
    pass(6s);
    auto no = host_got_last();
    no.set(0, "0410");
    no.set(39, "904");
    host_says(no);
    pass(2s);
  }
  std::string number() {
    return std::to_string(
      reply_to(*this, http_get("/v1/pending")).json().at("cases").at(0).at("case").get<int>());
  }
};

}  // namespace

TEST_CASE("livez is 200 whatever the host does, readyz is 503 with the reason while the link is down") {
  virtual_gateway g;
  CHECK(reply_to(g, http_get("/livez")).status == 200);
  const auto good = reply_to(g, http_get("/readyz"));
  CHECK(good.status == 200);
  CHECK(good.json() == json{{"ready", true}, {"problems", json::array()}});
  g.host->vanishes();
  g.run_until_idle();
  const auto bad = reply_to(g, http_get("/readyz"));
  CHECK(bad.status == 503);
  CHECK(bad.json().at("ready") == false);
  CHECK(bad.json().at("problems").at(0).at("part") == "host");
  CHECK_THAT(bad.json().at("problems").at(0).at("detail").get<std::string>(),
             Contains("no link to the host"));
  CHECK(reply_to(g, http_get("/livez")).status == 200);
  g.pass(5s);
  g.host_answers();
  CHECK(reply_to(g, http_get("/readyz")).status == 200);
  CHECK(status_of(g).at("hosts").at(0).at("times_lost") == 1);
}

TEST_CASE("the status counts each message of a client once, by what became of it") {
  virtual_gateway g([](config::settings& s) { s.upstreams.front().host_timeout = 5s; });
  g.client({g.purchase("00000001")});
  g.host_says(approval(g.host_got_last()));
  g.client({g.purchase("00000002")});
  g.host_says(approval(g.host_got_last(), "116"));
  g.client({g.purchase("00000003")});
  g.pass(6s);
  CHECK(status_of(g).at("messages") ==
        json{{"approved", 1}, {"declined", 1}, {"answered", 0}, {"refused", 0}, {"unknown", 1}});
  g.pass(2s);
  CHECK(status_of(g).at("open_cases").at("reversing") == 1);
  CHECK(status_of(g).at("blocked_terminals") == 1);
}

TEST_CASE("what the host has not answered is no response of its in the metrics") {
  virtual_gateway g([](config::settings& s) { s.upstreams.front().host_timeout = 5s; });
  g.client({g.purchase("00000077")});
  g.pass(6s);
  const auto text = reply_to(g, http_get("/metrics")).body;
  CHECK_THAT(text, Contains("socketqueue_transaction_seconds_count 1"));
  CHECK_THAT(text, Contains("socketqueue_host_response_seconds_count 0"));
}

TEST_CASE(
  "the metrics have what Prometheus needs: counters, histograms and gauges, and no terminal or card") {
  virtual_gateway g;
  g.client({g.purchase("00000077")});
  g.pass(20ms);
  g.host_says(approval(g.host_got_last()));
  const auto r = reply_to(g, http_get("/metrics"));
  CHECK(r.status == 200);
  CHECK_THAT(r.head, Contains("text/plain; version=0.0.4"));
  for (const auto* line :
       {"socketqueue_transactions_total{code=\"000\",mti=\"0200\",outcome=\"approved\"} 1",
        "socketqueue_host_messages_total{link=\"\",mti=\"0200\"} 1", "socketqueue_host_link_up{link=\"\"} 1",
        "socketqueue_open_cases{state=\"needs_operator\"} 0", "socketqueue_forgotten_early_total 0",
        "socketqueue_host_response_seconds_count 1",
        "socketqueue_host_response_seconds_bucket{le=\"0.01\"} 0",
        "socketqueue_host_response_seconds_bucket{le=\"0.025\"} 1", "socketqueue_transaction_seconds_count 1",
        "# TYPE socketqueue_host_response_seconds histogram", "process_open_fds "})
    CHECK_THAT(r.body, Contains(line));
  CHECK_THAT(r.body, !Contains("77") || !Contains("4850781234567891"));
  CHECK(r.body.find("00000077") == std::string::npos);
}

TEST_CASE("a part that fails is counted, and the counts survive the failure of the statistics") {
  virtual_gateway g;
  g.client({g.purchase()});
  g.host_says(approval(g.host_got_last()));
  caf::anon_send_exit(g.part("stats"), caf::exit_reason::kill);
  g.pass(1s);
  CHECK(status_of(g).at("messages").at("approved") == 1);
  CHECK(status_of(g).at("part_restarts") == 1);
  CHECK_THAT(reply_to(g, http_get("/metrics")).body,
             Contains("socketqueue_part_restarts_total{part=\"stats\"} 1"));
}

TEST_CASE_METHOD(gateway_with_a_case,
                 "who has the token resolves a case with a reason, which the journal keeps") {
  const auto n = number();
  const auto r = reply_to(*this, post("/v1/pending/" + n + "/resolve", "ticket 17", token));
  CHECK(r.status == 200);
  CHECK(r.json().at("results").at(0).at("done") == true);
  CHECK(cases().empty());
  CHECK(logged("ticket 17"));
  CHECK(logged("admin "));
}

TEST_CASE_METHOD(gateway_with_a_case, "a case says what the host answered last, what that means, and when") {
  const auto the_case = [this] { return reply_to(*this, http_get("/v1/pending")).json().at("cases").at(0); };
  const auto before = the_case();
  CHECK(before.at("code") == "904");
  CHECK(before.at("code_meaning") == "The Message Received Was not Within Standards");
  CHECK(before.at("attempts") == 1);
  CHECK(before.at("last_attempt_answered") == true);
  CHECK(before.at("last_attempt_seconds") == 2);
  CHECK(tell(actors::retry{before.at("case").get<std::uint64_t>()}).done);
  run_until_idle();
  auto no = host_got_last();
  no.set(0, "0410");
  no.set(39, "909");
  host_says(no);
  pass(1s);
  const auto after = the_case();
  CHECK(after.at("state") == "needs you");
  CHECK(after.at("code") == "909");
  CHECK_FALSE(after.at("code_meaning") == before.at("code_meaning"));
  CHECK(after.at("attempts") == 2);
  CHECK(after.at("last_attempt_seconds") == 1);
  CHECK(tell(actors::retry{before.at("case").get<std::uint64_t>()}).done);
  pass(60s);
  CHECK(the_case().at("last_attempt_answered") == false);
}

TEST_CASE_METHOD(gateway_with_a_case, "without the token nothing is decided, and a decision needs a reason") {
  const auto path = "/v1/pending/" + number() + "/resolve";
  CHECK(reply_to(*this, post(path, "x", "")).status == 401);
  CHECK(reply_to(*this, post(path, "x", "0123456789abcdeF")).status == 401);
  const auto wrong = reply_to(*this, post(path, "x", std::string(token) + "0"));
  CHECK(wrong.status == 401);
  CHECK(wrong.json().at("code") == "wrong_token");
  CHECK_THAT(wrong.json().at("title").get<std::string>(),
             Contains("token is wrong") && Contains("adminTokenFile") && !Contains(token));
  const auto missing = reply_to(*this, support::http_post(path, "{}"));
  CHECK(missing.json().at("code") == "unauthorized");
  CHECK_THAT(missing.json().at("title").get<std::string>(),
             Contains("Authorization: Bearer TOKEN") && Contains("adminTokenFile"));
  CHECK(reply_to(*this, post(path, "  ", token)).status == 400);
  CHECK(reply_to(*this, post(path, "a\nb", token)).status == 400);
  CHECK(reply_to(*this, post("/v1/pending/99999/retry", "", token)).status == 409);
  CHECK(reply_to(*this, post("/v1/pending/x/retry", "", token)).status == 404);
  CHECK(cases().size() == 1);
  virtual_gateway without;
  const auto r = reply_to(without, post("/v1/pending/1/retry", "", "0123456789abcdef"));
  CHECK(r.status == 403);
  CHECK_THAT(r.body, Contains("adminTokenFile"));
}

TEST_CASE_METHOD(gateway_with_a_case, "the list of open cases has the filters of the command pending") {
  CHECK(reply_to(*this, http_get("/v1/pending?state=needs-you")).json().at("cases").size() == 1);
  CHECK(reply_to(*this, http_get("/v1/pending?state=unconfirmed")).json().at("cases").empty());
  CHECK(reply_to(*this, http_get("/v1/pending?tid=42&amount=..2000")).json().at("cases").size() == 1);
  const auto wrong = reply_to(*this, http_get("/v1/pending?colour=red"));
  CHECK(wrong.status == 400);
  CHECK_THAT(wrong.body, Contains("colour"));
  CHECK(reply_to(*this, http_get("/v1/pending?tid=4%2")).status == 400);
  CHECK(reply_to(*this, http_get("/v1/pending?tid=4%202")).status == 400);
  CHECK_THAT(reply_to(*this, http_get("/v1/pending")).body, !Contains("4850781234567891"));
}

TEST_CASE_METHOD(gateway_with_a_case,
                 "an open case has its age, and when its reversal is sent again by itself") {
  const auto now = [this] { return reply_to(*this, http_get("/v1/pending")).json().at("cases").at(0); };
  const auto first = now();
  CHECK(first.at("attempts") == 1);
  CHECK(first.at("attempt_under_way") == false);
  CHECK(first.at("age_seconds") == 8);
  const auto next = first.at("next_attempt_seconds").get<int>();
  pass(1s);
  CHECK(now().at("next_attempt_seconds") == next - 1);
  CHECK(now().at("age_seconds") == 9);
  reply_to(*this, post("/v1/pending/" + number() + "/retry", "", token));
  const auto again = now();
  CHECK(again.at("attempt_under_way") == true);
  CHECK_FALSE(again.contains("next_attempt_seconds"));
}

TEST_CASE("other paths and methods of the admin port are told apart") {
  virtual_gateway g;
  CHECK(reply_to(g, http_get("/nothing")).status == 404);
  const auto r = reply_to(g, support::http_post("/metrics", "{}", "Content-Type: application/json\r\n"));
  CHECK(r.status == 405);
  CHECK_THAT(r.head, Contains("Allow: GET, HEAD, OPTIONS"));
  CHECK(reply_to(g, http_get("/v1/messages/1")).status == 404);
}

TEST_CASE("the alerts and the dashboard name only metrics that the gateway has and its docs list") {
  const std::string source = SOURCE_DIR;
  const auto served = test::read(source + "/actors/metrics/prometheus.cpp");
  const auto docs = test::read(source + "/docs/ADMIN.md");
  std::size_t seen = 0;
  for (const auto* file : {"/packaging/prometheus/alerts.yml", "/packaging/grafana/socketqueue.json"}) {
    const auto text = test::read(source + file);
    const std::regex name("socketqueue_[a-z_]+");
    for (auto it = std::sregex_iterator(text.begin(), text.end(), name); it != std::sregex_iterator(); ++it) {
      auto metric = it->str();
      if (metric.ends_with("_bucket"))
        metric.resize(metric.size() - 7);
      INFO(file << ": " << metric);
      CHECK(served.find("\"" + metric + "\"") != std::string::npos);
      CHECK(docs.find("`" + metric + "`") != std::string::npos);
      ++seen;
    }
  }
  CHECK(seen > 20);
}

TEST_CASE("a reversal that has been open for a quarter of an hour makes the gateway not ready") {
  actors::gateway_status s;
  s.hosts.push_back({"", "", true, "", 0s, 0});
  s.journal.oldest_reversal = 900s;
  CHECK(actors::ready_reply(s).status == 200);
  s.journal.oldest_reversal = 901s;
  CHECK(actors::ready_reply(s).status == 503);
  s.journal.oldest_reversal = 0s;
  s.journal.has_room = false;
  CHECK(actors::ready_reply(s).status == 503);
}
