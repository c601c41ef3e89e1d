// The operator at the control socket of a whole gateway: what he is shown, and what is done at his word.

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <set>

#include "actors/operator/case_filter.hpp"
#include "actors/transaction/operator_decision.hpp"
#include "codec/text/legacy_json.hpp"
#include "tests/support/v1.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using actors::case_filter;
using actors::lifecycle::state;
using nlohmann::json;
using support::approval;
using support::virtual_gateway;

namespace {

struct desk : virtual_gateway {
  using virtual_gateway::virtual_gateway;

  // What a line is answered with; discarded where there is no answer.
  json told(const std::string& line) {
    const auto asking = operator_says(line);
    std::string answer;
    for (const auto& segment : asking->sent)
      answer += segment;
    longest = std::max(longest, answer.size());
    return json::parse(answer, nullptr, false);
  }

  json result(const std::string& line) {
    const auto answer = told(line);
    REQUIRE(answer.contains("results"));
    REQUIRE(answer.at("results").size() == 1);
    return answer.at("results").at(0);
  }

  // A purchase whose approval its client has not read yet.
  codec::message approve_unread(const std::string& tid = "00000042") {
    const auto request = purchase(tid);
    const auto c = client();
    c->stop_reading();
    c->says(support::wire(request));
    run_until_idle();
    host_says(approval(request));
    return request;
  }

  // The same after a kill: nobody knows whether its client has it.
  codec::message leave_unconfirmed(const std::string& tid = "00000042") {
    const auto request = approve_unread(tid);
    restart();
    host_answers();
    REQUIRE(cases().size() == 1);
    REQUIRE(cases()[0].state == state::unconfirmed);
    return request;
  }

  // As many that the host does not answer, all at once; they are due when this returns.
  void lose_purchases(int count) {
    net::bytes all;
    for (int i = 0; i < count; ++i)
      all += support::wire(purchase(std::to_string(10000000 + i)));
    client()->says(all);
    run_until_idle();
    pass(36s);
  }

  std::size_t reversals() const {
    const auto all = host_got();
    return static_cast<std::size_t>(std::ranges::count(all, "0400", &codec::message::mti));
  }

  std::size_t longest = 0;  // answer so far
};

std::vector<support::http_response> responses(const player::connection_ptr& c) {
  std::string text;
  for (const auto& segment : c->sent)
    text += segment;
  return support::http_responses(text);
}

actors::transaction case_of(actors::transaction_id id, state s, const std::string& amount = "000000001000",
                            std::int64_t begun = 0) {
  actors::transaction p;
  p.id = id;
  p.state = s;
  p.begun = begun;
  p.request = std::make_shared<const codec::message>(support::purchase("00000042", "000001", amount));
  return p;
}

case_filter filter_of(const std::string& name, const std::string& value) {
  case_filter f;
  CHECK(actors::read_filter(name, value, f) == "");
  return f;
}

}  // namespace

TEST_CASE("without automatic reversals nothing says that one was sent or will be") {
  desk h([](config::settings& s) { s.delivery.no_auto_reversal = true; });
  h.lose_purchases(1);
  REQUIRE(h.cases().size() == 1);
  REQUIRE(h.reversals() == 0);
  CHECK(h.logged("an open case, and waits for `socketqueue retry`"));
  CHECK_FALSE(h.logged("to be reversed"));
  const auto text = h.result("reverse 1 no receipt").at("text").get<std::string>();
  CHECK_THAT(text, Catch::Contains("no reversal was sent") && Catch::Contains("`socketqueue retry 1`"));
}

TEST_CASE("the list comes in pages, each of them small, and together they are all cases once") {
  desk h([](config::settings& s) {
    s.queue.messages_max = 10000;
    s.delivery.no_auto_reversal = true;
  });
  h.lose_purchases(1000);
  REQUIRE(h.cases().size() == 1000);
  std::set<std::uint64_t> seen;
  std::size_t pages = 0;
  for (std::uint64_t after = 0; pages == 0 || after != 0; ++pages) {
    const auto page = h.told("pending after=" + std::to_string(after));
    REQUIRE(page.contains("cases"));
    for (const auto& c : page.at("cases"))
      CHECK(seen.insert(c.at("case").get<std::uint64_t>()).second);
    after = page.value("next", std::uint64_t{0});
  }
  CHECK(seen.size() == 1000);
  CHECK(pages == 5);
  CHECK(h.longest < 300U * 1024);
}

