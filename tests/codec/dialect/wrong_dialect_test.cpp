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
