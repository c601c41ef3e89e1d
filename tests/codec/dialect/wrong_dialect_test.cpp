// What a dialect file may not say though each of its rows is good. Each change of a good file is refused with
// the place and what was expected there.

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "codec/dialect/dialect_file.hpp"
#include "config/dialects.hpp"

namespace {

using nlohmann::json;

json postilion() { return json::parse(config::built_in_dialect("postilion")); }

std::vector<std::string> faults_with(const char* pointer, const char* value) {
  auto file = postilion();
  file[json::json_pointer(pointer)] = json::parse(value);
  return codec::faults_of_dialect(file.dump());
}

// Of the row of this field.
std::vector<std::string> faults_of_row(int field, const char* changes) {
  auto file = postilion();
  for (auto& row : file["fields"])
    if (row["field"] == field)
      row.update(json::parse(changes));
  return codec::faults_of_dialect(file.dump());
}

std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& one : all)
    text += one + "\n";
  return text;
}

}  // namespace

TEST_CASE("codes of a dialect file that field 39 cannot have, or that mean two things, are refused") {
  struct row {
    const char *pointer, *value, *sentence;
  };
  const auto r = GENERATE(
    row{"/approvals", "[]", "approvals: expected at least one code"},
    row{"/approvals", R"(["00", "1000"])", "approvals[1]: expected a code that field 39 can have"},
    row{"/approvals", R"(["00", " "])", "approvals[1]: expected a code of field 39, which is not blank"},
    row{"/approvals", R"(["00", "22"])",
        "reversal.undetermined: expected codes that do not stand in approvals"},
    row{"/answers/approved", R"("05")", "answers.approved: expected one of approvals, but it is \"05\""},
    row{"/answers/approved", R"("000")", "answers.approved: expected a code that field 39 can have"},
    row{"/answers/systemError", R"("00")", "answers.systemError: expected a code that is none of approvals"},
    row{"/answers/notFound", R"("10")", "answers.notFound: expected a code that is none of approvals"},
    row{"/reversal/done", R"(["00", "25"])",
        "reversal.notFound: expected codes that do not stand in reversal.done"},
    row{"/reversal/duplicate", R"(["00"])",
        "reversal.duplicate: expected codes that do not stand in approvals"});
  INFO(r.pointer << " " << r.value);
  const auto faults = faults_with(r.pointer, r.value);
  CHECK_THAT(joined(faults), Catch::Contains(r.sentence));
  CHECK(faults.size() == 1);
}

TEST_CASE("a reversal that has no amount of its request cannot have the one that the host has approved") {
  const char* sentence = "reversal.amount: expected asked, for by copy, without or set a reversal does not";
  for (const auto* without :
       {R"({"copy": [3, 11, 41]})", R"({"without": [4, 38]})", R"({"set": {"4": "0"}})"}) {
    auto file = postilion();
    file["reversal"].erase("copy");
    file["reversal"].update(json::parse(without));
    CHECK(joined(codec::faults_of_dialect(file.dump())) == "");
    file["reversal"]["amount"] = "approved";
    CHECK_THAT(joined(codec::faults_of_dialect(file.dump())), Catch::Contains(sentence));
  }
  CHECK(faults_with("/reversal/amount", R"("approved")").empty());
}

TEST_CASE("an MTI that does not do what a dialect file says of it is refused, as is a field without a row") {
  struct row {
    const char *pointer, *value, *sentence;
  };
  const auto r = GENERATE(
    row{"/responseMtis", R"({"0800": "0820"})", "responseMtis.0800: expected the MTI of a response"},
    row{"/mandatory/0210", "[3]", "mandatory: expected MTIs of requests"},
    row{"/reversal/of", "[]", "reversal.of: expected at least one MTI"},
    row{"/reversal/mti", R"("0200")", "reversal.mti: expected the MTI of a reversal"},
    row{"/reversal/repeatMti", R"({"0220": "0421"})",
        "reversal.repeatMti.0220: expected MTIs that stand in reversal.of, and '0220' does not"},
    row{"/reversal/without", "[38, 144]", "reversal.without[1]: expected a field that has a row in fields"},
    row{"/reversal/amount", R"("whole")", "reversal.amount: expected one of asked, approved"},
    row{"/reversal/copy", "[3, 38]", "reversal.copy: expected no field that `without` has too"});
  INFO(r.pointer << " " << r.value);
  const auto faults = faults_with(r.pointer, r.value);
  CHECK_THAT(joined(faults), Catch::Contains(r.sentence));
  CHECK(faults.size() == 1);
}