TEST_CASE("a page of cases with long reasons is cut where it grows too long, and loses none") {
  desk h([](config::settings& s) {
    s.queue.messages_max = 1000;
    s.delivery.no_auto_reversal = true;
  });
  h.lose_purchases(250);
  // Each of its characters takes six in JSON.
  for (const auto& c : h.cases()) {
    actors::decision d{actors::decision::kind::attempt, c.id};
    d.code = std::string(1000, '\x01');
    d.attempt = 1;
    caf::anon_send(caf::actor_cast<actors::journal_actor>(h.part("journal")),
                   actors::log_lazily{std::move(d)});
  }
  h.run_until_idle();
  std::size_t seen = 0;
  for (std::uint64_t after = 0, first = 1; first != 0 || after != 0; first = 0) {
    const auto page = h.told("pending after=" + std::to_string(after));
    seen += page.at("cases").size();
    after = page.value("next", std::uint64_t{0});
  }
  CHECK(seen == 250);
  CHECK(h.longest < 300U * 1024);
}

TEST_CASE("a filter means a state, an age, amounts, a terminal and numbers, and all of them together") {
  CHECK(matches({}, case_of(7, state::reversal_due), 0));
  CHECK(matches(filter_of("state", "needs-you"), case_of(7, state::parked), 0));
  CHECK_FALSE(matches(filter_of("state", "needs-you"), case_of(7, state::reversal_due), 0));
  CHECK(matches(filter_of("state", "unconfirmed"), case_of(7, state::unconfirmed), 0));
  CHECK(matches(filter_of("state", "reversing"), case_of(7, state::reversal_due), 0));
  CHECK(matches(filter_of("older", "2h"), case_of(7, state::reversal_due, "000000001000", 100), 7300));
  CHECK_FALSE(matches(filter_of("older", "2h"), case_of(7, state::reversal_due, "000000001000", 101), 7300));
  CHECK(matches(filter_of("amount", "1000..5000"), case_of(7, state::reversal_due), 0));
  CHECK(matches(filter_of("amount", "1000"), case_of(7, state::reversal_due), 0));
  CHECK(matches(filter_of("amount", "..1000"), case_of(7, state::reversal_due), 0));
  CHECK_FALSE(matches(filter_of("amount", "1001.."), case_of(7, state::reversal_due), 0));
  CHECK(matches(filter_of("tid", "00000042"), case_of(7, state::reversal_due), 0));
  CHECK_FALSE(matches(filter_of("tid", "00000043"), case_of(7, state::reversal_due), 0));
  CHECK(matches(filter_of("cases", "3-17,20"), case_of(7, state::reversal_due), 0));
  CHECK_FALSE(matches(filter_of("cases", "3-17,20"), case_of(18, state::reversal_due), 0));
  auto both = filter_of("cases", "7");
  both.state = "unconfirmed";
  CHECK_FALSE(matches(both, case_of(7, state::reversal_due), 0));
}

TEST_CASE("a filter that says nothing, or nothing that can be, is told what it should say") {
  case_filter f;
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"state", "dead"},
                                                        {"state", ""},
                                                        {"older", "yesterday"},
                                                        {"older", "2"},
                                                        {"amount", ".."},
                                                        {"amount", "5..1"},
                                                        {"amount", "1e3"},
                                                        {"tid", ""},
                                                        {"cases", ""},
                                                        {"cases", "0"},
                                                        {"cases", "3-"},
                                                        {"cases", "-3"},
                                                        {"cases", "17-3"},
                                                        {"cases", "3,,4"},
                                                        {"cases", "3x"},
                                                        {"cases", "18446744073709551616"}}) {
    INFO(name << "=" << value);
    CHECK_FALSE(actors::read_filter(name, value, f).empty());
  }
  CHECK(actors::read_cases("20,3-17,5-18") == std::vector<case_filter::range>{{3, 18}, {20, 20}});
  CHECK(actors::read_cases("18446744073709551615")->front().first == 18446744073709551615U);
}

TEST_CASE("a filter that is given twice is refused, whatever the second says") {
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
         {"state", "reversing"}, {"older", "2h"}, {"amount", "5"}, {"tid", "00000042"}, {"cases", "3"}}) {
    INFO(name << "=" << value);
    case_filter f;
    CHECK(actors::read_filter(name, value, f).empty());
    CHECK_THAT(actors::read_filter(name, value, f), Catch::Contains("is given twice"));
  }
  desk h;
  h.leave_unconfirmed();
  CHECK_THAT(h.told("pending tid=00000041 tid=00000042").value("error", ""),
             Catch::Contains("--tid is given twice"));
}

