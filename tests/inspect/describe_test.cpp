#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "codec/text/hex.hpp"
#include "tests/inspect/run.hpp"

using Catch::Contains;
using support::run;

namespace {

// 0800 with a header of four digits.
constexpr const char* echo_with_header =
  "30303435 30383030 2220010000800000 393930303030 31313233303634353537"
  " 303030313233 383331 3030303031323334";

// 0200 of the dialect with columns: a card number, a chip, parts.
constexpr const char* purchase =
  "0200 6000000000010200 10 4111111111111111 000000"
  "303330 303531 3034 30303432 303532 3136 34313131313131313131313131313131"
  "12 9f2602aabb 5a084111111111111111 950101";

}  // namespace

TEST_CASE("describe shows a message as the log does, finds its header, and takes blanks among the digits") {
  const auto r = run({"describe", echo_with_header});
  CHECK(r.err == "");
  CHECK(r.status == 0);
  CHECK(r.out ==
        "49 bytes, 1 message of smartVista, header ascii4\n"
        "\n"
        "message 1: bytes 4 to 49, header 30303435\n"
        "\n"
        "     [Echo Request]\n"
        "\n"
        "     Message Type Indicator [0].......................0800\n"
        "     Bitmap [1].......................................2220010000800000\n"
        "     Processing Code [3]..............................990000\n"
        "     Transmission Date and Time [7]...................1123064557\n"
        "     System Trace Audit Number [11]...................000123\n"
        "     Function Code [24]...............................831\n"
        "     Card Acceptor Terminal Identification [41].......00001234\n");
}

TEST_CASE("describe shows each part and each tag of a chip, and no card number in clear") {
  support::files files;
  const auto dialect = "--dialect=" + files.add("columns.json", support::columns);
  const auto r = run({"describe", dialect, purchase});
  INFO(r.err << r.out);
  CHECK(r.status == 0);
  for (const auto* line : {"     Card [2].........................................411111******1111\n",
                           "     Code [3].........................................000000 (Purchase)\n",
                           "     Data [48]........................................2 parts\n",
                           "       Invoice [48.051]...............................0042\n",
                           "       Other card [48.052]............................411111******1111\n",
                           "     Chip [55]........................................3 parts\n",
                           "       Application Cryptogram [55.9F26]...............aabb\n",
                           "       Application PAN [55.5A]........................****************\n",
                           "       Terminal Verification Results [55.95]..........01\n"})
    CHECK_THAT(r.out, Contains(line));
  CHECK_THAT(r.out, !Contains("4111111111111111"));
  CHECK_THAT(run({"describe", dialect, "--json", purchase}).out, !Contains("4111111111111111"));
  CHECK_THAT(run({"describe", dialect, "--dangerous", purchase}).out, Contains("4111111111111111"));
}

TEST_CASE("describe explains response codes by the dialect, in EBCDIC too") {
  support::files files;
  const auto r =
    run({"describe", "--dialect", files.add("c.json", support::columns), "0210 0000000002000000 f0f5"});
  CHECK(r.status == 0);
  CHECK_THAT(r.out, Contains("05 (Do not honour)"));
}

TEST_CASE(
  "describe reads several messages one behind another, from a file of bytes or of digits, or standard "
  "input") {
  support::files files;
  const std::string one =
    "303830302220010000800000393930303030313132333036343535373030303132333833313030303031323334";
  const auto bytes = *codec::from_hex(one + one);
  for (const auto& r : {run({"describe", one, one}), run({"describe", files.add("bytes", bytes)}),
                        run({"describe", files.add("digits", one + "\n" + one + "\n")}),
                        run({"describe", "-"}, bytes), run({"describe", "-"}, one + one)}) {
    CHECK(r.status == 0);
    CHECK_THAT(r.out, Catch::StartsWith("90 bytes, 2 messages of smartVista, no header\n"));
    CHECK_THAT(r.out, Contains("message 2: bytes 45 to 90"));
  }
}

TEST_CASE("describe says at which byte and in which field reading ends, and why, with status 1") {
  // Field 11 has a letter; the last byte of field 41 is missing.
  const auto r =
    run({"describe", "--header=none",
         "3038303022200100008000003939303030303131323330363435353730303041323338333130303030313233"});
  CHECK(r.status == 1);
  CHECK_THAT(r.out, Contains("     byte 31, field 11: not a digit\n"));
  CHECK_THAT(r.out, Contains("     byte 44, field 41: the message ends too early\n"));
  CHECK_THAT(r.out, Contains("the last 7 bytes of the message, from byte 37"));
  const auto nothing = run({"describe", "ffffffffffffffff"});
  CHECK(nothing.status == 1);
  CHECK_THAT(nothing.out, Contains("byte 0, field 0: the message type is not four digits"));
}