TEST_CASE(
  "a rule about a part that there is not, a pattern that fits nothing and rules at odds are refused") {
  struct row {
    const char *rules, *sentence;
  };
  const auto r = GENERATE(
    row{R"([{"mandatory": ["127.99"]}])", "rules[0].mandatory[0]: expected a field that has a row in fields"},
    row{R"([{"forbidden": ["48.1"]}])", "rules[0].forbidden[0]: expected a field"},
    row{R"([{"mandatory": ["4.1"]}])", "rules[0].mandatory[0]: expected a field"},
    row{R"([{"when": {"127.key": true}, "mandatory": ["35"]}])", "rules[0].when.127.key: expected a field"},
    row{R"([{"when": {"3": "00"}, "mandatory": ["35"]}])",
        "rules[0].when.3: expected a pattern that a value of 6 characters can be like, but it is \"00\""},
    row{R"([{"when": {"35": true, "track2": false}, "mandatory": ["2"]}])", "stands there twice"},
    row{R"([{"of": [], "mandatory": ["35"]}])", "rules[0].of: expected at least one MTI"},
    row{
      R"([{"mandatory": ["35"], "forbidden": ["track2"]}])",
      "rules[0].forbidden: expected what no other rule demands of the same request, but rules[0] demands 35"},
    row{R"([{"forbidden": ["49"]}])", "rules[0].forbidden: expected what no other rule demands"},
    row{R"([{"when": {"22": "05?"}, "mandatory": ["127.2"]}, {"forbidden": ["127"]}])",
        "rules[1].forbidden: expected what no other rule demands of the same request, but rules[0] demands "
        "127.2"});
  INFO(r.rules);
  CHECK_THAT(joined(faults_with("/rules", r.rules)), Catch::Contains(r.sentence));
}

TEST_CASE("network management that cannot be is refused with its place") {
  struct row {
    const char *pointer, *value, *sentence;
  };
  const auto r = GENERATE(
    row{"/network/field", "144", "network.field: expected a field that has a row in fields"},
    row{"/network/field", "0", "network.field: expected another field than the message type"},
    row{"/network/kinds", "null", "network.kinds"}, row{"/network/kinds/signon", R"(["001"])", "signon"},
    row{"/network/kinds/signOn", "[]", "network.kinds.signOn: expected at least one code"},
    row{"/network/kinds/signOn", R"(["1001"])",
        "network.kinds.signOn[0]: expected a value that field 70 can have"},
    row{"/network/kinds/signOn", R"(["A01"])",
        "network.kinds.signOn[0]: expected a value that field 70 can have"},
    row{"/network/kinds/signOff", R"(["002", "1"])", "a code of one kind, and sign"},
    row{"/network/kinds/echo", R"(["300"])",
        "network.kinds: expected the code of examples.echo, 301, among those of echo"},
    row{"/network/answers", R"({"signOn": "aprove"})",
        "network.answers.signOn: expected one of approve, decline, ignore"},
    row{"/network/answers", R"({"unknown": "approve"})",
        "network.answers.unknown: expected decline or ignore: what is not known is not approved"},
    row{"/network/declineWith", R"("00")", "network.declineWith: expected a code that is none of approvals"},
    row{"/network/declineWith", R"("1234")", "network.declineWith: expected a code that field 39 can have"},
    row{"/network/onConnect", R"([{}])", "network.onConnect[0]: 'send' is missing"},
    row{"/network/onConnect", R"([{"await": "signOn", "expect": {"39": "00"}}])",
        "network.onConnect[0]: expected send, or await, and not both"},
    row{"/network/onConnect", R"([{"await": "logon"}])",
        "network.onConnect[0].await: expected one of echo, signOn"},
    row{"/network/onConnect", R"([{"await": "keyChange"}])",
        "network.onConnect[0].await: expected a kind that is approved when it comes"},
    row{"/network/onConnect", R"([{"send": {"mti": "0810", "fields": {}}}])",
        "network.onConnect[0].send.mti: expected the MTI of a request"},
    row{"/network/onConnect", R"([{"send": {"mti": "0200", "fields": {}}}])",
        "network.onConnect[0].send.mti: expected the MTI of a request of network management"},
    row{"/network/onConnect", R"([{"send": {"mti": "0800", "fields": {"70": "1001"}}}])",
        "network.onConnect[0].send.fields.70: expected"},
    row{"/network/beforeClose", R"([{"send": {"mti": "0800", "fields": {}}, "expect": {"39": "1234"}}])",
        "network.beforeClose[0].expect.39: expected a value that field 39 can have"},
    row{"/network/beforeClose", R"([{"send": {"mti": "0800", "fields": {}}, "expect": {}}])",
        "network.beforeClose[0].expect: expected at least one field"},
    row{"/network/afterSignOff", R"("drop")", "network.afterSignOff: expected one of wait, refuse"},
    row{"/network/afterCutOver", R"({"pause": 5})", "network.afterCutOver: 'requests' is missing"},
    row{"/network/afterCutOver", R"({"requests": "wait", "pause": 0})", "network.afterCutOver.pause"});
  INFO(r.pointer << " " << r.value);
  const auto faults = faults_with(r.pointer, r.value);
  CHECK_THAT(joined(faults), Catch::Contains(r.sentence));
  CHECK(faults.size() == 1);
}

