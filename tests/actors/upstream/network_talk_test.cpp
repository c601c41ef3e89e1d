// The steps of network management, event by event: what is sent, and whether requests may follow.

#include "actors/upstream/network_talk.hpp"

#include <catch2/catch.hpp>

#include <sstream>

#include "codec/exchange/network.hpp"
#include "tests/support/dialects.hpp"

using namespace std::chrono_literals;
using codec::network_kind;

namespace {

const std::string kinds = R"("field": 24, "kinds": {"echo": ["831"], "signOn": ["801"], "signOff": ["802"],)"
                          R"( "cutOver": ["821"], "keyChange": ["811"]})";
const std::string sign_on = R"({"send": {"mti": "0800", "fields": {"24": "801"}}, "expect": {"39": "00"}})";
const std::string sign_off = R"({"send": {"mti": "0800", "fields": {"24": "802"}}})";
const std::string await = R"({"await": "signOn"})";

struct conversation {
  explicit conversation(const std::string& network) {
    if (const auto why = codec::replace_network(dialect, "{" + kinds + network + "}"))
      FAIL(*why);
    talk.emplace(dialect);
  }

  void happens(const std::string& event) {
    std::istringstream words(event);
    std::string what, more;
    words >> what >> more;
    if (what == "up")
      talk->link_up(now, 10s);
    else if (what == "down")
      talk->link_down();
    else if (what == "close")
      talk->begin_close(now, 3s);
    else if (what == "response")
      respond(more);
    else if (what == "host")
      ask(more);
    else if (what == "pass")
      now += std::chrono::seconds(std::stoi(more));
    else
      FAIL("no such event: " << event);
    talk->tick(now);
  }

  void respond(const std::string& code) {
    codec::message m("0810");
    if (code != "none")
      m.set(39, code);
    talk->take_response(m, now);
  }

  void ask(const std::string& code) {
    codec::message m("0800");
    m.set(24, code);
    const auto how = talk->take_request(codec::kind_of(m, dialect), now);
    answers += how == codec::network_answer::approve   ? "+"
               : how == codec::network_answer::decline ? "-"
                                                       : "0";
  }

  std::string state() {
    if (talk->fault())
      return *talk->fault();
    if (const auto* request = talk->next_request())
      return "sends " + request->mti + " " + request->fields.at(24);
    const auto pause = talk->pause();
    return pause == codec::network_pause::none   ? "open"
           : pause == codec::network_pause::wait ? "wait"
                                                 : "refuse";
  }

  codec::dialect dialect = support::smart_vista();
  std::optional<actors::network_talk> talk;
  actors::time_point now{1h};
  std::string answers;
};

struct row {
  std::string network;
  std::vector<std::pair<std::string, std::string>> events;  // and the state behind each
};

}  // namespace

