#include <catch2/catch.hpp>

#include "tests/inspect/run.hpp"

using Catch::Contains;
using support::echo;
using support::run;

TEST_CASE("diff shows the fields that differ or are absent on one side, and ends with status 1") {
  // Field 11 is 000124, and field 24 is absent.
  const auto r = run({"diff", echo,
                      "30383030222000000080000039393030303031313233303634353537303030313234"
                      "3030303031323334"});
  CHECK(r.err == "");
  CHECK(r.status == 1);
  CHECK(r.out ==
        "11 System Trace Audit Number\n  A: 000123\n  B: 000124\n"
        "24 Function Code\n  A: 831\n  B: (absent)\n"
        "2 differences\n");
}

TEST_CASE(
  "diff shows a header that only one side has, and what of two headers does not follow from messages") {
  const auto framed = "30303435" + std::string(echo);
  const auto same = run({"diff", framed, framed});
  CHECK(same.out == "no difference\n");
  CHECK(same.status == 0);
  const auto one = run({"diff", echo, framed});
  CHECK(one.out == "header\n  A: no header\n  B: 30303435 (header ascii4)\n1 difference\n");
  CHECK(one.status == 1);
  // The second message is shorter, and its length says so.
  const auto shorter =
    "30303432303830302220000000800000" + std::string(echo).substr(32, 44) + "3030303031323334";
  const auto lengths = run({"diff", framed, shorter, "--header=ascii4"});
  INFO(lengths.err << lengths.out);
  CHECK_THAT(lengths.out, Contains("24 Function Code") && !Contains("header"));
  const auto tpdu = run({"diff", "--header=bin2+tpdu", "0032 6000010000" + std::string(echo),
                         "0032 6000020000" + std::string(echo)});
  CHECK(
    tpdu.out ==
    "header\n  A: 00326000010000 (header bin2+tpdu)\n  B: 00326000020000 (header bin2+tpdu)\n1 difference\n");
}

TEST_CASE("diff compares part by part, and card numbers without showing them") {
  support::files files;
  const auto dialect = "--dialect=" + files.add("columns.json", support::columns);
  const auto a = "0200 4000000000010000 10 4111111111111111 303039 303531 3034 30303432";
  const auto b = "0200 4000000000010000 10 4111110000001111 303039 303531 3034 30303433";
  const auto r = run({"diff", dialect, a, b});
  CHECK(r.status == 1);
  CHECK(r.out ==
        "2 Card\n  A: 411111******1111\n  B: 411111******1111\n  (they differ in what is masked)\n"
        "48.051 Invoice\n  A: 0042\n  B: 0043\n"
        "2 differences\n");
}

TEST_CASE("diff tells values from bytes: tags in another order, and digits in the other case") {
  support::files files;
  const auto dialect = "--dialect=" + files.add("columns.json", support::columns);
  const auto r = run({"diff", dialect, "0200 0000000000000200 08 9501019f360100ff",
                      "0200 0000000000000200 08 9f3601009501 01ff"});
  CHECK(r.status == 1);
  CHECK_THAT(r.out, Contains("55 Chip"));
  const auto unreadable = run({"diff", dialect, "0200 0000000000000200 08 95", "ffff"});
  CHECK(unreadable.status == 2);
  CHECK_THAT(unreadable.err, Contains("B cannot be read: byte 0, field 0: "));
}
