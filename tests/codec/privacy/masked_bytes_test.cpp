#include <catch2/catch.hpp>

#include "codec/dialect/dialect_file.hpp"
#include "codec/privacy/masked_bytes.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/hex.hpp"
#include "codec/text/named_json.hpp"

namespace {

codec::dialect dialect_with(const std::string& row) {
  const auto d = codec::parse_dialect(
    R"({"name":"x","bitmap":"binary","mandatory":{},"approvals":["0"],"fields":[)" +
    std::string(R"({"field":0,"alias":"mti","name":"MTI","content":"n","length":4,"privacy":"open"},)") +
    row + "]}");
  INFO((d ? "" : d.error()));
  REQUIRE(d.ok());
  return *d;
}

std::string hex(std::string_view text) { return codec::to_hex(text); }

// "4850" as f4 f8 f5 f0.
std::string ebcdic(std::string_view digits) {
  std::string text;
  for (const char c : digits)
    text += c == '=' ? "7e" : c == ' ' ? "40" : std::string("f") + c;
  return text;
}

}  // namespace

TEST_CASE("bytes show of packed track data its first six and last four digits, and nothing behind the D") {
  CHECK(codec::masked_bytes("4850781234567891d25122011234000012345f") ==
        "485078******7891d********************f");
  CHECK(codec::masked_bytes("4850781234567891D2512") == "485078******7891D****");
  // With what stands in front it is longer than a card number, so nobody knows which digits are its last.
  CHECK(codec::masked_bytes("35134850781234567891d25122011234000012345f") ==
        "351348**************d********************f");
  CHECK(codec::masked_bytes("f4850781234567891f") == "f485078******7891f");
  CHECK(codec::masked_bytes("9f36020123") == "9f36020123");
  CHECK(codec::masked_bytes("a123456789012b") == "a123456789012b");
}

TEST_CASE("bytes show no card number in ASCII or EBCDIC, in groups or with its track data") {
  const std::string pan = "4850781234567891";
  for (const auto& written :
       {hex(pan), hex("x" + pan + "y"), hex("4850 7812 3456 7891"), hex("4850-7812-3456-7891"), ebcdic(pan),
        ebcdic("4850 7812 3456 7891"), "c1" + ebcdic(pan) + "c2"}) {
    const auto shown = codec::masked_bytes(written);
    INFO(shown);
    CHECK(shown.size() == written.size());
    CHECK(shown.find('*') != std::string::npos);
    for (const auto& secret : {hex("123456"), ebcdic("123456"), hex("1234"), ebcdic("1234")})
      CHECK(shown.find(secret) == std::string::npos);
  }
  for (const auto& track :
       {hex(pan + "=2512201"), ebcdic(pan + "=2512201"), hex("B" + pan + "^NAME/A^2512201")}) {
    const auto shown = codec::masked_bytes(track);
    INFO(shown);
    for (const auto& secret : {hex("2512"), ebcdic("2512"), hex("201"), ebcdic("201"), hex("NAME")})
      CHECK(shown.find(secret) == std::string::npos);
  }
}

TEST_CASE("free is for text: bytes with that privacy are refused") {
  const auto d = codec::parse_dialect(
    R"({"name":"x","bitmap":"binary","mandatory":{},"approvals":["0"],"fields":[{"field":0,)"
    R"("name":"MTI","content":"n",)"
    R"("length":4,"privacy":"open"},{"field":63,"name":"Private","content":"b","length":9,)"
    R"("privacy":"free"}]})");
  REQUIRE_FALSE(d.ok());
  CHECK(
    d.error() ==
    "fields[1].privacy: expected open, secret, or parts with a privacy each: free is for text, and these are "
    "bytes, but it is \"free\" (field 63)");
}

TEST_CASE("a field made of parts shows each as its own privacy says, and no digits across their boundaries") {
  const auto d = dialect_with(
    R"({"field":48,"alias":"private","name":"Private","content":"ans","privacy":"open",)"
    R"("length":{"max":999,"encoding":"ascii","size":3},)"
    R"("parts":{"kind":"tlv","tag":{"encoding":"ascii","size":3},"length":{"encoding":"ascii",)"
    R"("size":3},"fields":[)"
    R"({"part":"001","name":"PAN","content":"n","length":{"max":19,"encoding":"ascii","size":3},)"
    R"("privacy":"pan"},)"
    R"({"part":"002","name":"PIN","content":"n","length":{"max":12,"encoding":"ascii","size":3},)"
    R"("privacy":"secret"}]}})");
  codec::message m("0800");
  for (const auto& [path, value] : {std::pair("48.001", "4850781234567891"),
                                    {"48.002", "1234"},
                                    {"48.003", "123456789012"},
                                    {"48.004", "4111111111111111"}})
    REQUIRE_FALSE(codec::set_at(m, path, value, d));
  CHECK(codec::shown(m[48], *d.find(48)) ==
        "001=485078******7891, 002=****, 003=123456789012, 004=411111******1111");
  const auto json = codec::to_named_json(m, d);
  CHECK(json.at("private").dump() ==
        R"({"001":"485078******7891","002":"****","003":"123456789012","004":"411111******1111"})");
}

TEST_CASE("parts of a field are given and named in JSON by their paths") {
  const auto d =
    dialect_with(R"({"field":127,"alias":"extra","name":"Extra","content":"b","privacy":"open",)"
                 R"("length":{"max":999999,"encoding":"ascii","size":6},"parts":{"kind":"bitmap",)"
                 R"("bitmapBytes":8,"fields":[)"
                 R"({"part":2,"name":"Switch key","content":"ans","length":{"max":32,"encoding":"ascii",)"
                 R"("size":2},"privacy":"open"},)"
                 R"({"part":3,"name":"Routing","content":"ans","length":4,"privacy":"open",)"
                 R"("parts":{"kind":"positional","fields":[)"
                 R"({"part":1,"name":"From","content":"ans","length":2,"privacy":"open"},)"
                 R"({"part":2,"name":"To","content":"ans","length":2,"privacy":"open"}]}}]}})");
  const auto given = nlohmann::json::parse(R"({"mti":"0800","extra":{"2":"0007","3":{"2":"YY","1":"XX"}}})");
  const auto m = codec::from_named_json(given, d);
  REQUIRE(m.ok());
  CHECK((*m)[127] == codec::to_hex(*codec::from_hex("6000000000000000") + "040007XXYY"));
  CHECK(codec::value_at(*m, "127.3.2", d) == "YY");
  CHECK(nlohmann::json::parse(codec::to_named_json(*m, d).dump()) == given);

  const auto wrong = codec::from_named_json(
    nlohmann::json::parse(R"({"mti":"0800","extra":{"2":7,"3":{"1":"too long","9":"x"},"4":"x"}})"), d);
  REQUIRE_FALSE(wrong.ok());
  std::vector<std::string> paths;
  for (const auto& f : wrong.error())
    paths.push_back(f.path);
  CHECK(paths == std::vector<std::string>{"extra.2", "extra.3.1", "extra.3.9", "extra.4"});
}