TEST_CASE("an await of a kind without codes, or a cut-over without any, is refused: it would never come") {
  auto file = postilion();
  file["network"]["kinds"].erase("signOn");
  file["network"]["kinds"].erase("cutOver");
  file["network"]["onConnect"] = {{{"await", "signOn"}}};
  CHECK_THAT(joined(codec::faults_of_dialect(file.dump())),
             Catch::Contains("network.onConnect[0].await: expected a kind that stands in network.kinds"));
  file["network"].erase("onConnect");
  file["network"]["afterCutOver"] = {{"requests", "wait"}};
  CHECK_THAT(joined(codec::faults_of_dialect(file.dump())),
             Catch::Contains("network.afterCutOver: expected codes of cutOver in network.kinds"));
}

TEST_CASE("network management is given to a dialect by a text of its own, or refused as in its file") {
  auto d = codec::parse_dialect(config::built_in_dialect("postilion")).value();
  CHECK_FALSE(codec::replace_network(
    d, R"({"field": 70, "kinds": {"echo": ["301"], "signOn": ["061"]}, "afterSignOff": "refuse"})"));
  CHECK(d.network.values_of(codec::network_kind::sign_on) == codec::codes{"61"});
  CHECK(d.network.values_of(codec::network_kind::sign_off).empty());
  CHECK(d.network.after_sign_off == codec::network_pause::refuse);
  CHECK_THAT(codec::replace_network(d, R"({"field": 70, "kind": {}})").value_or(""), Catch::Contains("kind"));
  CHECK_THAT(codec::replace_network(d, "{").value_or(""), Catch::Contains("this is not JSON"));
}

TEST_CASE("rejects that would be requests or network management are refused with their place") {
  struct row {
    const char *value, *sentence;
  };
  const auto r =
    GENERATE(row{R"({"mtis": ["620"]})", "rejects.mtis[0]: expected an MTI of four digits"},
             row{R"({"mtis": ["0620", "0200"]})", "rejects.mtis[1]: expected the MTI of a message"},
             row{R"({"mtis": ["0810"]})", "rejects.mtis[0]: expected the MTI of a message"},
             row{R"({"notProcessed": 1})", "rejects.notProcessed"});
  INFO(r.value);
  const auto faults = faults_with("/rejects", r.value);
  CHECK_THAT(joined(faults), Catch::Contains(r.sentence));
  CHECK(faults.size() == 1);
}

TEST_CASE("an RRN that field 37 cannot have, or without a counter, is refused with its place") {
  struct row {
    const char *value, *sentence;
  };
  const auto r =
    GENERATE(row{R"({"format": "NNNNNNNNNNNN"})", "rrn: 'fill' is missing"},
             row{R"({"fill": true, "format": "YDDDhh"})", "rrn.format: expected pieces of the local"},
             row{R"({"fill": true, "format": "NNNNNN"})", "rrn.format: expected an RRN that field 37"},
             row{R"({"fill": true, "form": "NNNNNN"})", "'form'"});
  INFO(r.value);
  const auto faults = faults_with("/rrn", r.value);
  CHECK_THAT(joined(faults), Catch::Contains(r.sentence));
  CHECK(faults.size() == 1);
  CHECK(joined(faults_with("/rrn", R"({"fill": true})")) == "");
}

