// Plays every story of scenarios/ in several orders, and reads wrong stories.

#include <catch2/catch.hpp>

#include <filesystem>
#include <set>

#include "config/load.hpp"
#include "scenarios/player/player.hpp"
#include "scenarios/player/verbs.hpp"
#include "scenarios/player/virtual_world.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/files.hpp"

using Catch::Contains;

namespace {

std::vector<std::string> story_files() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(SOURCE_DIR) + "/scenarios/stories"))
    if (entry.path().extension() == ".scenario")
      names.push_back(std::filesystem::relative(entry.path(), SOURCE_DIR).string());
  std::ranges::sort(names);
  return names;
}

player::story read(const std::string& text, const std::string& file = "story") {
  auto s = player::parse_story(file, text);
  if (const auto* error = std::get_if<player::story_error>(&s))
    FAIL(player::to_string(*error, "story"));
  return std::get<player::story>(s);
}

// What is wrong with a story, found by reading or by playing it.
std::string error_of(const std::string& text) {
  const auto s = player::parse_story("story", text);
  if (const auto* error = std::get_if<player::story_error>(&s))
    return player::to_string(*error, "story");
  const auto o = player::play(std::get<player::story>(s), support::smart_vista(), 1);
  return o.error ? player::to_string(*o.error, "story") : "";
}

// What came instead, of a story that should fail.
std::string failure_of(const std::string& text) {
  std::string failure;
  const auto s = read(text);
  const auto o = player::play(s, support::smart_vista(), 1, [&failure](const player::played_step& step) {
    if (step.failure)
      failure = std::to_string(step.what->line) + ": " + *step.failure;
  });
  CHECK_FALSE(o.good);
  return failure;
}

std::string trace_of(const std::string& file, std::uint64_t seed) {
  return player::play(read(support::file_text(file)), support::smart_vista(), seed).trace;
}

}  // namespace

TEST_CASE("every story comes out as told, whatever the order of what happens at once") {
  const auto files = story_files();
  CHECK(files.size() >= 40);
  for (const auto& file : files)
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      INFO(file << ", seed " << seed);
      std::string failure;
      const auto s = read(support::file_text(file), SOURCE_DIR "/" + file);
      const auto o =
        player::play(s, support::smart_vista(), seed, [&failure](const player::played_step& step) {
          if (step.failure)
            failure = std::to_string(step.what->line) + ": " + step.what->text + "\n" + *step.failure;
        });
      if (o.error)
        failure = player::to_string(*o.error, file);
      CHECK(failure == "");
      CHECK(o.good);
    }
}

TEST_CASE("one seed is one order, byte for byte, and ten seeds are not all one order") {
  for (const std::string file : {"scenarios/stories/link/link_cut.scenario",
                                 "scenarios/stories/restart/gateway_killed_under_load.scenario",
                                 "scenarios/stories/emulator/bank_of_real_life.scenario"}) {
    INFO(file);
    CHECK(trace_of(file, 7) == trace_of(file, 7));
    std::set<std::string> orders;
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
      orders.insert(trace_of(file, seed));
    CHECK(orders.size() >= 2);
  }
}

TEST_CASE("the trace says who was told what, and never the content") {
  const auto trace = trace_of("scenarios/stories/purchase/purchase_approved.scenario", 1);
  CHECK_THAT(trace, Contains("0.000 session 1: received\n") && Contains("dispatcher 1: submit\n") &&
                      Contains("tid_queue 1: submit\n") && Contains("upstream 1: submit\n") &&
                      Contains("session 1: answer to it: answer\n") && Contains("upstream 1: directory\n"));
  CHECK_THAT(trace_of("scenarios/stories/client/no_card_data_in_the_log.scenario", 1),
             !Contains(support::test_pan) && !Contains("0123456789abcdef"));
}

