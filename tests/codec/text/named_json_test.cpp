#include <catch2/catch.hpp>

#include <set>

#include "codec/text/named_json.hpp"
#include "tests/support/dialects.hpp"

using codec::fault_code;
using nlohmann::json;
using support::smart_vista;

namespace {

codec::result<codec::message, std::vector<codec::named_fault>> read(const char* text) {
  return codec::from_named_json(json::parse(text), smart_vista());
}

const codec::dialect& postilion() {
  static const auto d = [] {
    auto file = json::parse(config::built_in_dialect("postilion"));
    for (auto& row : file["fields"])
      if (row["field"] == 127)
        row["privacy"] = "open";
    return codec::parse_dialect(file.dump()).value();
  }();
  return d;
}

std::string faults(const char* text) {
  const auto m = read(text);
  std::string all;
  if (!m)
    for (const auto& f : m.error())
      all += f.path + ": " + codec::to_string(codec::fault{f.code}) + "; ";
  return all;
}

}  // namespace

TEST_CASE("fields may be called by alias, by name and by number") {
  const auto m = read(R"({"mti":"0200","amount":"1000","41":"42","Merchant Id":"123"})");
  REQUIRE(m.ok());
  CHECK((*m)[4] == "000000001000");
  CHECK((*m)[41] == "00000042");
  CHECK((*m)[42] == "000000000000123");
}

TEST_CASE("EMV data may be hexadecimal text or an object of tags") {
  CHECK((*read(R"({"mti":"0200","icc":"9F2608571F1E10D4FA4AAC"})"))[55] == "9f2608571f1e10d4fa4aac");
  CHECK((*read(R"({"mti":"0200","icc":{"9F26":"571F1E10D4FA4AAC"}})"))[55] == "9f2608571f1e10d4fa4aac");
}

TEST_CASE("every fault is told with the key as it was given") {
  CHECK(
    faults(R"({"mti":"0200","amount":1000,"nonsense":"1",)"
           R"("terminal_id":"123456789","icc":{"9F26":"5","zz":"00","82":7}})") ==
    "amount: a JSON value of the wrong kind; icc.82: a JSON value of the wrong kind; icc.9F26: not a "
    "hexadecimal digit; "
    "icc.zz: not a hexadecimal digit; nonsense: the dialect has no such field; terminal_id: longer than its "
    "maximum; ");
  CHECK(faults(R"({"amount":"1","4":"1","mti":"0200"})") == "amount: given twice; ");
  CHECK(faults(R"({})") == "mti: mandatory, but absent; ");
  CHECK(faults(R"([])") == ": a JSON value of the wrong kind; ");
  CHECK(faults(R"({"mti":"0200","1":"00"})") == "1: the dialect has no such field; ");
  CHECK(faults(R"({"mti":"0200","customer_response":"\u20ac"})") ==
        "customer_response: a JSON value of the wrong kind; ");
}

TEST_CASE("values come back as text under their aliases, card data masked, tags one by one") {
  auto m = support::purchase();
  m.set(2, support::test_pan);
  m.set(52, "0123456789abcdef");
  m.set(55,
        "9f2608571f1e10d4fa4aac"
        "5a084850781234567891");
  const auto j = codec::to_named_json(m, smart_vista());
  CHECK(j.at("mti") == "0200");
  CHECK(j.at("amount") == "000000001000");
  CHECK(j.at("pan") == "485078******7891");
  CHECK(j.at("pin_block") == "****************");
  CHECK(j.at("icc").at("9F26") == "571f1e10d4fa4aac");
  CHECK(j.at("icc").at("5A") == "****************");
  CHECK(j.dump().find(support::test_pan) == std::string::npos);
}

TEST_CASE("every field of the dialect has an alias of its own") {
  std::set<std::string> aliases;
  for (const auto& spec : smart_vista().fields)
    if (spec) {
      INFO(spec->number);
      CHECK_FALSE(spec->alias.empty());
      CHECK(aliases.insert(spec->alias).second);
      CHECK(smart_vista().find(std::string_view(spec->alias)) == &*spec);
    }
}

TEST_CASE("a part may be called by its path, by alias and by name, also beside an object of its field") {
  const auto& d = postilion();
  const auto read_as = [&d](const char* text) {
    const auto m = codec::from_named_json(json::parse(text), d);
    REQUIRE(m.ok());
    return std::string((*m)[127]) + "/" + std::string((*m)[55]);
  };
  const auto expected = read_as(R"({"mti":"0200","127":{"2":"key","3":"route"},"icc":{"9F36":"0001"}})");
  for (const auto* text :
       {R"({"mti":"0200","127.2":"key","127.3":"route","55.9F36":"0001"})",
        R"({"mti":"0200","127.switch_key":"key","127":{"routing_information":"route"},"icc.9f36":"0001"})",
        R"({"mti":"0200","127":{"Switch Key":"key"},"127.3":"route","icc":{"9F36":"0001"}})"})
    CHECK(read_as(text) == expected);
}

TEST_CASE("a part that is given twice, is empty or does not exist is a fault with the key as it was given") {
  const auto& d = postilion();
  const auto told = [&d](const char* text) {
    const auto m = codec::from_named_json(json::parse(text), d);
    std::string all;
    if (!m)
      for (const auto& f : m.error())
        all += f.path + ": " + codec::to_string(codec::fault{f.code}) + "; ";
    return all;
  };
  CHECK(told(R"({"mti":"0200","127.2":"a","127":{"switch_key":"b"}})") == "127.2: given twice; ");
  CHECK(told(R"({"mti":"0200","55.9F36":"0001","icc.9f36":"0002"})") == "icc.9f36: given twice; ");
  CHECK(told(R"({"mti":"0200","127":{}})") == "127: empty; leave a field out that has no value; ");
  CHECK(told(R"({"mti":"0200","icc":{}})") == "icc: empty; leave a field out that has no value; ");
  CHECK(told(R"({"mti":"0200","127.2":" "})") == "127.2: empty; leave a field out that has no value; ");
  CHECK(told(R"({"mti":"0200","127.key":"a","4.1":"b","55.9":"00","x.y":"c"})") ==
        "127.key: the dialect has no such field; 4.1: the dialect has no such field; "
        "55.9: the dialect has no such field; x.y: the dialect has no such field; ");
}

TEST_CASE("a path of very many steps is a field that there is not") {
  std::string path = "55";
  for (int i = 0; i < 300000; ++i)
    path += ".70";
  const auto m = codec::from_named_json({{"mti", "0200"}, {path, "00"}}, postilion());
  REQUIRE_FALSE(m.ok());
  CHECK(m.error().front().code == fault_code::unknown_field);
}

TEST_CASE("parts come back under their aliases, and what was given back is taken again") {
  const auto& d = postilion();
  const auto m = codec::from_named_json(json::parse(R"({"mti":"0200","127.2":"key","127.6":"11"})"), d);
  REQUIRE(m.ok());
  const auto back = codec::to_named_json(*m, d);
  const auto name = codec::name_of(*d.find(127));
  CHECK(json(back.at(name)) == json({{"switch_key", "key"}, {"authorization_profile", "11"}}));
  const auto again = codec::from_named_json(json::parse(back.dump()), d);
  REQUIRE(again.ok());
  CHECK((*again)[127] == (*m)[127]);
}
