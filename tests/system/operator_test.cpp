// The operator of the released program: what he is shown, what he may do, and what is kept of it.

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>

#include "codec/pack.hpp"
#include "tests/lab/browser.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/journaled.hpp"
#include "tests/support/v1.hpp"

using Catch::Contains;
using support::journaled;
using support::program;
using support::purchase_now;

namespace {

// A gateway with purchases whose reversals are at the host, which has not answered them yet.
struct desk : journaled {
  explicit desk(std::size_t count = 1)
    : journaled({"--queueTimeout=0.7", "--queueShortTimeout=60", "--requestMisses=0"}) {
    start();
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
      all +=
        *codec::pack(purchase_now(std::to_string(100000042 + i).substr(1), "000007"), support::smart_vista());
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket client(io);
    client.connect({boost::asio::ip::address_v4::loopback(), port});
    boost::asio::write(client, boost::asio::buffer(all));
    for (std::size_t i = 0; i < count; ++i)
      CHECK(host.read().mti() == "0200");
    for (std::size_t i = 0; i < count; ++i)
      undoing.push_back(host.read());
  }

  std::vector<codec::message> undoing;
};

nlohmann::json parsed(const std::string& text) { return nlohmann::json::parse(text, nullptr, false); }

// A gateway with an approval that its client has read and must still confirm: its number.
std::uint64_t show_an_approval(journaled& j, const std::string& key = "k",
                               const codec::message& purchase = purchase_now()) {
  lab::browser client(j.http_port);
  client.send(support::keyed(key, support::v1_json(purchase)));
  j.host.answer(j.host.read());
  CHECK(client.reply().json().at("outcome") == "approved");
  return 1;
}

}  // namespace

TEST_CASE("pending lists every case where there are thousands, as a table and as one JSON document") {
  constexpr std::size_t count = 6000;
  journaled j({"--queueTimeout=60", "--hostTimeout=2", "--maxQueue=10000"});
  j.start();
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all += *codec::pack(purchase_now(std::to_string(10000000 + i)), support::smart_vista());
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket client(io);
  client.connect({boost::asio::ip::address_v4::loopback(), j.port});
  boost::asio::write(client, boost::asio::buffer(all));
  boost::system::error_code closed;
  char byte = 0;
  client.read_some(boost::asio::buffer(&byte, 1), closed);  // they have all timed out
  const auto [status, text] = j.asked({"pending", "--json"});
  CHECK(status == 0);
  const auto document = parsed(text);
  REQUIRE(document.is_object());
  std::set<std::string> terminals;
  for (const auto& c : document.at("cases"))
    terminals.insert(c.at("tid").get<std::string>());
  CHECK(terminals.size() == count);
  const auto [table_status, table] = j.asked({"pending"});
  CHECK(table_status == 0);
  CHECK(std::ranges::count(table, '\n') >= static_cast<std::ptrdiff_t>(count));
}