TEST_CASE("of a gateway that was killed nothing is left alive, and its connections are closed") {
  player::world_settings setup;
  setup.settings = config::defaults();
  setup.settings.raw_listeners.front().port = 1;
  setup.dialect = support::smart_vista();
  player::virtual_world stage(setup, 1);
  CHECK(stage.actors_alive() > 5);
  const auto client = stage.enter(false);
  const auto web_client = stage.enter(true);
  const auto line = stage.host_line();
  REQUIRE(line);
  const auto lines_of_log = stage.log().size();
  stage.kill();
  CHECK(stage.actors_alive() == 0);
  CHECK(client->closed);
  CHECK(web_client->closed);
  CHECK(line->closed);
  CHECK(stage.has_ended());
  CHECK(stage.log().size() == lines_of_log);
  stage.pass(std::chrono::hours(1));
  CHECK(stage.host_calls() == 1);
  CHECK(stage.statistics().empty());
  CHECK(stage.enter(false)->closed);
  stage.start_again();
  CHECK(stage.host_calls() == 2);
  CHECK_FALSE(stage.enter(false)->closed);
}

TEST_CASE("a wrong story is refused with line, column and what was expected") {
  CHECK_THAT(error_of("# x\nclient A dances\n"),
             Contains("story:2:10: ") && Contains("expected what the client does") && Contains("'dances'"));
  CHECK_THAT(error_of("# x\nteller sends 0200\n"),
             Contains("story:2:1: ") && Contains("expected one of backup, bank, client, disk, gateway"));
  CHECK_THAT(error_of("# x\nclient sends 0200\n"),
             Contains("story:2:7: expected the client's name in front of 'sends'"));
  CHECK_THAT(error_of("# x\nhost is very down\n"),
             Contains("story:2:9: expected what the host does") && Contains("'very'"));
  CHECK_THAT(error_of("# x\nterminals 3 dance\n"),
             Contains("story:2:13: expected what the terminals do: run"));
  CHECK_THAT(error_of("# x\nclient A sends 0200 +\n"),
             Contains("story:2:22: expected another message behind +"));
  CHECK_THAT(error_of("# x\nclient A sends 0200 code=\n"),
             Contains("story:2:21: expected a value behind code="));
  CHECK_THAT(error_of("# x\nclient A asks GET /\n"),
             Contains("story:2:19: expected only a method and a path in quotes"));
  CHECK_THAT(error_of("# x\nclient A sends 0200 amout=5\n"),
             Contains("story:2:21: ") && Contains("no field 'amout'"));
  CHECK_THAT(error_of("# x\nclient A sends purchase\n"), Contains("story:2:16: expected a message type"));
  CHECK_THAT(error_of("# x\nclient A sends 0200 amount=1x\n"), Contains("story:2:21: field 4: not a digit"));
  CHECK_THAT(error_of("# x\ntime passes soon\n"), Contains("story:2:13: expected a duration"));
  CHECK_THAT(error_of("# x\ntime passes\n"), Contains("story:2:12: expected a duration"));
  CHECK_THAT(error_of("# x\nlog says \"no end\n"), Contains("story:2:10: this quotation has no end"));
  CHECK_THAT(error_of("# x\nfor N = 1 to 3\nclient A connects\n"),
             Contains("story:2:1: this for has no end"));
  CHECK_THAT(error_of("# x\nend\n"), Contains("story:2:1: this end has no for"));
  CHECK_THAT(error_of("# x\ngateway runs with maxQue=1\n"),
             Contains("story:2:19: ") && Contains("did you mean 'maxQueue'"));
  CHECK_THAT(error_of("# x\nclient A sends 0800\ngateway runs with maxQueue=1\n"),
             Contains("story:3:") && Contains("before everything else"));
  CHECK_THAT(error_of("# x\nclient A is open\n"), Contains("story:2:17: client A has not connected"));
  CHECK_THAT(error_of("client A connects\n"), Contains("story:1:1: a story begins with a comment"));
  CHECK_THAT(error_of("# x\noperator sees case\n"),
             Contains("story:2:19: expected what the case is known by"));
  CHECK_THAT(error_of("# x\noperator sees case tip=1\n"),
             Contains("story:2:20: a case has no 'tip'; expected one of case, state,"));
  CHECK_THAT(error_of("# x\noperator sees case why=\"no end\n"),
             Contains("story:2:24: this quotation has no end"));
  CHECK_THAT(error_of("# x\noperator resolves tid=1\n"), Contains("story:2:24: expected a reason"));
  CHECK_THAT(error_of("# x\ndisk loses 2\n"),
             Contains("story:2:12: expected how many: disk loses 2 records"));
  CHECK_THAT(error_of("# x\ndisk loses 2 records\n"), Contains("story:2:12: expected a number of records"));
  CHECK_THAT(error_of("# x\ndisk flips a bit of record 9\n"), Contains("story:2:28: there is no record 9"));
}

