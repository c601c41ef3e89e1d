#include <catch2/catch.hpp>

#include "codec/text/hex.hpp"
#include "tests/inspect/run.hpp"

using Catch::Contains;
using support::run;

TEST_CASE("encode takes names, numbers and paths, text and whole numbers, and writes what describe reads") {
  support::files files;
  const auto dialect = "--dialect=" + files.add("columns.json", support::columns);
  const auto r = run({"encode", dialect, "-"},
                     R"({"mti": "0200", "pan": "4111111111111111", "Code": 0, "48.051": 42,
                         "48": {"052": "4111111111111111"}, "icc": {"9F26": "aabb"}})");
  CHECK(r.err == "");
  CHECK(r.out ==
        "02006000000000010200104111111111111111000000"
        "30323830353130323432303532313634313131313131313131313131313131"
        "059f2602aabb\n");
  CHECK(run({"describe", dialect, r.out}).status == 0);
}

TEST_CASE("encode puts the header in front, writes bytes, and takes a list of messages") {
  const std::string echo = R"({"0": "0800", "1": "ignored", "processing_code": "990000", "7": 1123064557,
                               "stan": 123, "24": "831", "terminal_id": 1234})";
  const std::string hex =
    "303830302220010000800000393930303030313132333036343535373030303132333833313030303031323334";
  CHECK(run({"encode", "-"}, echo).out == hex + "\n");
  CHECK(run({"encode", "-", "--header=length:n:4"}, echo).out == "30303435" + hex + "\n");
  CHECK(run({"encode", "-", "--header=length:b-hex:2", "--lengthIncludeHeader"}, echo).out ==
        "002f" + hex + "\n");
  CHECK(run({"encode", "-", "--binary"}, echo).out == *codec::from_hex(hex));
  CHECK(run({"encode", "-"}, "[" + echo + "," + echo + "]").out == hex + "\n" + hex + "\n");
}

TEST_CASE("encode says of each wrong value what was expected, with its path and without the value") {
  support::files files;
  const auto dialect = "--dialect=" + files.add("columns.json", support::columns);
  const auto r = run({"encode", dialect, "-"},
                     R"({"pan": "41111111111111111111", "processing_code": "00x000", "39": "", "cod": "1",
                         "48.051": "x", "48": {"051.2": "1"}, "3.1": "2",
                         "55": true, "icc": {"9F26": "abc"}})");
  CHECK(r.status == 1);
  CHECK(r.out == "");
  CHECK(
    r.err ==
    "socketqueue: pan: expected at most 19 digits, but it has 20\n"
    "socketqueue: processing_code: expected at most 6 digits, but its character 3 is none of them\n"
    "socketqueue: 39: expected 2 letters and digits, but it is empty; leave a field out that has no value\n"
    "socketqueue: cod: expected a field of dialect columns, by alias, name or number; did you mean 'Code'?\n"
    "socketqueue: 48.051: expected at most 10 digits, but its character 1 is none of them\n"
    "socketqueue: 48.051.2: expected the value of 48.051 as such, for it is not made of parts\n"
    "socketqueue: 3.1: expected the value of 3 as such, for it is not made of parts\n"
    "socketqueue: 55: expected at most 510 hexadecimal digits (255 bytes), as text or a whole number, or an "
    "object of "
    "parts, but it is a JSON boolean\n"
    "socketqueue: icc.9F26: expected at most 131070 hexadecimal digits (65535 bytes), but it has 3, and a "
    "byte "
    "has two of them\n");
}

