#include <catch2/catch.hpp>

#include "codec/pack.hpp"
#include "codec/text/hex.hpp"
#include "codec/unpack.hpp"
#include "tests/support/dialects.hpp"

namespace {

std::string with_rows(const std::string& rows) {
  return R"({"name":"x","bitmap":"binary","mandatory":{},"approvals":["0"],"fields":[)" + rows + "]}";
}

std::string error_of(const std::string& text) {
  const auto d = codec::parse_dialect(text);
  return d ? "" : d.error();
}

constexpr const char* mti_row = R"({"field":0,"name":"MTI","type":"n","length":4,"privacy":"open"})";

}  // namespace

TEST_CASE("the smallest dialect is a name, a bitmap form and the message type") {
  CHECK(error_of(with_rows(mti_row)) == "");
}

TEST_CASE("a broken dialect file is refused with the row named") {
  using Catch::Contains;
  const auto with = [](const char* row) { return error_of(with_rows(std::string(mti_row) + "," + row)); };
  CHECK_THAT(with(R"({"field":2,"name":"PAN","type":"lln","length":19,"privacy":"pan"})"),
             Contains("field 2") && Contains("lln"));
  CHECK_THAT(with(R"({"field":2,"name":"PAN","type":"ll-n","length":0,"privacy":"pan"})"),
             Contains("field 2") && Contains("length"));
  CHECK_THAT(with(R"({"field":2,"name":"PAN","type":"ll-n","length":19})"), Contains("privacy"));
  CHECK_THAT(with(R"({"field":2,"name":"PAN","type":"ll-n","length":19,"privacy":"none"})"),
             Contains("field 2") && Contains("none"));
  CHECK_THAT(with(R"({"field":1,"name":"Bitmap","type":"b","length":8,"privacy":"open"})"),
             Contains("field 1"));
  CHECK_THAT(with(mti_row), Contains("twice"));
  CHECK(with(R"({"field":2,"name":"PAN","type":"ll-n","length":19,"length":16,"privacy":"pan"})") ==
        "'fields.length' stands there twice; leave one of them");
  CHECK_THAT(error_of(with_rows("")), Contains("field 0"));
  CHECK_THAT(error_of("{"), Contains("not JSON"));
}

TEST_CASE("all that is wrong with a dialect file is found in one go, each with its place") {
  const auto faults = codec::faults_of_dialect(R"({"name": "x", "bitmap": "binry", "mandatory": {"02": []},
    "approvals": "0", "aprovals": ["0"], "reversal": {"of": ["200"], "mti": "0400", "done": []},
    "fields": [{"field": 0, "name": "MTI", "type": "n", "length": 4, "privacy": "open"},
               {"field": 3, "name": "Code", "content": "n", "lenght": 6, "privacy": "opn"},
               {"field": 48, "name": "Parts", "content": "ans", "privacy": "free",
                "length": {"max": 9999, "encoding": "ascii", "size": 3},
                "parts": {"kind": "positional", "fields": [
                  {"part": "1", "name": "A", "content": "q", "length": 1, "privacy": "open"},
                  {"part": "2", "name": "B", "content": "n", "length": "x", "privacy": "open"}]}}]})");
  std::string all;
  for (const auto& f : faults)
    all += f.substr(0, f.find("expected")) + "\n";
  for (const auto* place :
       {"the file: there is no 'aprovals' here", "bitmap: ", "fields[1]: there is no 'lenght' here",
        "fields[1]: 'length' is missing (field 3)", "fields[1].privacy: ", "fields[2].length: ",
        "fields[2].parts.fields[0].content: ", "fields[2].parts.fields[1].length: ", "mandatory: ",
        "approvals: ", "reversal.of[0]: ", "reversal.done: "}) {
    INFO(all);
    CHECK_THAT(all, Catch::Contains(place));
  }
  CHECK(faults.size() == 12);
}

TEST_CASE(
  "a dialect file's misspelt key, its rule for a field without a row and its second use of a name are "
  "refused") {
  const auto file = [](const std::string& rules, const std::string& rows = "") {
    return error_of(R"({"name":"x","bitmap":"binary","approvals":["0"],"fields":[)" + std::string(mti_row) +
                    rows + "]," + rules + "}");
  };
  using Catch::Contains;
  CHECK(file(R"("mandatory":{},"$schema":"dialect.schema.json","note":"of 2026")") == "");
  CHECK_THAT(file(R"("mandatory":{},"reversl":{})"), Contains("there is no 'reversl' here"));
  CHECK_THAT(file(R"("mandatory":{"0200":[0,43]})"),
             Contains("mandatory.0200[1]: expected a field that has a row"));
  CHECK_THAT(file(R"("mandatory":{},"localTime":{"field":12,"expirySeconds":30})"),
             Contains("localTime.field"));
  CHECK_THAT(file(R"("mandatory":{},"echoed":[4])"), Contains("echoed[0]"));
  CHECK_THAT(file(R"("mandatory":{})",
                  R"(,{"field":3,"alias":"x","name":"A","type":"n","length":6,"privacy":"open"})"
                  R"(,{"field":4,"alias":"x","name":"B","type":"n","length":6,"privacy":"open"})"),
             Contains("fields[2].alias: expected a name that no other field has; field 3 has this one"));
}

TEST_CASE("overrides replace types and lengths of single fields, and the bitmap's form") {
  auto d = support::smart_vista();
  REQUIRE_FALSE(codec::override_fields(d, "1:bitmap-hex:8,39:an:2"));
  CHECK(d.bitmap == codec::bitmap_form::hex);
  auto m = support::echo();
  m.set(39, "A1");
  const auto bytes = codec::pack(m, d);
  REQUIRE(bytes.ok());
  CHECK(bytes->substr(4, 16) == "2220010002800000");
  CHECK((*codec::unpack(*bytes, d))[39] == "A1");
}

TEST_CASE("overrides that make no sense are refused and change nothing") {
  auto d = support::smart_vista();
  for (const auto* text :
       {"39", "39:zz", "39:an:0", "x:an:2", "500:n:2", "100:n", "39:an:2,1:n:8", "4:b-hex:9"}) {
    INFO(text);
    CHECK(codec::override_fields(d, text));
  }
  CHECK(d.find(39)->length_max == 3);
  CHECK(d.bitmap == codec::bitmap_form::binary);
}

TEST_CASE("every field type keeps its values through the bytes") {
  struct row {
    const char *type, *length, *value, *wire_hex;
  };
  const auto r =
    GENERATE(row{"n", "6", "000042", "303030303432"}, row{"an", "4", "0A1z", "3041317a"},
             row{"ans", "4", "  ab", "20206162"}, row{"b", "3", "001234", "001234"},
             row{"b-hex", "2", "4660", "1234"}, row{"ll-n", "19", "411111", "3036343131313131"},
             row{"ll-n", "120", "41", "3030323431"}, row{"ll-an", "37", "a=b", "3033613d62"},
             row{"ll-bin-an", "8", "0123ab", "030123ab"}, row{"ll-bin-an", "255", "0123ab", "00030123ab"});
  INFO(r.type << ":" << r.length);
  auto d = support::smart_vista();
  REQUIRE_FALSE(codec::override_fields(d, "100:" + std::string(r.type) + ":" + r.length));
  codec::message m("0800");
  m.set(100, r.value);
  const auto bytes = codec::pack(m, d);
  REQUIRE(bytes.ok());
  CHECK(codec::to_hex(bytes->substr(20)) == r.wire_hex);
  CHECK((*codec::unpack(*bytes, d))[100] == r.value);
}
