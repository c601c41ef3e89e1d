// The rules of a dialect about a client's requests.

#include <catch2/catch.hpp>

#include "codec/exchange/request_rules.hpp"
#include "codec/validate.hpp"
#include "tests/support/dialects.hpp"

using codec::message;

namespace {

// A dialect with these rules and these rows beside the MTI.
codec::dialect with(const std::string& rules, const std::string& rows) {
  auto d = codec::parse_dialect(
    R"({"name":"x","bitmap":"binary","approvals":["0"],"rules":[)" + rules +
    R"(],"fields":[{"field":0,"name":"MTI","type":"n","length":4,"privacy":"open"},)" + rows + "]}");
  INFO((d ? "" : d.error()));
  REQUIRE(d);
  return std::move(d).value();
}

std::string error_of(const std::string& rules, const std::string& row) {
  const auto d = codec::parse_dialect(
    R"({"name":"x","bitmap":"binary","approvals":["0"],"rules":[)" + rules +
    R"(],"fields":[{"field":0,"name":"MTI","type":"n","length":4,"privacy":"open"},)" + row + "]}");
  return d ? "" : d.error();
}

constexpr const char* rows =
  R"({"field":3,"alias":"code","name":"Code","type":"n","length":6,"privacy":"open"},
     {"field":22,"name":"Entry","type":"n","length":3,"privacy":"open"},
     {"field":35,"alias":"track2","name":"Track","type":"ll-an","length":37,"privacy":"track"},
     {"field":52,"name":"PIN","type":"b","length":8,"privacy":"secret"},
     {"field":48,"name":"Parts","content":"ans","length":{"max":99,"encoding":"ascii","size":3},
      "privacy":"free",
      "parts":{"kind":"positional","fields":[
        {"part":"1","name":"A","content":"n","length":2,"privacy":"open",
         "onlyValues":true,"values":{"01":"one"}},
        {"part":"2","name":"B","content":"an","length":3,"privacy":"open"}]}})";

std::string faults_of(const message& m, const codec::dialect& d) {
  std::string all;
  for (const auto& f : codec::broken_rules(m, d))
    all += f.path + ": " + std::string(codec::meaning(f.what.code)) + "\n";
  return all;
}

message request(std::initializer_list<std::pair<int, const char*>> fields) {
  message m("0200");
  for (const auto& [number, value] : fields)
    m.set(number, value);
  return m;
}

std::string broken(const std::string& row, const char* value) {
  const auto d = with("", row);
  const auto fault = codec::broken_value_rule(value, *d.find(2));
  return std::string(fault ? codec::meaning(*fault) : "");
}

std::string row_with(const std::string& rule, const char* content = "n") {
  return std::string(R"({"field":2,"name":"F","content":")") + content +
         R"(","length":{"max":40,"encoding":"ascii","size":2},"privacy":"pan",)" + rule + "}";
}

}  // namespace

TEST_CASE("a rule holds for its MTIs, where all its conditions hold") {
  const auto d = with(
    R"({"of":["0200"],"when":{"22":"05?","code":"00*","52":false},
        "mandatory":["track2"],"forbidden":["48"]})",
    rows);
  CHECK(faults_of(request({{3, "000000"}, {22, "051"}}), d) == "35: mandatory, but absent\n");
  CHECK(faults_of(request({{3, "000000"}, {22, "051"}, {48, "01abc"}}), d) ==
        "35: mandatory, but absent\n48: not allowed in this message\n");
  CHECK(faults_of(request({{3, "000000"}, {22, "051"}, {35, "1=2"}}), d) == "");
  CHECK(faults_of(request({{3, "310000"}, {22, "051"}}), d) == "");
  CHECK(faults_of(request({{3, "000000"}, {22, "0512"}}), d) == "");
  CHECK(faults_of(request({{3, "000000"}, {22, "051"}, {52, "0123456789abcdef"}}), d) == "");
  auto other = request({{3, "000000"}, {22, "051"}});
  other.set(0, "0100");
  CHECK(faults_of(other, d) == "");
}

