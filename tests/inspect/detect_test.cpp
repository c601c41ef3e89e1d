#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/inspect/run.hpp"

using Catch::Contains;
using support::echo;
using support::run;

TEST_CASE("detect finds the dialect and the header that explain the bytes, the best first") {
  support::files files;
  const auto columns = files.add("columns.json", support::columns);
  const auto with_header = run({"detect", "--dialect=" + columns, "002f" + std::string(echo)});
  INFO(with_header.out << with_header.err);
  CHECK(with_header.status == 0);
  CHECK_THAT(with_header.out, Catch::StartsWith("fits   smartvista, header bin2-inclusive: 47 of 47 bytes, "
                                                "1 message, no faults\n"));
  const auto other = run({"detect", "--dialect=" + columns, "0200 4000000000000000 10 4111111111111111"});
  CHECK_THAT(other.out,
             Contains("partly " + columns + ", no header: 19 of 19 bytes") || Contains("fits   " + columns));
  const auto bare = nlohmann::json::parse(run({"detect", "--json", echo}).out);
  CHECK(bare.at("fits").at(0).at("dialect") == "smartvista");
  CHECK(bare.at("fits").at(0).at("header").is_null());
  CHECK(bare.at("fits").at(0).at("fits") == true);
}

TEST_CASE("detect says why bytes fit in part alone, and ends with status 1 where none fit") {
  // The last byte is missing.
  const auto r = run({"detect", "--header=none", std::string(echo).substr(0, 88)});
  CHECK(r.status == 1);
  CHECK_THAT(r.out, Catch::StartsWith("partly smartvista, no header: 37 of 44 bytes, 1 message, 1 fault"));
  CHECK_THAT(r.out, Contains("the first: byte 44, field 41: the message ends too early"));
  const auto nothing = run({"detect", "ffffffffffff"});
  CHECK(nothing.status == 1);
  CHECK_THAT(nothing.out, Contains("no dialect reads anything of it"));
}
