// The demo: what it tells, and that its end is judged.

#include <catch2/catch.hpp>

#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <string>

#include "tests/support/program.hpp"

using Catch::Contains;

TEST_CASE(
  "the demo tells of a decline, a reversal, a replay and a case for a person, and bank and clients agree") {
  support::program demo(std::vector<std::string>{"--for=300", "--dialect=iso87-bcd"}, DEMO);
  REQUIRE(demo.says("The clients buy on"));
  demo.signal(SIGINT);
  CHECK(demo.wait() == 0);
  for (const auto* told : {"Ctrl-C ends it earlier", "/v1/status", "approved, after", "declined, code",
                           "A kill -9: the gateway is killed while", "the gateway says: The journal holds",
                           "It has reversed the purchase before it serves that client again", "needs you",
                           "The gateway has sent the reversal again, and the bank has given the money back",
                           "They agree, purchase by purchase."})
    CHECK_THAT(demo.output(), Contains(told));
}