TEST_CASE("a rule may ask for a part, and for what the presence of another field brings with it") {
  const auto d = with(R"({"when":{"52":true},"mandatory":["48.2"]})", rows);
  CHECK(faults_of(request({{52, "0123456789abcdef"}, {48, "01"}}), d) == "48.2: mandatory, but absent\n");
  CHECK(faults_of(request({{52, "0123456789abcdef"}, {48, "01abc"}}), d) == "");
  CHECK(faults_of(request({{48, "01"}}), d) == "");
}

TEST_CASE("a part's value is checked like a field's, and named by its path") {
  const auto d = with("", rows);
  CHECK(faults_of(request({{48, "02abc"}}), d) == "48.1: none of the values that this field may have\n");
  CHECK(faults_of(request({{48, "01abc"}}), d) == "");
}

TEST_CASE("values are checked against lists, patterns, check digits and the calendar") {
  CHECK(broken(row_with(R"("onlyValues":true,"values":{"1":"a","2":"b"})"), "2") == "");
  CHECK(broken(row_with(R"("onlyValues":true,"values":{"1":"a","2":"b"})"), "3") ==
        "none of the values that this field may have");
  CHECK(broken(row_with(R"("pattern":"@@#*")", "an"), "AB12") == "");
  CHECK(broken(row_with(R"("pattern":"@@#*")", "an"), "ABx12") ==
        "not of the form that this field must have");
  CHECK(broken(row_with(R"("check":"luhn")"), "4111111111111111") == "");
  CHECK(broken(row_with(R"("check":"luhn")"), "4111111111111112") == "its check digit is wrong");
  for (const auto* wrong : {"", "0", "x"})
    CHECK(broken(row_with(R"("check":"luhn")"), wrong) != "");
  CHECK(broken(row_with(R"("date":"YYMM")"), "2512") == "");
  CHECK(broken(row_with(R"("date":"YYMM")"), "2513") == "not a date and time");
  CHECK(broken(row_with(R"("date":"MMDD")"), "0229") == "");
  CHECK(broken(row_with(R"("date":"hhmmss")"), "240000") == "not a date and time");
}

TEST_CASE("all faults of a request are told at once, in the order of its fields") {
  auto d = support::smart_vista();
  d.rules.push_back({{"0200"}, {{"55", false, ""}}, {"52"}, {"25"}});
  auto m = support::purchase();
  m.erase(49);
  std::string all;
  for (const auto& f : codec::validate(m, d, support::noon))
    all += f.path + " ";
  CHECK(all == "25 49 52 ");
}

TEST_CASE("a rule that makes no sense is refused with its place") {
  using Catch::Contains;
  const std::string row = R"({"field":3,"name":"A","type":"n","length":6,"privacy":"open"})";
  CHECK(error_of(R"({"mandatory":["3"]})", row) == "");
  CHECK_THAT(error_of(R"({"mandatory":["4"]})", row), Contains("rules[0].mandatory[0]"));
  CHECK_THAT(error_of(R"({"when":{"4":true},"mandatory":["3"]})", row),
             Contains("rules[0].when.4: expected a field that has a row in fields"));
  CHECK_THAT(error_of(R"({"of":["0210"],"mandatory":["3"]})", row), Contains("rules[0].of[0]"));
  CHECK_THAT(error_of(R"({"when":{"3":"0*"}})", row), Contains("expected mandatory or forbidden fields"));
  CHECK_THAT(error_of(R"({"mandatry":["3"]})", row), Contains("there is no 'mandatry' here"));
  CHECK_THAT(error_of("", row_with(R"("date":"DDMM")")), Contains("fields[1].date"));
  CHECK_THAT(error_of("", row_with(R"("onlyValues":true)")), Contains("fields[1].onlyValues"));
}

TEST_CASE("a pattern takes no more time than its text and itself are long, whatever a client sends") {
  const std::string as(900000, 'a');
  CHECK(codec::is_like(as, "*a"));
  CHECK_FALSE(codec::is_like(as, "*a*a*a*a*a*a*a*b"));
  CHECK(codec::is_like("AB12", "@@##"));
  CHECK_FALSE(codec::is_like("A1", "@@"));
  CHECK(codec::is_like("", "*"));
  CHECK_FALSE(codec::is_like("", "?"));
  CHECK(codec::is_like("", ""));
}
