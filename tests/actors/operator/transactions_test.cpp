// What is seen of the last transactions from outside, and what became of them.

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "actors/metrics/last_transactions.hpp"
#include "actors/operator/transaction_filter.hpp"
#include "tests/support/admin_page.hpp"

using namespace std::chrono_literals;
using Catch::Contains;
using support::approval;
using support::page;
using support::virtual_gateway;
namespace seen = actors::inspection;

TEST_CASE("the last thousand transactions are seen, the newest first") {
  actors::last_transactions last;
  actors::time_point now{1h};
  for (int i = 1; i <= 1003; ++i) {
    actors::message_ended m{"0200", "000", actors::message_ended::outcome::approved};
    m.id = std::to_string(i);
    m.total = std::chrono::milliseconds(i);
    m.request = std::make_shared<const codec::message>(support::purchase());
    last.add(m, now += 1ms);
  }
  const auto hosts = actors::upstreams::only(support::shared_smart_vista());
  const auto v = last.view(now + 1s, 1795687200000, hosts).seen;
  REQUIRE(v.all.size() == 1000);
  CHECK(v.all.front().id == "1003");
  CHECK(v.all.front().number == 1003);
  CHECK(v.all.front().at == 1795687199000);
  CHECK(v.all.back().id == "4");
  CHECK(v.all.front().amount == "1000");
  CHECK(v.all.front().meaning == "Successful Transaction");
  seen::stats s;
  last.measure(s, now, 1h);
  CHECK(s.total.median_us == 503000);
  CHECK(s.total.p99_us == 993000);
  CHECK(s.host.median_us == 0);
  CHECK(s.per_minute == Approx(60060).epsilon(0.01));
  // What the host has not answered is no response of its, however long it was waited for.
  actors::message_ended m{"0200", "000", actors::message_ended::outcome::approved};
  m.at_host = 7ms;
  m.host_answered = true;
  last.add(m, now);
  m.at_host = 35s;
  m.host_answered = false;
  last.add(m, now);
  last.measure(s, now, 1h);
  CHECK(s.host.median_us == 7000);
  CHECK(s.host.p99_us == 7000);
  last.measure(s, now + 11s, 1h);
  CHECK(s.total.p99_us == 0);
  CHECK(s.per_minute == 0);
}

TEST_CASE("of the last transactions those are told that have changed since, the newest ones, and how many") {
  actors::last_transactions last;
  const actors::time_point now{1h};
  const auto hosts = actors::upstreams::only(support::shared_smart_vista());
  const auto add = [&](int i) {
    actors::message_ended m{"0200", "000", actors::message_ended::outcome::approved};
    m.transaction = static_cast<std::uint64_t>(i);
    m.id = std::to_string(i);
    last.add(m, now);
  };
  const auto told = [&](const actors::changed_transactions& wanted) {
    const auto v = last.view(now, 0, hosts, wanted);
    CHECK(v.seen.kept == 5);
    std::string ids;
    for (const auto& t : v.seen.all)
      ids += t.id + " ";
    return std::pair(ids, v.seen.fitting);
  };
  using result = std::pair<std::string, std::uint64_t>;
  for (int i = 1; i <= 3; ++i)
    add(i);
  const auto before = last.view(now, 0, hosts).newest;
  add(4);
  add(5);
  last.take({1, {"reversing"}}, now);
  CHECK(told({}) == result{"5 4 3 2 1 ", 5});
  CHECK(told({before}) == result{"5 4 1 ", 3});
  CHECK(told({before, 2}) == result{"5 4 ", 3});
  CHECK(told({last.view(now, 0, hosts).newest}) == result{"", 0});
  // Changes that have not been are of another process.
  CHECK(told({1000}) == result{"5 4 3 2 1 ", 5});
}