TEST_CASE("network management opens, pauses and ends a link step by step") {
  const auto both = R"(, "onConnect": [)" + await + ", " + sign_on + "]";
  const auto own = R"(, "onConnect": [)" + sign_on + "]";
  const auto ends = R"(, "beforeClose": [)" + sign_off + "]";
  const auto r = GENERATE_COPY(
    row{"", {{"up", "open"}, {"host 831", "open"}, {"close", "open"}, {"down", "wait"}}},
    row{own, {{"up", "sends 0800 801"}, {"pass 9", "wait"}, {"response 000", "open"}}},
    row{own,
        {{"up", "sends 0800 801"},
         {"response 005",
          "onConnect, step 1 of 1 (0800): expected field 39 of the response to be 00, but it is 005"}}},
    row{own,
        {{"up", "sends 0800 801"},
         {"response none",
          "onConnect, step 1 of 1 (0800): expected field 39 of the response to be 00, but it has none"}}},
    row{own,
        {{"up", "sends 0800 801"},
         {"pass 10", "onConnect, step 1 of 1 (0800): expected a response, but none came within 10 s"},
         {"down", "wait"},
         {"up", "sends 0800 801"}}},
    row{both,
        {{"up", "wait"},
         {"pass 9", "wait"},
         {"host 801", "sends 0800 801"},
         {"pass 9", "wait"},
         {"response 000", "open"}}},
    row{both,
        {{"up", "wait"},
         {"host 831", "wait"},
         {"pass 10",
          "onConnect, step 1 of 2: expected a request of the host, signOn, but none came within 10 s"}}},
    // Both begin at once.
    row{R"(, "onConnect": [)" + sign_on + ", " + await + "]",
        {{"up", "sends 0800 801"}, {"host 801", "wait"}, {"response 000", "open"}}},
    row{"", {{"up", "open"}, {"host 802", "wait"}, {"pass 3600", "wait"}, {"host 801", "open"}}},
    row{"", {{"up", "open"}, {"host 802", "wait"}, {"down", "wait"}, {"up", "open"}}},
    row{R"(, "afterSignOff": "refuse")", {{"up", "open"}, {"host 802", "refuse"}, {"host 801", "open"}}},
    row{R"(, "answers": {"signOff": "decline"})", {{"up", "open"}, {"host 802", "open"}}},
    row{R"(, "answers": {"signOff": "ignore"})", {{"up", "open"}, {"host 802", "wait"}}},
    row{"", {{"up", "open"}, {"host 821", "open"}, {"host 811", "open"}, {"host 999", "open"}}},
    row{R"(, "afterCutOver": {"requests": "wait", "pause": 30})",
        {{"up", "open"}, {"host 821", "wait"}, {"pass 29", "wait"}, {"pass 1", "open"}}},
    row{R"(, "afterCutOver": {"requests": "refuse", "pause": 30})",
        {{"up", "open"}, {"host 821", "refuse"}, {"host 801", "open"}}},
    row{R"(, "afterCutOver": {"requests": "wait"})",
        {{"up", "open"}, {"host 821", "wait"}, {"pass 9999", "wait"}, {"host 801", "open"}}},
    row{R"(, "afterCutOver": {"requests": "wait", "pause": 30})",
        {{"up", "open"},
         {"host 802", "wait"},
         {"host 821", "wait"},
         {"pass 30", "wait"},
         {"host 801", "open"}}},
    row{own + ends,
        {{"up", "sends 0800 801"},
         {"close", "wait"},
         {"response 000", "open"},
         {"close", "sends 0800 802"},
         {"response 000", "refuse"}}},
    row{
      ends,
      {{"up", "open"},
       {"close", "sends 0800 802"},
       {"response 116",
        "beforeClose, step 1 of 1 (0800): expected an approval in field 39 of the response, but it is 116"}}},
    row{ends,
        {{"up", "open"},
         {"close", "sends 0800 802"},
         {"pass 3", "beforeClose, step 1 of 1 (0800): expected a response, but none came within 3 s"}}},
    // A host that signs off while the link opens is signed on again by the gateway's own sign-on.
    row{own, {{"up", "sends 0800 801"}, {"host 802", "wait"}, {"response 000", "open"}}});
  INFO(r.network);
  conversation c(r.network);
  for (const auto& [event, state] : r.events) {
    INFO(event);
    c.happens(event);
    CHECK(c.state() == state);
  }
}

TEST_CASE("what a host asks is approved where it is known, and declined or ignored as the dialect says") {
  const std::vector<std::pair<std::string, std::string>> rows{
    {"", "++++--"},
    {R"(, "answers": {"echo": "ignore", "keyChange": "approve", "unknown": "ignore"})", "0++++0"},
    {R"(, "answers": {"signOn": "decline", "signOff": "decline", "cutOver": "ignore"})", "+--0--"}};
  for (const auto& [network, answers] : rows) {
    INFO(network);
    conversation c(network);
    c.happens("up");
    for (const auto* code : {"831", "801", "802", "821", "811", "866"})
      c.happens(std::string("host ") + code);
    CHECK(c.answers == answers);
  }
}

TEST_CASE(
  "a request without the field that tells its kind is an echo, as is each one of a dialect that says "
  "nothing") {
  conversation c("");
  CHECK(codec::kind_of(codec::message("0800"), c.dialect) == network_kind::echo);
  codec::message m("0800");
  m.set(24, "999");
  CHECK(codec::kind_of(m, c.dialect) == network_kind::unknown);
  c.dialect.network = {};
  CHECK(codec::kind_of(m, c.dialect) == network_kind::echo);
}