TEST_CASE("encode refuses what is no message: no JSON, no type, one field twice") {
  CHECK_THAT(run({"encode", "-"}, "{").err, Contains("not JSON"));
  CHECK_THAT(run({"encode", "-"}, "{\"mti\": 1e999}").err, Contains("a number in it is too large"));
  CHECK_THAT(run({"encode", "-"}, "[]").err, Contains("the list is empty"));
  CHECK_THAT(run({"encode", "-"}, "[1]").err, Contains("expected a JSON object of fields"));
  CHECK_THAT(run({"encode", "-"}, R"({"stan": "1"})").err, Contains("mti: expected the message type"));
  CHECK_THAT(run({"encode", "-"}, R"({"mti": "0800", "stan": "1", "11": "2"})").err,
             Contains("11: expected once"));
  CHECK_THAT(run({"encode", "-"}, R"({"mti": "0800", "stan": "1", "stan": "2"})").err,
             Contains("stands there twice"));
  CHECK_THAT(run({"encode", "-", "--header=length:n:1"}, R"({"mti": "0800", "stan": "1"})").err,
             Contains("can express 9"));
}

TEST_CASE("encode refuses a request that breaks a rule of the dialect, and --force writes it all the same") {
  support::files files;
  const auto dialect = "--dialect=" + files.add("columns.json", support::columns);
  const auto* text = R"({"mti": "0200", "pan": "4111111111111111"})";
  const auto r = run({"encode", dialect, "-"}, text);
  CHECK(r.status == 1);
  CHECK(r.out == "");
  CHECK(r.err ==
        "socketqueue: 3 (Code): mandatory, but absent, by the dialect's rules for 0200\n"
        "socketqueue: nothing is written; --force writes it all the same\n");
  const auto forced = run({"encode", dialect, "-", "--force"}, text);
  CHECK(forced.status == 0);
  CHECK(forced.out == "02004000000000000000104111111111111111\n");
  CHECK_THAT(forced.err, Contains("3 (Code): mandatory, but absent"));
  CHECK(run({"encode", dialect, "-"}, R"({"mti": "0210", "39": "00"})").status == 0);
}

TEST_CASE("encode says where its JSON ends to be JSON, and what a wrong part could be called") {
  const auto says = [](const char* text) { return run({"encode", "-", "--dialect=postilion"}, text).err; };
  CHECK_THAT(says("{\"mti\": \"0800\",\n \"stan\" 1}"), Contains("not JSON, from line 2, column 9 on"));
  CHECK_THAT(says(R"({"mti": "0800", "127.99": "1"})"),
             Contains("127.99: expected a part of 127: switch_key, routing_information, "));
  CHECK_THAT(says(R"({"mti": "0800", "127.swich_key": "1"})"), Contains("did you mean 'switch_key'?"));
  CHECK_THAT(says(R"({"mti": "0800", "55": {"9": "1"}})"),
             Contains("55.9: expected an EMV tag in hexadecimal"));
}

TEST_CASE("encode takes parts by their aliases") {
  const auto by_number =
    run({"encode", "-", "--dialect=postilion", "--force"}, R"({"mti": "0800", "127.2": "K"})");
  CHECK(by_number.out != "");
  CHECK(
    run({"encode", "-", "--dialect=postilion", "--force"}, R"({"mti": "0800", "127": {"switch_key": "K"}})")
      .out == by_number.out);
}

TEST_CASE("encode refuses a short message type, half a byte, an object without parts and broken chip data") {
  const auto says = [](const char* text) { return run({"encode", "-"}, text).err; };
  CHECK_THAT(says(R"({"mti": "800"})"),
             Contains("mti: expected the message type, four digits, but it has 3"));
  CHECK_THAT(says(R"({"mti": "0800", "pin_block": "abc"})"),
             Contains("but it has 3, and a byte has two of them"));
  CHECK_THAT(says(R"({"mti": "0800", "stan": -1})"),
             Contains("but it is a number with a sign or a fraction"));
  CHECK_THAT(says(R"({"mti": "0800", "icc": {}})"),
             Contains("icc: expected a value or parts, but the object is empty"));
  CHECK_THAT(says(R"({"mti": "0210", "icc": "9F2608"})"),
             Contains("55: expected what the dialect makes it of") &&
               Contains("the message ends too early") && Contains("--force writes it all the same"));
  CHECK_THAT(says(R"({"mti": "0800", "4111111111111111": "1"})"), !Contains("4111111111111111"));
}
