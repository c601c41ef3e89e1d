// config/dialects/dialect.schema.json, with which editors help to write a dialect file, and the loader agree.

#include <catch2/catch.hpp>

#include <filesystem>

#include "codec/dialect/dialect_file.hpp"
#include "tests/inspect/run.hpp"
#include "tests/support/files.hpp"
#include "tests/support/json_schema.hpp"

namespace {

using nlohmann::json;

std::string faults_by_schema(const json& file) {
  static const auto schema = json::parse(support::file_text("config/dialects/dialect.schema.json"));
  return support::json_schema(schema).faults(file, schema);
}

// A good file with one place in it replaced; null takes it away.
json with(const std::string& pointer, const json& value) {
  auto file = json::parse(support::columns);
  const json::json_pointer at(pointer);
  file[at] = value;
  if (value.is_null())
    file[at.parent_pointer()].erase(at.back());
  return file;
}

}  // namespace

TEST_CASE(
  "each dialect that is shipped, and those of the golden messages, are good by the schema of dialect files") {
  std::size_t seen = 0;
  const auto folder = std::string(SOURCE_DIR) + "/config/dialects";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (name.ends_with(".schema.json"))
      continue;
    INFO(name);
    CHECK(faults_by_schema(json::parse(support::file_text("config/dialects/" + name))) == "");
    ++seen;
  }
  CHECK(seen >= 1);
  for (const auto& row : support::golden("field-cases.jsonl"))
    CHECK(faults_by_schema(row.at("dialect")) == "");
  CHECK(faults_by_schema(json::parse(support::columns)) == "");
}

TEST_CASE("what the schema of dialect files refuses, the loader refuses, too") {
  struct wrong {
    const char* at;
    json value;
  };
  const std::vector<wrong> all{
    {"/name", nullptr},
    {"/name", 7},
    {"/bitmap", "binry"},
    {"/bitmap", {{"form", "hex"}, {"third", "nowhere"}}},
    {"/bitmap", {{"third", "chained"}}},
    {"/mandatory/02", json::array()},
    {"/mandatory/0200", {193}},
    {"/approvals", "00"},
    {"/approvals", json::array()},
    {"/aprovals", json::array()},
    {"/sizeMin", -1},
    {"/echoed", {"4"}},
    {"/localTime", {{"expirySeconds", 30}}},
    {"/rules", {{{"of", {"0200"}}}}},
    {"/pairing", {{"9", {11}}}},
    {"/answers", {{"aproved", "00"}}},
    {"/network", {{"field", 70}}},
    {"/network", {{"field", 0}, {"kinds", json::object()}}},
    {"/network", {{"field", 11}, {"kinds", {{"logon", {"001"}}}}}},
    {"/network", {{"field", 11}, {"kinds", {{"signOn", json::array()}}}}},
    {"/network", {{"field", 11}, {"kinds", json::object()}, {"answers", {{"unknown", "approve"}}}}},
    {"/network", {{"field", 11}, {"kinds", json::object()}, {"onConnect", {json::object()}}}},
    {"/network", {{"field", 11}, {"kinds", json::object()}, {"afterSignOff", "drop"}}},
    {"/network", {{"field", 11}, {"kinds", json::object()}, {"afterCutOver", {{"pause", 5}}}}},
    {"/rejects", {{"mti", "0620"}}},
    {"/rejects", {{"mtis", {"620"}}}},
    {"/rejects", {{"mtis", {"0820"}}}},
    {"/rejects", {{"notProcessed", "yes"}}},
    {"/rrn", {{"format", "NNNNNNNNNNNN"}}},
    {"/rrn", {{"fill", "yes"}}},
    {"/rrn", {{"fill", true}, {"format", "YDDDhh"}}},
    {"/confirmation", json::object()},
    {"/confirmation", {{"mtis", json::array()}}},
    {"/confirmation", {{"mtis", {"0202"}}, {"answer", "yes"}}},
    {"/hostRequests", {{"seconds", 5}}},
    {"/hostRequests", {{"fallback", {{"0800", "00"}}}}},
    {"/hostRequests", {{"fallback", {{"0420", 0}}}}},
    {"/examples", {{"sale", json::object()}}},
    {"/amountMayDiffer", {{"codes", json::array()}}},
    {"/responseCodes", json::array()},
    {"/responseCodes/00", 1},
    {"/reversal", {{"of", {"0200"}}, {"done", {"0"}}}},
    {"/reversal", {{"of", {"200"}}, {"mti", "0400"}, {"done", {"0"}}}},
    {"/reversal", {{"of", {"0200"}}, {"mti", "0400"}, {"done", json::array()}}},
    {"/reversal", {{"of", {"0200"}}, {"mti", "0400"}, {"done", {"0"}}, {"notfound", {"25"}}}},
    {"/fields", json::array()},
    {"/fields/1/field", 1},
    {"/fields/1/field", 193},
    {"/fields/1/name", nullptr},
    {"/fields/1/privacy", nullptr},
    {"/fields/1/privacy", "hidden"},
    {"/fields/1/content", "digits"},
    {"/fields/1/content", nullptr},
    {"/fields/1/encoding", "ebcdic"},
    {"/fields/1/padding", "left x"},
    {"/fields/1/trim", "no"},
    {"/fields/1/padded", 1},
    {"/fields/1/length", 0},
    {"/fields/1/length", "19"},
    {"/fields/1/length/max", nullptr},
    {"/fields/1/length/size", 0},
    {"/fields/1/length/encoding", "hex"},
    {"/fields/1/length/counts", "fields"},
    {"/fields/1/lenght", 19},
    {"/fields/1/type", "lln"},
    {"/fields/1/type", "ll-n"},
    {"/fields/2/values/000000", 1},
    {"/fields/4/parts/kind", "tvl"},
    {"/fields/4/parts/tag", nullptr},
    {"/fields/4/parts/tag/size", 9},
    {"/fields/4/parts/length/encoding", "hex"},
    {"/fields/4/parts/fields/0/part", nullptr},
    {"/fields/4/parts/fields/0/privacy", "none"},
  };
  for (const auto& w : all) {
    INFO(w.at << " = " << w.value.dump());
    const auto file = with(w.at, w.value);
    const bool is_tag = std::string(w.at) == "/fields/4/parts/tag";  // only `tlv` needs one
    CHECK((is_tag || !faults_by_schema(file).empty()));
    CHECK_FALSE(codec::faults_of_dialect(file.dump()).empty());
  }
}