TEST_CASE(
  "reverse and resolve let alone what is no open case: an approval that a client was just shown stays as it "
  "is") {
  journaled j({"--httpDelivery=confirm"});
  j.start();
  const auto number = std::to_string(show_an_approval(j));
  for (const auto* verb : {"reverse", "resolve", "retry"}) {
    std::vector<std::string> command{verb, number};
    if (verb != std::string("retry"))
      command.emplace_back("--why=a mistyped number");
    const auto [status, text] = j.asked(command);
    CHECK(status == 1);
    CHECK_THAT(text, Contains("transaction " + number +
                              " is no open case: it is approved, and is being delivered to its client"));
  }
  CHECK(j.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
  const auto [status, text] = j.asked({"reverse", "999", "--why=a mistyped number"});
  CHECK(status == 1);
  CHECK_THAT(text, Contains("there is no transaction 999"));
}

TEST_CASE("reverse of a case that needs a person does not say that it is being reversed, but what tries it") {
  desk d;
  d.host.answer(d.undoing.front(), "904");
  REQUIRE(d.gateway->says("ALARM: "));
  const auto [status, text] = d.asked({"reverse", "1", "--why=by hand"});
  CHECK(status == 1);
  CHECK_THAT(text, Contains("case 1 needs a person") && Contains("`socketqueue retry 1`"));
}

TEST_CASE("pending has the same exit status as a table and as JSON") {
  desk d;
  CHECK(d.asked({"pending", "--json"}).first == 0);
  d.host.answer(d.undoing.front(), "904");
  REQUIRE(d.gateway->says("ALARM: "));
  CHECK(d.asked({"pending"}).first == 1);
  CHECK(d.asked({"pending", "--json"}).first == 1);
}

TEST_CASE("pending shows what is being reversed, cards masked, and for a script as JSON") {
  desk d;
  const auto [status, table] = d.asked({"pending"});
  CHECK(status == 0);
  CHECK_THAT(table, Contains("reversing") && Contains("00000042") && Contains("000007") &&
                      Contains("1000 643") && Contains("485078******7891") && Contains("timed_out") &&
                      !Contains(support::test_pan));
  const auto [json_status, text] = d.asked({"pending", "--json"});
  CHECK(json_status == 0);
  const auto row = nlohmann::json::parse(text).at("cases").at(0);
  CHECK(row.at("state") == "reversing");
  CHECK(row.at("tid") == "00000042");
  CHECK(row.at("merchant") == "000000000000123");
  CHECK(row.at("card") == "485078******7891");
  CHECK(nlohmann::json::parse(text).at("cases").size() == 1);
}

TEST_CASE(
  "what the host refuses to reverse needs a person: pending says so by its status, retry asks the host "
  "again, resolve ends it") {
  desk d;
  const auto number = std::to_string(
    nlohmann::json::parse(d.asked({"pending", "--json"}).second).at("cases").at(0).at("case").get<int>());
  d.host.answer(d.undoing.front(), "904");
  REQUIRE(d.gateway->says("ALARM: 0200 TID 00000042 STAN 000007 (case " + number +
                          ") could not be reversed: the host refuses the reversal, code 904"));
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
  CHECK(d.asked({"resolve", number, "--why", why}) ==
        std::pair(0, "Case " + number + " is off the list, as reversed\n"));
  REQUIRE(d.gateway->says("ticket 4711"));
  CHECK_THAT(d.gateway->output(),
             Contains("Case " + number + " (0200 TID 00000042 STAN 000007) is resolved by ") &&
               Contains(": refunded by hand, card 485078******7891, ticket 4711") &&
               !Contains(support::test_pan));
  CHECK(d.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
  CHECK(d.asked({"retry", number}).first == 1);
  CHECK(d.asked({"resolve", number, "--why=x"}).first == 1);

  // It stays off the list, and who did it and why stays in the journal, the card masked there too.
  d.start_again();
  CHECK(d.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
  d.kill();
  const auto kept = test::read(d.journal + "/journal.db") + test::read(d.journal + "/journal.db-wal");
  CHECK_THAT(kept, Contains("refunded by hand, card 485078******7891, ticket 4711") && Contains("uid ") &&
                     !Contains(support::test_pan));
}

TEST_CASE("a wrong wish is one sentence and status 2, and without a gateway so is any") {
  struct wrong {
    std::vector<std::string> command;
    const char* says;
  };
  const auto w = GENERATE(
    wrong{{"pending"}, "no gateway answers at "}, wrong{{"pending", "7"}, "takes no '7'"},
    wrong{{"pending", "--jsn"}, "has no option '--jsn'"},
    wrong{{"retry"}, "retry needs the number of a case"}, wrong{{"retry", "0"}, "not '0'"},
    wrong{{"retry", "3x"}, "not '3x'"}, wrong{{"retry", "3-"}, "not '3-'"},
    wrong{{"retry", "18446744073709551616"}, "not '18446744073709551616'"},
    wrong{{"reverse", "\x1b[2J", "--why=x"}, "not '.[2J'"}, wrong{{"retry", "7", "8"}, "one case at a time"},
    wrong{{"retry", "7", "--why=x"}, "retry takes no reason"},
    wrong{{"resolve", "7"}, "resolve needs a reason"},
    wrong{{"resolve", "7", "--why", " "}, "resolve needs a reason"},
    wrong{{"reverse", "7", "--why", "a\x1b[2Jb"}, "a control character, byte 2"},
    wrong{{"reverse", "7", "--why", std::string(1001, 'x')}, "may have 1000 bytes, and this one has 1001"},
    wrong{{"reverse", "--all"}, "reverse needs a reason"}, wrong{{"retry", "7", "--all"}, "not both"},
    wrong{{"retry", "--state=dead"}, "--state must be"},
    wrong{{"pending", "--older=soon"}, "--older must be"},
    wrong{{"pending", "--amount=5..1"}, "--amount must be"},
    wrong{{"pending", "--dry-run"}, "has no option '--dry-run'"},
    wrong{{"pending", "--older=2"}, "--older must be a time with its unit"},
    wrong{{"retry", "--older=0"}, "--older must be a time with its unit"},
    wrong{{"resolve", "--all", "--why", "--dry-run"}, "--why needs a value, and '--dry-run' is an option"},
    wrong{{"resolve", "--all", "--why"}, "--why needs a value, and '--journal="},
    wrong{{"pending", "--tid", "--json"}, "--tid needs a value, and '--json' is an option"},
    wrong{{"pending", "--tid=A", "--tid=B"}, "--tid is given twice"},
    wrong{{"pending", "--state=unconfirmed", "--state=reversing"}, "--state is given twice"},
    wrong{{"resolve", "7", "--why=a", "--why=b"}, "--why is given twice"},
    wrong{{"pending", "--journal=a"}, "--journal is given twice"},
    wrong{{"pending", "--journal", "--json"}, "--journal needs a value, and '--json' is an option"},
    wrong{{"reverse",
           "a\x9b"
           "2J",
           "--why=x"},
          "not 'a.2J'"},
    wrong{{"reverse", "7", "--why",
           "a\x9b"
           "2J"},
          "byte 2"},
    wrong{{"revrse", "7", "--why=x"}, "there is no command 'revrse'; did you mean 'reverse'?"},
    wrong{{"retry", "7", "--journal="}, "--journal=DIR"});
  test::directory nobody;
  auto command = w.command;
  command.push_back("--journal=" + nobody.path());
  program p(command);
  CHECK(p.wait() == 2);
  CHECK_THAT(p.output(), Contains(w.says) && Catch::StartsWith("socketqueue: "));
  CHECK(std::ranges::count(p.output(), '\n') == 1);
}

TEST_CASE("a gateway that has its journal and does not listen yet is said to be starting") {
  const test::directory here;
  test::write(here / "lock", "1\n");
  const int lock = ::open((here / "lock").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::flock(lock, LOCK_EX | LOCK_NB) == 0);
  for (const auto& command : {"pending", "reload"}) {
    program p({command, "--journal=" + here.path()});
    CHECK(p.wait() == 2);
    CHECK_THAT(p.output(), Contains("(process " + std::to_string(::getpid()) +
                                    ") does not answer: it is starting, "
                                    "and reads its journal first"));
  }
  ::close(lock);
  program p({"pending", "--journal=" + here.path()});
  CHECK(p.wait() == 2);
  CHECK_THAT(p.output(), Contains("no gateway answers at "));
}

TEST_CASE("a journal's directory that is not there is named") {
  test::directory nobody;
  program p({"pending", "--journal=" + nobody.path() + "/mistyped"});
  CHECK(p.wait() == 2);
  CHECK_THAT(p.output(), Contains("mistyped: there is no such directory"));
}

TEST_CASE(
  "cases are meant by lists, ranges and filters, a dry run does nothing, and what is refused is counted") {
  desk d(3);
  const auto dry = d.asked({"resolve", "1-99", "--dry-run"});
  CHECK(dry.first == 0);
  CHECK_THAT(dry.second, Contains("00000042") && Contains("00000043") && Contains("00000044") &&
                           Contains("Nothing was done: resolve would be asked for 3 cases."));
  const auto one =
    parsed(d.asked({"pending", "--json", "--tid=00000043", "--amount=1..1000", "--state=reversing"}).second);
  REQUIRE(one.at("cases").size() == 1);
  CHECK(one.at("cases").at(0).at("tid") == "00000043");
  CHECK(d.asked({"pending", "--older=1h"}) == std::pair(0, std::string("No open case is meant by this.\n")));
  CHECK(d.asked({"retry", "--state=unconfirmed"}) ==
        std::pair(0, std::string("No open case is meant by this.\n")));

  for (int i = 0; i < 3; ++i)
    d.host.answer(d.undoing.at(static_cast<std::size_t>(i)), "904");
  REQUIRE(d.gateway->says("ALARM: ", 3));
  const auto some = d.asked({"resolve", "2-3,9", "--why=refunded by hand"});
  CHECK(some.first == 1);
  CHECK_THAT(some.second,
             Contains("socketqueue: there is no transaction 9") && Contains("resolve: 2 done, 1 refused."));
  const auto [status, text] = d.asked({"resolve", "--all", "--why=refunded by hand", "--json"});
  CHECK(status == 0);
  const auto summary = parsed(text);
  REQUIRE(summary.is_object());
  CHECK(summary.at("done") == 1);
  CHECK(summary.at("refused") == 0);
  CHECK(summary.at("results").at(0).at("case") == 1);
  CHECK(d.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
  CHECK(parsed(d.asked({"pending", "--json"}).second).at("cases").empty());
  CHECK(parsed(d.asked({"retry", "--all", "--json"}).second).at("done") == 0);
}

TEST_CASE("of two operators who resolve one case at a time one does it, and the other is told so") {
  desk d;
  d.host.answer(d.undoing.front(), "904");
  REQUIRE(d.gateway->says("ALARM: "));
  program anna({"resolve", "1", "--why=by anna", "--journal=" + d.journal});
  program bert({"resolve", "1", "--why=by bert", "--journal=" + d.journal});
  CHECK(anna.wait() + bert.wait() == 1);
  CHECK_THAT(anna.output() + bert.output(), Contains("Case 1 is off the list, as reversed"));
  CHECK(d.asked({"pending"}) == std::pair(0, std::string("No open cases.\n")));
}

TEST_CASE("a reason with lines and letters of other tongues is kept and shown as one line") {
  journaled j({"--httpDelivery=confirm"});
  j.start();
  show_an_approval(j);
  j.start_again();
  CHECK(j.asked({"reverse", "1", "--why", "R\u00fcckgabe\nTicket 4711"}) ==
        std::pair(0, std::string("Case 1 is being reversed\n")));
  const auto [status, table] = j.asked({"pending"});
  CHECK(status == 0);
  CHECK_THAT(table, Contains("R\u00fcckgabe Ticket 4711"));
}

TEST_CASE("a forgotten reason does not take the next option for it: all cases stay on the list") {
  desk d;
  d.host.answer(d.undoing.front(), "904");
  REQUIRE(d.gateway->says("ALARM: "));
  CHECK(d.asked({"resolve", "--all", "--why", "--dry-run"}).first == 2);
  CHECK(d.asked({"pending"}).first == 1);
  CHECK(d.asked({"resolve", "--all", "--why=--refunded by hand--"}).first == 0);
  REQUIRE(d.gateway->says(": --refunded by hand--"));
}
