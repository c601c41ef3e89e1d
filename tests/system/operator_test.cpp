// The operator of the released program: what he is shown, what he may do, and what is kept of it.

#include <catch2/catch.hpp>

#include <boost/asio.hpp>
#include <nlohmann/json.hpp>

#include "codec/pack.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"

using Catch::Contains;
using support::journaled;
using support::program;
using support::purchase_now;

namespace {

// A gateway with a purchase whose reversal the host refuses.
struct desk : journaled {
  desk() : journaled({"--queueTimeout=0.3"}) {
    start();
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket client(io);
    client.connect({boost::asio::ip::address_v4::loopback(), port});
    boost::asio::write(client, boost::asio::buffer(*codec::pack(purchase_now("00000042", "000007"), support::smart_vista())));
    CHECK(host.read().mti() == "0200");
    undoing = host.read();
  }

  codec::message undoing;
};

} // namespace

TEST_CASE("pending shows what is being reversed, cards masked, and for a script as JSON") {
  desk d;
  const auto [status, table] = d.asked({"pending"});
  CHECK(status == 0);
  CHECK_THAT(table, Contains("reversing") && Contains("00000042") && Contains("000007") && Contains("1000 643") && Contains("485078******7891") &&
                      Contains("timed_out") && !Contains(support::test_pan));
  const auto [json_status, text] = d.asked({"pending", "--json"});
  CHECK(json_status == 0);
  const auto row = nlohmann::json::parse(text).at("cases").at(0);
  CHECK(row.at("state") == "reversing");
  CHECK(row.at("tid") == "00000042");
  CHECK(row.at("merchant") == "000000000000123");
  CHECK(row.at("card") == "485078******7891");
  CHECK(nlohmann::json::parse(text).at("cases").size() == 1);
}

TEST_CASE("what the host refuses to reverse needs a person: pending says so by its status, retry asks the host again, resolve ends it") {
  desk d;
  const auto number = std::to_string(nlohmann::json::parse(d.asked({"pending", "--json"}).second).at("cases").at(0).at("case").get<int>());
  d.host.answer(d.undoing, "904");
  REQUIRE(d.gateway->says("ALARM: 0200 TID 00000042 STAN 000007 (case " + number + ") could not be reversed: the host refuses the reversal, code 904"));
  const auto [status, table] = d.asked({"pending"});
  CHECK(status == 1);
  CHECK_THAT(table, Contains("needs you") && Contains("the host refuses the reversal, code 904"));

  CHECK(d.asked({"retry", number}) == std::pair(0, "The reversal of case " + number + " is tried now\n"));
  const auto again = d.host.read();
  CHECK(again.mti() == "0400");
  CHECK(d.asked({"resolve", number, "--why=x"}).first == 1);  // it is at the host
  d.host.answer(again, "904");
  REQUIRE(d.gateway->says("[Reversal Response]", 2));

  const std::string why = "refunded by hand, card 4850781234567891, ticket 4711";
  CHECK(d.asked({"resolve", number, "--why", why}) == std::pair(0, "Case " + number + " is off the list, as reversed\n"));
  REQUIRE(d.gateway->says("ticket 4711"));
  CHECK_THAT(d.gateway->output(), Contains("Case " + number + " (0200 TID 00000042 STAN 000007) is resolved by ") &&
                                    Contains(": refunded by hand, card 485078******7891, ticket 4711") && !Contains(support::test_pan));
  CHECK(d.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
  CHECK(d.asked({"retry", number}).first == 1);
  CHECK(d.asked({"resolve", number, "--why=x"}).first == 1);

  // It stays off the list, and who did it and why stays in the journal, the card masked there too.
  d.start_again();
  CHECK(d.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
  d.kill();
  const auto kept = test::read(d.journal + "/journal.db") + test::read(d.journal + "/journal.db-wal");
  CHECK_THAT(kept, Contains("refunded by hand, card 485078******7891, ticket 4711") && Contains("\"who\":\"") && !Contains(support::test_pan));
}

TEST_CASE("a wrong wish is one sentence and status 2, and without a gateway so is any") {
  struct wrong {
    std::vector<std::string> command;
    const char* says;
  };
  const auto w = GENERATE(wrong{{"pending"}, "no gateway answers at "}, wrong{{"pending", "7"}, "takes no '7'"}, wrong{{"pending", "--jsn"}, "has no option '--jsn'"},
                          wrong{{"retry"}, "retry needs the number of a case"}, wrong{{"retry", "0"}, "not '0'"}, wrong{{"retry", "7", "8"}, "one case at a time"},
                          wrong{{"retry", "7", "--why=x"}, "retry has no option '--why=x'"}, wrong{{"resolve", "7"}, "resolve needs a reason"},
                          wrong{{"resolve", "7", "--why", " "}, "resolve needs a reason"}, wrong{{"retry", "7", "--journal="}, "--journal=DIR"});
  test::directory nobody;
  auto command = w.command;
  command.push_back("--journal=" + nobody.path());
  program p(command);
  CHECK(p.wait() == 2);
  CHECK_THAT(p.output(), Contains(w.says) && Catch::StartsWith("socketqueue: "));
  CHECK(std::ranges::count(p.output(), '\n') == 1);
}
