#include <catch2/catch.hpp>

#include "codec/privacy/message_table.hpp"
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