TEST_CASE("what is no open case is let alone by every word, which says how it stands") {
  desk h;
  const auto request = h.approve_unread();
  REQUIRE(h.cases().empty());
  for (const auto* line : {"reverse 1 a mistyped number", "resolve 1 a mistyped number", "retry 1"}) {
    const auto r = h.result(line);
    CHECK_FALSE(r.at("done").get<bool>());
    CHECK_THAT(
      r.at("text").get<std::string>(),
      Catch::Contains("transaction 1 is no open case: it is approved, and is being delivered to its client"));
  }
  CHECK(h.host_got().size() == 1);
  const auto waiting = h.client({h.purchase("00000043", "000002")});
  CHECK_THAT(h.result("reverse 2 x").at("text").get<std::string>(), Catch::Contains("it is at the host"));
  h.host_says(approval(h.host_got_last(), "116"));
  CHECK_THAT(h.result("resolve 2 x").at("text").get<std::string>(),
             Catch::Contains("it has ended as declined"));
  CHECK_THAT(h.result("reverse 18446744073709551615 x").at("text").get<std::string>(),
             Catch::Contains("there is no transaction 18446744073709551615"));
  CHECK(h.cases().empty());
}

TEST_CASE("reverse is for what is unconfirmed, once") {
  desk h;
  h.leave_unconfirmed();
  CHECK_THAT(h.result("retry 1").at("text").get<std::string>(), Catch::Contains("case 1 is unconfirmed"));
  CHECK(h.reversals() == 0);
  CHECK(h.result("reverse 1 no receipt, card 4111111111111111") ==
        json{{"case", 1}, {"done", true}, {"text", "Case 1 is being reversed"}});
  CHECK(h.reversals() == 1);
  CHECK(h.logged("no receipt, card 411111******1111"));
  const auto again = h.result("reverse 1 no receipt");
  CHECK_FALSE(again.at("done").get<bool>());
  CHECK_THAT(again.at("text").get<std::string>(), Catch::Contains("case 1 is being reversed already"));
  h.host_says(approval(h.host_got_last(), "904"));
  h.pass(1s);
  CHECK_THAT(h.result("reverse 1 no receipt").at("text").get<std::string>(),
             Catch::Contains("case 1 needs a person") && Catch::Contains("`socketqueue retry 1`"));
  CHECK(h.reversals() == 1);
}

TEST_CASE(
  "a word about several cases is answered for each, and what is refused keeps none of the others back") {
  desk h([](config::settings& s) {
    s.delivery.no_auto_reversal = true;
    s.upstreams.front().liveness.request_misses = 0;
  });
  h.lose_purchases(3);
  const auto answer = h.told("retry 1,2,9,3");
  REQUIRE(answer.at("results").size() == 4);
  std::vector<std::pair<int, bool>> results;
  for (const auto& r : answer.at("results"))
    results.emplace_back(r.at("case").get<int>(), r.at("done").get<bool>());
  CHECK(results == std::vector<std::pair<int, bool>>{{1, true}, {2, true}, {3, true}, {9, false}});
  CHECK(h.reversals() == 3);
}

TEST_CASE(
  "what an operator resolves is not reversed while the disk takes its time over it, and is no other "
  "operator's any more") {
  desk h;
  h.lose_purchases(1);
  h.host_says(approval(h.host_got_last(), "904"));
  REQUIRE(h.reversals() == 1);
  h.pass(890s);
  h.kept.disk().pause();
  const auto first = h.operator_says("resolve 1 refunded by hand");
  CHECK_THAT(h.result("retry 1").at("text").get<std::string>(),
             Catch::Contains("is just being resolved by an operator"));
  CHECK_THAT(h.result("resolve 1 me too").at("text").get<std::string>(),
             Catch::Contains("is just being resolved by an operator"));
  h.pass(20s);  // its next attempt would have been due
  CHECK(h.reversals() == 1);
  CHECK(first->sent.empty());
  h.kept.disk().release();
  h.run_until_idle();
  REQUIRE(first->sent.size() == 1);
  CHECK_THAT(first->sent[0], Catch::Contains("\"done\":true"));
  h.pass(1h);
  CHECK(h.reversals() == 1);
}

TEST_CASE(
  "a line that is none, is too long, or carries what steers a screen is refused with a sentence, and nothing "
  "is done") {
  desk h;
  h.leave_unconfirmed();
  for (const auto& line : std::vector<std::string>{
         "", "revrse 1 x", "reverse", "reverse x y", "reverse 1", "reverse 1  ",
         "reverse 1-100 x y" + std::string(4100, 'x'), "reverse 1-200 x", "reverse 1 a\x1b[2Jb",
         "reverse 1 a\xc2\x9b"
         "2Jb",
         "reverse 1 a\x9b"
         "2Jb",
         "reverse 1 a\x7f", "reverse 1 " + std::string(1001, 'x'), "pending 7", "pending after=x",
         "pending state=dead", "retry 18446744073709551616"}) {
    INFO(line.substr(0, 40));
    const auto answer = h.told(line);
    REQUIRE(answer.is_object());
    CHECK(answer.contains("error"));
  }
  CHECK(h.reversals() == 0);
  CHECK(h.cases().size() == 1);
}