TEST_CASE("a client's own reversal is shown as approved where the host has done it, and nowhere else") {
  for (const auto& [code, outcome] :
       {std::pair("400", "approved"), std::pair("000", "approved"), std::pair("914", "declined"),
        std::pair("913", "declined"), std::pair("116", "declined")}) {
    INFO(code);
    virtual_gateway g;
    g.client({g.purchase()});
    g.host_says(approval(g.host_got_last()));
    auto reversal = g.purchase();
    reversal.set(0, "0400");
    g.client({reversal});
    g.host_says(approval(g.host_got_last(), code));
    g.pass(1s);
    const auto all = page(g, "/v1/transactions").at("transactions");
    REQUIRE(all.size() == 2);
    CHECK(all.at(0).at("mti") == "0400");
    CHECK(all.at(0).at("outcome") == outcome);
    CHECK(all.at(1).at("outcome") == "approved");
  }
}

TEST_CASE("/v1/transactions shows what became of the last messages of clients, without card data") {
  virtual_gateway g;
  g.client({g.purchase("00000001", "000011")});
  g.pass(20ms);
  g.host_says(approval(g.host_got_last()));
  g.http_client(support::http_post("/", R"({"0":"0200"})", "Content-Type: application/json\r\n"));
  g.client({g.purchase("00000002", "000012")});
  g.host_says(approval(g.host_got_last(), "116"));
  g.pass(1s);
  const auto all = page(g, "/v1/transactions").at("transactions");
  REQUIRE(all.size() == 2);
  CHECK(all.at(0).at("outcome") == "declined");
  CHECK(all.at(0).at("code") == "116");
  auto t = all.at(1);
  CHECK(t.at("by") == "raw");
  CHECK(t.at("tid") == "00000001");
  CHECK(t.at("stan") == "000011");
  CHECK(t.at("amount") == "1000");
  CHECK(t.at("currency") == "643");
  CHECK(t.at("outcome") == "approved");
  CHECK(t.at("hostMs").get<double>() == Approx(20));
  CHECK(t.at("refusal") == "");
  CHECK_THAT(t.at("at").get<std::string>(), Contains("T") && Contains("Z"));
  CHECK(page(g, "/v1/transactions?last=1").at("transactions").size() == 1);
  CHECK_THAT(page(g, "/v1/transactions?last=1000").dump(), !Contains("485078"));
  for (const auto* wrong : {"?last=0", "?last=1001", "?last=x", "?first=1", "?last=1&last=2",
                            "?tid=", "?stan=1&stan=2", "?find=a+a+a+a+a+a+a+a+a", "?find=%zz"})
    CHECK_THAT(page(g, std::string("/v1/transactions") + wrong, 400).at("title").get<std::string>(),
               Contains("last= must be a number"));
}

TEST_CASE(
  "of all transactions that are kept those are found that fit, by terminal, STAN, code, outcome or words") {
  actors::last_transactions last;
  actors::time_point now{1h};
  const auto add = [&](int i, const char* code, actors::message_ended::outcome is) {
    actors::message_ended m{"0200", code, is};
    m.transaction = static_cast<std::uint64_t>(i);
    m.id = std::to_string(i);
    auto request = support::purchase();
    request.set(41, i == 1 ? "00000017" : "00000042");
    request.set(11, fmt::format("{:06}", i));
    m.request = std::make_shared<const codec::message>(request);
    last.add(m, now += 1ms);
  };
  add(1, "116", actors::message_ended::outcome::declined);
  add(2, "", actors::message_ended::outcome::unknown);
  for (int i = 3; i <= 900; ++i)
    add(i, "000", actors::message_ended::outcome::approved);
  last.take({2, {"needs you"}}, now);
  const auto all = last.view(now, 0, actors::upstreams::only(support::shared_smart_vista())).seen;
  const auto found = [&all](const std::string& query) {
    const auto filter = actors::read_transaction_filter(query);
    REQUIRE(filter);
    const auto some = actors::fitting(all, *filter);
    CHECK(some.kept == 900);
    return std::pair(some.fitting, some.all.empty() ? "" : some.all.front().id);
  };
  using result = std::pair<std::uint64_t, std::string>;
  CHECK(found("") == result{900, "900"});
  CHECK(found("tid=17") == result{1, "1"});
  CHECK(found("stan=1") == result{1, "1"});
  CHECK(found("stan=000899") == result{1, "899"});
  CHECK(found("code=116") == result{1, "1"});
  CHECK(found("code=0") == result{898, "900"});
  CHECK(found("outcome=declined") == result{1, "1"});
  CHECK(found("outcome=needs-you") == result{1, "2"});
  CHECK(found("outcome=approved&tid=17") == result{0, ""});
  CHECK(found("find=insufficient+FUNDS") == result{1, "1"});
  CHECK(found("find=00000042+000777") == result{1, "777"});
  CHECK(found("find=") == result{900, "900"});
}

