#include <catch2/catch.hpp>

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
      "field   name          alias            content  encoding  length           padding  privacy  parts\n"
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
        "privacy | parts |\n",
        "| 2 | Card | pan | n | bcd | ..19, 1 binary | left 0 | pan |  |\n",
        "| 48 | Data |  | any | ascii | ..999, 3 ascii |  | free | tlv, tag 3 ascii, length 2 ascii |\n",
        "| 48.051 | Invoice |  | n | ascii | as its tag's | left 0 | open |  |\n",
        "## Response codes\n\n| code | meaning |\n|---|---|\n| 0 | Approved |\n| 5 | Do not honour |\n",
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
