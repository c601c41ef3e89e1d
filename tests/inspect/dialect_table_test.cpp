#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "config/dialects.hpp"
#include "tests/inspect/run.hpp"

using Catch::Contains;
using support::run;

TEST_CASE("dialect check prints the table of fields of a good file, parts too, with status 0") {
  support::files files;
  const auto path = files.add("columns.json", support::columns);
  const auto r = run({"dialect", "check", path});
  CHECK(r.status == 0);
  CHECK(
    r.out ==
    path +
      ": dialect columns, bitmap binary, no faults\n\n"
      "field   name          alias            content  encoding  length           padding  privacy  parts    "
      "                         rules\n"
      "0       Message type  mti              n        bcd       4                left 0   open\n"
      "2       Card          pan              n        bcd       ..19, 1 binary   left 0   pan\n"
      "3       Code          processing_code  n        bcd       6                left 0   open\n"
      "39      Response                       an       cp037     2                         open\n"
      "48      Data                           any      ascii     ..999, 3 ascii            free     tlv, tag "
      "3 ascii, length 2 ascii\n"
      "48.051  Invoice                        n        ascii     as its tag's     left 0   open\n"
      "48.052  Other card                     n        ascii     as its tag's     left 0   pan\n"
      "55      Chip          icc              b        binary    ..255, 1 binary           emv      ber\n");
}

TEST_CASE("dialect check says all that is wrong with a file, each with its place, with status 1") {
  support::files files;
  const auto path =
    files.add("wrong.json", R"({"name": "x", "bitmap": "hexx", "mandatory": {}, "approvals": ["0"],
    "fields": [{"field": 0, "name": "MTI", "type": "n", "length": 4, "privacy": "open"},
               {"field": 4, "name": "Amount", "content": "n", "length": 12, "privacy": "visible"}]})");
  const auto r = run({"dialect", "check", path});
  CHECK(r.status == 1);
  CHECK(r.out ==
        path + ": bitmap: expected one of binary, bitmap, hex, bitmap-hex, ebcdic-hex, but it is \"hexx\"\n" +
          path +
          ": fields[1].privacy: expected one of open, pan, track, emv, free, secret, but it is \"visible\" "
          "(field 4)\n"
          "2 faults\n");
}

TEST_CASE("dialect table is Markdown with coded values, and each built-in dialect has one") {
  support::files files;
  const auto r = run({"dialect", "table", files.add("columns.json", support::columns)});
  CHECK(r.status == 0);
  for (const auto* text :
       {"# columns\n\nBitmap: binary.\n\n| field | name | alias | content | encoding | length | padding | "
        "privacy | parts | rules |\n",
        "| 2 | Card | pan | n | bcd | ..19, 1 binary | left 0 | pan |  |  |\n",
        "| 48 | Data |  | any | ascii | ..999, 3 ascii |  | free | tlv, tag 3 ascii, length 2 ascii |  |\n",
        "| 48.051 | Invoice |  | n | ascii | as its tag's | left 0 | open |  |  |\n",
        "## Response codes\n\n| code | meaning |\n|---|---|\n| 00 | Approved |\n| 05 | Do not honour |\n",
        "## Values of 3, Code\n\n| code | meaning |\n|---|---|\n| 000000 | Purchase |\n"})
    CHECK_THAT(r.out, Contains(text));
  const auto list = run({"dialect", "list"});
  CHECK(list.status == 0);
  for (const auto& file : config::built_in_dialects()) {
    CHECK_THAT(list.out, Contains(std::string(file.name) + ": "));
    CHECK(run({"dialect", "table", std::string(file.name)}).status == 0);
    CHECK(run({"dialect", "check", std::string(file.name)}).status == 0);
  }
}