TEST_CASE("describe finds the header of a message that a wrong dialect cannot read whole") {
  support::files files;
  std::string off = support::columns;
  off.replace(off.find("\"length\": 6"), 11, "\"length\": 8");  // of field 3
  off.replace(off.find("\"000000\""), 8, "\"00000000\"");
  const auto r =
    run({"describe", "--dialect=" + files.add("off.json", off), "--json", "004a" + std::string(purchase)});
  CHECK(r.status == 1);
  CHECK(nlohmann::json::parse(r.out).at("header") == "bin2");
}

TEST_CASE("describe finds what is wrong inside a part, at its byte of the whole") {
  support::files files;
  const auto dialect = "--dialect=" + files.add("columns.json", support::columns);
  // The number of tag 051 has a letter: MTI 2, bitmap 8, length 3, tag 3, its length 2.
  const auto r = run({"describe", dialect, "--json", "0200 0000000000010000 303037 303531 3032 3041"});
  CHECK(r.status == 1);
  const auto fault = nlohmann::json::parse(r.out).at("messages").at(0).at("faults").at(0);
  CHECK(fault == nlohmann::json({{"offset", 19}, {"path", "48.051"}, {"reason", "not a digit"}}));
}

TEST_CASE("describe --json has the same for scripts") {
  const auto r = run({"describe", "--json", "--header=length:n:4", echo_with_header});
  CHECK(r.status == 0);
  const auto all = nlohmann::json::parse(r.out);
  CHECK(all.at("header") == "length:n:4");
  CHECK(all.at("size") == 49);
  CHECK(all.at("read") == 49);
  const auto& message = all.at("messages").at(0);
  CHECK(message.at("offset") == 4);
  CHECK(message.at("fields").at(2) ==
        nlohmann::json(
          {{"path", "3"}, {"name", "Processing Code"}, {"alias", "processing_code"}, {"value", "990000"}}));
  CHECK(message.at("faults").empty());
}

TEST_CASE("a wrong command line of the tools is one sentence that says what to do, with status 2") {
  struct wrong {
    std::vector<std::string> words;
    const char* says;
  };
  support::files files;
  const auto w = GENERATE_COPY(
    wrong{{"describe"}, "describe needs a message"},
    wrong{{"describe", "--dialekt=x", "30"}, "did you mean '--dialect'?"},
    wrong{{"describe", "--dialect=Visa", "30"}, "dialect 'Visa' is neither built in ("},
    wrong{{"describe", "303"}, "3 hexadecimal digits"},
    wrong{{"describe", "zz"}, "neither hexadecimal digits nor a file"},
    wrong{{"describe", "--header=length:x:4", "30"}, "the type must be"},
    wrong{{"describe", "--json=yes", "30"}, "--json takes no value"},
    wrong{{"describe", "--header", "--json", "30"}, "--header needs a value"},
    wrong{{"describe", "--dialect=a", "--dialect=b", "30"}, "given twice"},
    wrong{{"describe", "-x"}, "has no option"}, wrong{{"diff", "30"}, "diff needs two messages"},
    wrong{{"diff", "30", "30", "31"}, "and no more"}, wrong{{"dialect"}, "check, table, list or import"},
    wrong{{"dialect", "chek", "x"}, "did you mean 'dialect check'?"},
    wrong{{"dialect", "list", "x"}, "takes options alone"},
    wrong{{"dialect", "check", "/nowhere/x.json"}, "cannot be read"},
    wrong{{"describe", "--lengthIncludeHeader", "30"}, "give it with --header"});
  const auto r = run(w.words);
  INFO(r.err << r.out);
  CHECK(r.status == 2);
  CHECK_THAT(r.err, Contains(w.says) && Catch::StartsWith("socketqueue: "));
  CHECK(std::count(r.err.begin(), r.err.end(), '\n') == 1);
  CHECK(r.out == "");
}