TEST_CASE("confirmations that would move money, or that nothing could be, are refused with their place") {
  struct row {
    const char *value, *sentence;
  };
  const auto r = GENERATE(
    row{"{}", "confirmation: expected mtis, or nextRequest: true"},
    row{R"({"mtis": ["0200"]})", "confirmation.mtis[0]: expected the MTI of a message that moves no"},
    row{R"({"mtis": ["0400"]})", "confirmation.mtis[0]: expected the MTI of a message that moves no"},
    row{R"({"mtis": ["0212"]})", "confirmation.mtis[0]: expected the MTI of a request"},
    row{R"({"nextRequest": true, "forward": true})", "confirmation.forward: expected false"},
    row{R"({"mtis": ["0202"], "answer": false, "forward": true})", "confirmation.forward: expected false"});
  INFO(r.value);
  const auto faults = faults_with("/confirmation", r.value);
  CHECK_THAT(joined(faults), Catch::Contains(r.sentence));
  CHECK(faults.size() == 1);
}

TEST_CASE("answers to requests of the host that cannot be are refused with their place") {
  struct row {
    const char *value, *sentence;
  };
  const auto r = GENERATE(
    row{"{}", "hostRequests: 'fallback' is missing"},
    row{R"({"fallback": {}})", "hostRequests.fallback: expected at least one MTI"},
    row{R"({"fallback": {"0210": "00"}})", "expected MTIs of requests that are no network management"},
    row{R"({"fallback": {"0800": "00"}})", "expected MTIs of requests that are no network management"},
    row{R"({"fallback": {"0420": "0000"}})", "hostRequests.fallback.0420: expected a code that field 39"},
    row{R"({"fallback": {"0420": "00"}, "seconds": 0})", "hostRequests.seconds"});
  INFO(r.value);
  const auto faults = faults_with("/hostRequests", r.value);
  CHECK_THAT(joined(faults), Catch::Contains(r.sentence));
  CHECK(faults.size() == 1);
}

TEST_CASE("a file of what a host does replaces each key that it has, and says what is wrong with another") {
  auto d = codec::parse_dialect(config::built_in_dialect("postilion")).value();
  CHECK(codec::replace_host_rules(d, R"({"rejects": {"mtis": ["0620"], "notProcessed": true}})") ==
        std::nullopt);
  CHECK(d.rejects.mtis.contains("0620"));
  CHECK(d.rejects.not_processed);
  CHECK(d.network.is_given());
  const auto fault = codec::replace_host_rules(d, R"({"reject": {}})");
  REQUIRE(fault);
  CHECK_THAT(*fault, Catch::Contains("'reject'"));
}

TEST_CASE("rules that hold apart, and parts by number, alias and name, are taken") {
  for (const auto* rules :
       {R"([{"when": {"22": "05?"}, "mandatory": ["55"]}, {"when": {"22": "02?"}, "forbidden": ["55"]}])",
        R"([{"of": ["0100"], "mandatory": ["35"]}, {"of": ["0200"], "forbidden": ["35"]}])",
        R"([{"mandatory": ["127"], "forbidden": ["127.3"]}])",
        R"([{"when": {"127.switch_key": "A*", "55.9F26": true}, "mandatory": ["127.2", "pan"]}])"}) {
    INFO(rules);
    CHECK(joined(faults_with("/rules", rules)) == "");
  }
}

TEST_CASE("a row that says its columns twice, a value it cannot have or a misleading alias is refused") {
  struct row {
    int field;
    const char *changes, *sentence;
  };
  const auto r = GENERATE(
    row{3, R"({"type": "n"})",
        "expected type, or content, encoding, length and padding, but there are 'type' and 'content'"},
    row{3, R"({"values": {"00": "Purchase"}})", "expected a value as it is read, '000000', but it is '00'"},
    row{3, R"({"values": {"0000000": "Purchase"}})",
        "expected values that this row can have, but one is '0000000'"},
    row{3, R"({"pattern": "00"})", "expected a pattern that a value of 6 characters can be like"},
    row{3, R"({"alias": "4"})", "expected a name without dots and blanks that is no number"},
    row{3, R"({"alias": "processing.code"})", "expected a name without dots and blanks that is no number"});
  INFO(r.changes);
  const auto faults = faults_of_row(r.field, r.changes);
  CHECK_THAT(joined(faults), Catch::Contains(r.sentence) && Catch::Contains("(field 3)"));
  CHECK(faults.size() == 1);
}