TEST_CASE("dialect table shows the rules of values and requests, pairing, responses and the reversal") {
  support::files files;
  auto file = nlohmann::json::parse(config::built_in_dialect("postilion"));
  file["rules"] = nlohmann::json::parse(
    R"([{"of": ["0200"], "when": {"22": "05?", "35": false}, "mandatory": ["55"], "forbidden": ["127.2"]}])");
  file["pairing"]["8"] = {7, 11};
  for (auto& row : file["fields"])
    if (row["field"] == 18)
      row.update({{"pattern", "5#*"}, {"check", "luhn"}, {"date", "MMDD"}});
  const auto r = run({"dialect", "table", files.add("postilion.json", file.dump())});
  INFO(r.err);
  CHECK(r.status == 0);
  for (const auto* text :
       {"| pattern 5#*, luhn, date MMDD |\n", "## Mandatory fields\n\n| request | fields |\n",
        "## Rules\n\n| requests | when | mandatory | forbidden |\n| --- | --- | --- | --- |\n"
        "| 0200 | 22 is like 05? and 35 is absent | 55 ",
        " | 127.2 Switch Key |\n", "| x8xx | 7 ", "| approvals | 00, 08, 10, 11, 16 |\n",
        "## Reversal\n\n| key | value |\n", "| repeatMti | 0421 |\n",
        "Original Data Elements: {mti}{stan}{transmission_time}{32:11}{33:11} |\n", "| notFound | 25 |\n"})
    CHECK_THAT(r.out, Contains(text));
}

TEST_CASE("dialect table shows what network management is for and how it is answered") {
  support::files files;
  auto file = nlohmann::json::parse(config::built_in_dialect("postilion"));
  file["network"]["onConnect"] = nlohmann::json::parse(
    R"([{"await": "signOn"}, {"send": {"mti": "0800", "fields": {"70": "001"}}, "expect": {"39": "00"}}])");
  file["network"]["beforeClose"] =
    nlohmann::json::parse(R"([{"send": {"mti": "0800", "fields": {"7": "{now:MMDDhhmmss}", "70": "002"}}}])");
  file["network"]["afterCutOver"] = {{"requests", "refuse"}, {"pause", 20}};
  const auto r = run({"dialect", "table", files.add("postilion.json", file.dump())});
  INFO(r.err);
  CHECK(r.status == 0);
  for (const auto* text :
       {"## Network management\n\n| key | value |\n", "| signOn | 001: approved |\n",
        "| keyChange | 101, 161, 162: declined |\n", "| unknown | all others: declined |\n",
        "| declineWith | 30 |\n", "| onConnect | await signOn |\n",
        "| onConnect | send 0800 with 70 001; the response has 39 00 |\n",
        "| beforeClose | send 0800 with 7 {now:MMDDhhmmss}, 70 002; the response approves |\n",
        "| afterSignOff | requests wait |\n", "| afterCutOver | requests are refused for 20 s |\n"})
    CHECK_THAT(r.out, Contains(text));
}

TEST_CASE("dialect check and every tool refuse a header that is no frame, with its place") {
  support::files files;
  std::string wrong = support::columns;
  wrong.insert(wrong.find("\"bitmap\""), "\"header\": \"bin3\", ");
  const auto path = files.add("wrong.json", wrong);
  const auto r = run({"dialect", "check", path});
  CHECK(r.status == 1);
  CHECK_THAT(r.out,
             Catch::StartsWith(path + ": header: expected a frame as headerFormat has it, but there is "
                                      "no frame 'bin3'; expected none, ascii4, "));
  CHECK_THAT(run({"describe", "--dialect=" + path, "30"}).err, Contains(path + ": header: expected a frame"));
}

TEST_CASE("a dialect's name that is nearly a built-in one is met with the right one") {
  CHECK_THAT(run({"dialect", "table", "postilon"}).err, Contains("; did you mean 'postilion'?"));
  CHECK_THAT(run({"dialect", "check", "openWai"}).err, Contains("; did you mean 'openway'?"));
  CHECK_THAT(run({"describe", "--dialect=nothing-like-it", "30"}).err, !Contains("did you mean"));
}

TEST_CASE("a dialect file that is no JSON is refused with its line and column") {
  support::files files;
  const auto path = files.add("open.json", "{\"name\": \"x\",\n  \"bitmap\" \"binary\"}");
  CHECK_THAT(run({"dialect", "check", path}).out, Contains("this is not JSON, from line 2, column 19 on"));
}
