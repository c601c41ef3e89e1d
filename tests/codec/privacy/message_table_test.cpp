#include <catch2/catch.hpp>

#include "codec/privacy/message_table.hpp"
#include "codec/text/hex.hpp"
#include "tests/support/dialects.hpp"

using support::smart_vista;

TEST_CASE("the table of a purchase is the old program's, with better masking") {
  auto m = support::purchase();
  m.set(52, "0123456789abcdef");
  CHECK(codec::message_table(m, smart_vista()) ==
        "     [Purchase Request]\n"
        "\n"
        "     Message Type Indicator [0].......................0200\n"
        "     Bitmap [1].......................................3230058020C09000\n"
        "     Processing Code [3]..............................0\n"
        "     Amount, Transaction [4]..........................1000\n"
        "     Transmission Date and Time [7]...................1123120000\n"
        "     System Trace Audit Number [11]...................000001\n"
        "     Time, Local Transaction [12].....................261123120000\n"
        "     Pos Entry Mode [22]..............................021 (Card Data Input Mode: <Magnetic stripe "
        "read>; Cardholder Auth Method: <PIN>)\n"
        "     Function Code [24]...............................200\n"
        "     Pos Condition Code [25]..........................0\n"
        "     Track 2 Data [35]................................485078******7891=********************\n"
        "     Card Acceptor Terminal Identification [41].......00000042\n"
        "     Merchant Id [42].................................000000000000123\n"
        "     Currency code, transaction [49]..................643\n"
        "     Personal Identification Data [52]................****************\n");
}

TEST_CASE("messages are called what the trade calls them") {
  const auto title_of = [](const char* mti, const char* code) {
    codec::message m(mti);
    m.set(3, code);
    return codec::title(m);
  };
  CHECK(title_of("0200", "000000") == "Purchase Request");
  CHECK(title_of("0210", "200000") == "Refund Response");
  CHECK(title_of("0400", "000000") == "Reversal Request");
  CHECK(title_of("0810", "990000") == "Echo Response");
  CHECK(title_of("0110", "000000") == "Authorization Response");
  CHECK(title_of("0630", "000000") == "Message 0630");
}

TEST_CASE("a response that says no is marked, and its code explained") {
  codec::message m("0210");
  m.set(39, "116");
  const auto table = codec::message_table(m, smart_vista());
  CHECK_THAT(table, Catch::Contains("[Purchase Response] <faulty>"));
  CHECK_THAT(table, Catch::Contains("116 (Insufficient Funds - Retry)"));
  m.set(39, "000");
  CHECK_THAT(codec::message_table(m, smart_vista()),
             !Catch::Contains("<faulty>") && Catch::Contains("0 (Successful Transaction)"));
}

TEST_CASE(
  "a table of parts has each tag of EMV data and each part in its full width, masked as its field is") {
  auto d = codec::parse_dialect(R"({"name":"x","bitmap":"binary","mandatory":{},"approvals":["00"],"fields":[
    {"field":0,"name":"MTI","type":"n","length":4,"privacy":"open"},
    {"field":3,"name":"Code","content":"n","length":6,"privacy":"open","values":{"000000":"Purchase"}},
    {"field":48,"name":"Data","content":"any","length":{"max":99,"encoding":"ascii","size":2},
     "privacy":"free","parts":{"kind":"positional","fields":[
       {"part":"1","name":"Kind","content":"n","length":2,"privacy":"open","values":{"07":"Refund"}},
       {"part":"2","name":"Card","content":"n","length":{"max":19,"encoding":"ascii","size":2},
        "privacy":"pan"},
       {"part":"3","name":"Key","content":"n","length":2,"privacy":"secret","values":{"11":"Spare"}}]}},
    {"field":55,"name":"Chip","content":"b","length":{"max":99,"encoding":"ascii","size":3},"privacy":"emv",
     "parts":{"kind":"ber","fields":[{"part":"5A","name":"Card","content":"b","length":10,
       "privacy":"open"}]}}]})");
  INFO((d ? "" : d.error()));
  REQUIRE(d.ok());
  codec::message m("0200");
  m.set(3, "000000");
  m.set(48, "0716411111111111111111");
  m.set(55, "9f2602aabb5a084111111111111111");
  std::string table;
  for (const auto& row : codec::message_rows(m, *d, codec::detail::parts))
    table += codec::table_line(row);
  CHECK(table ==
        "     MTI [0]..........................................0200\n"
        "     Bitmap [1].......................................2000000000010200\n"
        "     Code [3].........................................000000 (Purchase)\n"
        "     Data [48]........................................1=07, 2=411111******1111, 3=**\n"
        "       Kind [48.1]....................................07 (Refund)\n"
        "       Card [48.2]....................................411111******1111\n"
        "       Key [48.3].....................................**\n"
        "     Chip [55]........................................9f2602aabb5a08****************\n"
        "       [55.9F26]......................................aabb\n"
        "       Card [55.5A]...................................****************\n");
}