TEST_CASE("the page of the grammar names every step") {
  const auto page = support::file_text("docs/SCENARIOS.md");
  for (const auto& subject : player::subjects())
    for (const auto& verb : subject.verbs) {
      INFO(subject.name << " " << verb.words);
      CHECK(page.find("`" + std::string(subject.name) + " ") != std::string::npos);
      CHECK(page.find(verb.words) != std::string::npos);
    }
}

TEST_CASE("words that a verb does not know are refused, not overlooked") {
  const std::string begin = "# x\nclient A sends 0200\n";
  CHECK_THAT(error_of("# x\nclient A sends 0200 key=K\n"),
             Contains("story:2:21: the dialect has no field 'key'"));
  CHECK_THAT(error_of("# x\nclient A sends 0200 twice\n"),
             Contains("story:2:21: expected name=value, not 'twice'"));
  CHECK_THAT(error_of("# x\nclient A sends 0200 rrn=*\n"), Contains("story:2:21: * is any value"));
  CHECK_THAT(error_of("# x\nclient A sends 0200 rrn=same\n"),
             Contains("story:2:21: the host has exchanged no message of terminal 00000042"));
  CHECK_THAT(error_of("# x\nclient A sends 0200 in pieces of 0\n"),
             Contains("story:2:34: expected how many bytes"));
  CHECK_THAT(error_of(begin + "host receives 0200 in pieces of 3\n"),
             Contains("story:3:20: expected name=value, not 'in'"));
  CHECK_THAT(error_of(begin + "host receives bytes\n"),
             Contains("story:3:15: expected a message type like 0200, not 'bytes'"));
  CHECK_THAT(error_of(begin + "statistics say\n"), Contains("story:3:15: expected what they say"));
  CHECK_THAT(error_of("# x\ngateway runs with\nclient A connects\n"),
             Contains("story:2:18: expected options of the gateway"));
  CHECK_THAT(error_of("# x\ngateway runs with listenPort=5\n"),
             Contains("story:2:19: 'listenPort' is set by the player"));
  CHECK_THAT(error_of("# x\nterminals run\n"), Contains("expected how many, 1 to 10000"));
  CHECK_THAT(error_of("# x\nclient A connects\nbank runs\n"), Contains("the bank runs from the beginning"));
  CHECK_THAT(error_of("# x\nbank runs testRealLife\n"),
             Contains("story:2:11: expected nothing more, or: with OPTION=VALUE"));
}

TEST_CASE("options of the command line stand in front of the story") {
  const auto s = player::parse_story(
    "story", "# x\nclient A sends 0200\nclient B sends 0200 tid=1\nclient B is closed\n",
    {"maxQueue=1", "refuseWhenFull=true"});
  CHECK(player::play(std::get<player::story>(s), support::smart_vista(), 1).good);
  CHECK_FALSE(player::play(read("# x\nclient A sends 0200\nclient B sends 0200 tid=1\nclient B is closed\n"),
                           support::smart_vista(), 1)
                .good);
}

TEST_CASE("a gateway cannot be started while it goes on, nor be killed twice") {
  CHECK_THAT(failure_of("# x\nclient A connects\ngateway starts again\n"),
             Contains("3: ") && Contains("must be killed or have ended before"));
  CHECK_THAT(failure_of("# x\ngateway is killed\ngateway is killed\n"),
             Contains("3: ") && Contains("had ended before"));
  CHECK_THAT(failure_of("# x\ngateway is killed\nstatistics say total=0\n"),
             Contains("there are no statistics"));
}