TEST_CASE(
  "what became of a purchase without an answer is told as long as the purchase is, its case ended or not") {
  virtual_gateway g([](config::settings& s) { s.upstreams.front().host_timeout = 5s; });
  const auto reversal_of = [&g](std::size_t of) {
    return page(g, "/v1/transactions").at("transactions").at(of).at("reversal");
  };
  g.client({g.purchase("00000042", "000001")});
  g.pass(6s);
  const auto t = page(g, "/v1/transactions").at("transactions").at(0);
  CHECK(t.at("outcome") == "unknown");
  // It was the host that it waited for.
  CHECK(t.at("hostMs").get<double>() == Approx(t.at("totalMs").get<double>()).epsilon(0.05));
  CHECK(reversal_of(0).at("state") == "reversing");
  CHECK(reversal_of(0).at("cause") == "timed_out");
  REQUIRE(g.host_got_last().mti() == "0400");
  g.host_says(approval(g.host_got_last()));
  g.pass(3s);
  CHECK(g.cases().empty());
  const auto done = reversal_of(0);
  CHECK(done.at("state") == "reversed");
  CHECK(done.at("attempts") == 1);
  CHECK(done.at("code") == "000");
  CHECK(done.at("codeMeaning") == "Successful Transaction");
  CHECK(done.at("by") == "");
  CHECK_THAT(done.at("at").get<std::string>(), Contains("T") && Contains("Z"));

  g.client({g.purchase("00000043", "000002")});
  g.pass(6s);
  g.host_says(approval(g.host_got_last(), "904"));
  g.pass(3s);
  auto parked = reversal_of(0);
  CHECK(parked.at("state") == "needs you");
  CHECK(parked.at("code") == "904");
  CHECK_THAT(parked.at("why").get<std::string>(), Contains("refuses the reversal"));
  CHECK(g.tell(actors::resolve{g.cases().front().id, "anna", "refunded, ticket 17"}).done);
  g.pass(1s);
  parked = reversal_of(0);
  CHECK(parked.at("state") == "reversed");
  CHECK(parked.at("by") == "anna");
  CHECK(parked.at("why") == "refunded, ticket 17");
  auto later = reversal_of(1);
  later["at"] = done.at("at");  // by the clock of the machine, which virtual time does not move
  CHECK(later == done);
}

TEST_CASE("a purchase that was answered has no reversal, and a card in a reason is masked") {
  virtual_gateway g([](config::settings& s) { s.upstreams.front().host_timeout = 5s; });
  g.client({g.purchase("00000001", "000011")});
  g.host_says(approval(g.host_got_last()));
  g.client({g.purchase("00000042", "000001")});
  g.pass(6s);
  g.host_says(approval(g.host_got_last(), "904"));
  g.pass(3s);
  CHECK(g.tell(actors::resolve{g.cases().front().id, "anna", "card 4111111111111111"}).done);
  g.pass(1s);
  const auto all = page(g, "/v1/transactions").at("transactions");
  CHECK(all.at(1).at("reversal").is_null());
  CHECK(all.at(0).at("reversal").at("why") == "card 411111******1111");
}