TEST_CASE("each tool has its help, and the tools are what the page of help says") {
  for (const auto* name : {"describe", "encode", "diff", "detect", "dialect"}) {
    const auto r = run({name, "--help"});
    CHECK(r.status == 0);
    CHECK_THAT(r.out, Contains("socketqueue " + std::string(name)));
    const char* words[]{name};
    CHECK(inspect::is_tool_command(words));
  }
}

TEST_CASE(
  "describe shows what of a request breaks a rule beside its field, with status 0, and the TPDU in front") {
  support::files files;
  std::string rules = support::columns;
  rules.insert(rules.find("\"fields\""), R"("rules": [{"forbidden": ["48.052"], "mandatory": ["icc"]}], )");
  rules.replace(rules.find("\"privacy\": \"open\", \"values\""), 17,
                "\"privacy\": \"open\", \"onlyValues\": true");
  const auto dialect = "--dialect=" + files.add("columns.json", rules);
  const std::string message =
    "0200 6000000000010000 10 4111111111111111 000001 303234 303532 3139 "
    "30303034313131313131313131313131313131";
  const auto r = run({"describe", dialect, "--header=bin2+tpdu", "0036 6000010002" + message});
  INFO(r.err << r.out);
  CHECK(r.status == 0);
  CHECK_THAT(r.out, Contains(", header 00366000010002\n"));
  CHECK_THAT(r.out, Contains("000001 <none of the values that this field may have>\n"));
  CHECK_THAT(r.out, Contains("Other card [48.052]") && Contains("<not allowed in this message>\n"));
  CHECK_THAT(r.out,
             Contains("     Chip [55]........................................<mandatory, but absent>\n"));
  const auto as_json = nlohmann::json::parse(run({"describe", dialect, "--json", message}).out);
  const auto& told = as_json.at("messages").at(0);
  CHECK(told.at("faults").empty());
  CHECK(told.at("rules").size() == 3);
  CHECK(told.at("rules").at(2) == nlohmann::json({{"path", "55"}, {"reason", "mandatory, but absent"}}));
}

TEST_CASE(
  "whatever the dialect, and wherever a message is cut, describe shows no more of a card than a mask does") {
  const nlohmann::json fields{{"mti", "0200"},       {"2", "4539578763621486"}, {"3", "000000"},
                              {"4", "000000001000"}, {"11", "000123"},          {"41", "00000042"}};
  std::size_t tried = 0;
  std::string shown_whole;
  for (const auto* written :
       {"smartvista", "iso87-ascii", "iso87-bcd", "iso87-binary", "iso87-ebcdic", "iso87-ascii-binbitmap"}) {
    const auto encoded = run({"encode", "-", "--force", "--dialect=" + std::string(written)}, fields.dump());
    std::string hex;
    for (const char c : encoded.out)
      if (c != '\n' && c != ' ')
        hex += c;
    INFO(written << encoded.err << hex);
    REQUIRE(hex.size() > 60);
    const auto whole = run({"describe", hex, "--dialect=" + std::string(written)});
    CHECK_THAT(whole.out, Contains("453957******1486"));
    CHECK_THAT(whole.out, Contains("000000001000") && Contains("00000042"));
    for (const auto* read :
         {"smartvista", "iso87-ascii", "iso87-bcd", "iso93-ascii", "pos-bcd", "iso87-ebcdic"})
      for (std::size_t front = 0; front <= 24; ++front)
        for (const std::size_t behind : {0, 3}) {
          const auto part = hex.substr(2 * front, hex.size() - 2 * front - 2 * behind);
          const auto r = run({"describe", part, "--json", "--dialect=" + std::string(read)});
          const auto table = nlohmann::json::parse(r.out, nullptr, false);
          if (!table.is_object())
            continue;
          std::string values;
          for (const auto& m : table.at("messages"))
            for (const auto& f : m.at("fields"))
              values += f.value("value", "");
          INFO(written << " as " << read << ", " << front << " bytes less: " << r.out);
          // Behind the first digit of a card there is no card any more.
          const auto has_card = part.find("4539578763621486") != std::string::npos ||
                                part.find(codec::to_hex("4539578763621486")) != std::string::npos ||
                                part.find("f4f5f3f9f5f7f8f7f6f3f6f2f1f4f8f6") != std::string::npos;
          if (has_card)
            CHECK_THAT(values, !Contains("876362") && !Contains("383736333632") && !Contains("f8f7f6f3f6f2"));
          tried += has_card ? 1 : 0;
        }
  }
  CHECK(tried > 500);
}