TEST_CASE("the dialect of a story is the one that its options name") {
  CHECK_THAT(error_of("# x\ngateway runs with hostConfig=nowhere.json\nclient A connects\n"),
             Contains("story:2:19: hostConfig 'nowhere.json' is neither"));
  const std::string sent =
    "client A sends 0800\nhost receives 0800\nhost sends 0810\nclient A receives 0810\n";
  CHECK(player::play(read("# x\ngateway runs with overrides=1:bitmap-hex:8\n" + sent + "log says \"[1]\"\n"),
                     support::smart_vista(), 1)
          .good);
}

TEST_CASE("an unmet expectation says what came instead, card data masked") {
  const std::string begin = "# x\nclient A sends 0200 amount=1000\n";
  CHECK_THAT(failure_of(begin + "host receives 0200 amount=2000\n"),
             Contains("3: ") && Contains("Amount, Transaction: expected 000000002000, got 000000001000") &&
               Contains("[Purchase Request]") && !Contains(support::test_pan));
  CHECK_THAT(failure_of(begin + "host receives 0200 rrn=*\n"),
             Contains("Retrieval Reference Number: expected any value, got nothing"));
  CHECK_THAT(failure_of(begin + "host receives 0200 without=amount\n"),
             Contains("Amount, Transaction: expected nothing, got 000000001000"));
  CHECK_THAT(failure_of(begin + "host receives 0200 amount=same\n"),
             Contains("expected the same as before, where it never was"));
  CHECK_THAT(failure_of(begin + "host receives nothing\n"), Contains("it received:"));
  CHECK_THAT(failure_of(begin + "client A receives 0210\n"), Contains("it received nothing"));
  CHECK_THAT(failure_of(begin + "client A is closed\n"), Contains("its connection is open"));
  CHECK_THAT(failure_of(begin + "log says \"no such thing\"\n"), Contains("no line of the log"));
  CHECK_THAT(failure_of(begin + "log never says \"Purchase Request\"\n"),
             Contains("a line of the log says so"));
  CHECK_THAT(failure_of(begin + "statistics say total=5\n"), Contains("\"total\":1"));
  CHECK_THAT(failure_of(begin + "gateway has ended\n"), Contains("goes on"));
  CHECK_THAT(failure_of(begin + "gateway refuses to start\n"), Contains("goes on; it must be killed"));
  CHECK_THAT(failure_of(begin + "gateway is killed\ngateway refuses to start\n"), Contains("it has started"));
  CHECK_THAT(
    failure_of(begin +
               "time passes 2s\ngateway is killed\ndisk flips a bit of record 1\ngateway starts again\n"),
    Contains("its start was refused"));
  CHECK_THAT(failure_of(begin + "gateway is killed\ngateway starts again\noperator sees no cases\n"),
             Contains("tid=00000042 stan=000001 state=reversing"));
  CHECK_THAT(failure_of(begin + "operator sees case tid=00000042\n"), Contains("there are no open cases"));
  CHECK_THAT(failure_of(begin + "gateway is killed\noperator sees no cases\n"),
             Contains("there is no reply to the operator"));
  CHECK_THAT(failure_of("# x\nclient A asks \"GET /nowhere\"\nclient A receives status=200\n"),
             Contains("expected 200, got 404"));
}

TEST_CASE("repetitions are written out, also within each other, with numbers of a given width") {
  const auto s = read(
    "# x\nfor N = 1 to 2\n  for M = 3 to 4\n    client C{N}{M} sends 0800 tid={N:8} stan={M:6}\n  "
    "end\nend\n");
  REQUIRE(s.steps.size() == 4);
  CHECK(s.steps[0].name == "C13");
  CHECK(s.steps[3].name == "C24");
  CHECK(s.steps[3].rest.at(1).text == "tid=00000002");
  CHECK(s.steps[3].rest.at(2).text == "stan=000004");
  CHECK(s.steps[3].line == 4);
}
