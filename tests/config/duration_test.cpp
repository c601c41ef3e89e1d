#include <catch2/catch.hpp>

#include "config/duration.hpp"

using namespace std::chrono_literals;
using config::read_duration;

TEST_CASE("a long time is read with its unit, and without one only where it is 0") {
  CHECK(read_duration("90s") == 90s);
  CHECK(read_duration("15min") == 15min);
  CHECK(read_duration("24h") == 24h);
  CHECK(read_duration("2d") == 48h);
  CHECK(read_duration("0") == 0s);
  for (const auto* wrong : {"", "90", "24", "1", "h", "-1", "1.5h", "24 h", "24hours", "1d1h", "367d",
                            "99999999999999999999", "9223372036854775807h"})
    CHECK_FALSE(read_duration(wrong));
}

TEST_CASE("a time is told in the largest unit that leaves nothing over") {
  CHECK(config::in_words(24h) == "24 h");
  CHECK(config::in_words(90min) == "90 min");
  CHECK(config::in_words(61s) == "61 s");
  CHECK(config::in_words(0s) == "0 s");
}