TEST_CASE("a case wants a look when it needs a person, or has been unconfirmed for some minutes") {
  CHECK(actors::needs_a_look(case_of(1, state::parked), 0));
  CHECK_FALSE(actors::needs_a_look(case_of(1, state::reversal_due, "1", 0), 100000));
  CHECK_FALSE(actors::needs_a_look(case_of(1, state::unconfirmed, "1", 1000), 1299));
  CHECK(actors::needs_a_look(case_of(1, state::unconfirmed, "1", 1000), 1300));
}

TEST_CASE(
  "what stays unconfirmed ends as approved when its age comes, for all later processes too, and frees its "
  "TID and STAN") {
  desk h([](config::settings& s) { s.delivery.unconfirmed_age = 2h; });
  const auto request = h.leave_unconfirmed();
  h.pass(119min);
  CHECK(h.cases().size() == 1);
  CHECK(h.client({request})->closed);
  h.pass(2min);
  CHECK(h.cases().empty());
  CHECK(h.logged("is closed as approved by policy: unconfirmed for 2 h"));
  h.restart();
  h.host_answers();
  CHECK(h.cases().empty());
  h.client({h.purchase()});
  REQUIRE(h.host_got().size() == 1);
  CHECK(h.host_got()[0].mti() == "0200");
}

TEST_CASE("without an age what is unconfirmed stays so, and so does what is being reversed with one") {
  const bool never = GENERATE(true, false);
  desk h([&](config::settings& s) {
    s.delivery.unconfirmed_age = never ? 0s : 1h;
    s.delivery.no_auto_reversal = true;
  });
  if (never)
    h.leave_unconfirmed();
  else
    h.lose_purchases(1);
  h.pass(3h);
  CHECK(h.cases().size() == 1);
}

TEST_CASE("an approval that its client is just reading is reversed by no word, and stands when it was read") {
  desk h;
  const auto body = support::v1_json(h.purchase());
  h.http_client(support::keyed("k", body));
  h.host_says(approval(h.host_got_last()));
  h.restart();
  h.host_answers();
  REQUIRE(h.cases().size() == 1);
  const auto again = h.http_client();
  again->stop_reading();
  again->says(support::keyed("k", body));
  h.run_until_idle();
  const auto r = h.result("reverse 1 the shop has no receipt");
  CHECK_FALSE(r.at("done").get<bool>());
  CHECK_THAT(r.at("text").get<std::string>(), Catch::Contains("case 1 is being shown to its client"));
  again->read_on();
  h.pass(60s);
  CHECK(responses(again).size() == 1);
  CHECK(h.cases().empty());
  CHECK(h.reversals() == 0);
}

TEST_CASE(
  "from the moment that an operator has an approval reversed nobody is shown it, however long the disk takes "
  "over that") {
  desk h;
  const auto body = support::v1_json(h.purchase());
  const auto before = h.http_client(support::keyed("k", body));
  h.host_says(approval(h.host_got_last()));
  const auto shown = responses(before);
  REQUIRE(shown.size() == 1);
  REQUIRE(shown[0].status == 200);
  const auto id = shown[0].json().at("transaction_id").get<std::string>();
  h.restart();
  h.host_answers();
  REQUIRE(h.cases().size() == 1);

  h.kept.disk().pause();
  const auto wish = h.operator_says("reverse 1 the shop has no receipt");
  const auto again = h.http_client(support::keyed("k", body));
  const auto by_id = h.http_client(support::http_get("/v1/messages/" + id));
  const auto confirms = h.http_client(support::http_post("/v1/messages/" + id + "/confirm", ""));
  h.pass(5s);
  CHECK(wish->sent.empty());
  for (const auto& asker : {again, by_id, confirms})
    CHECK(responses(asker).empty());
  CHECK(h.reversals() == 0);

  h.kept.disk().release();
  h.run_until_idle();
  CHECK(h.reversals() == 1);
  for (const auto& asker : {again, by_id, confirms}) {
    REQUIRE(responses(asker).size() == 1);
    CHECK(responses(asker)[0].json().at("outcome") == "reversing");
  }
}
