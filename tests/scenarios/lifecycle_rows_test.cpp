// Every row of the lifecycle is executed by something that is played: a row that nothing reaches is not
// needed, or not tested.

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "actors/transaction/lifecycle.hpp"
#include "scenarios/player/player.hpp"
#include "scenarios/player/story.hpp"
#include "scenarios/simulator/run.hpp"
#include "tests/support/dialects.hpp"

namespace {

namespace fs = std::filesystem;
namespace lifecycle = actors::lifecycle;

void play_all_stories() {
  for (const auto& entry : fs::recursive_directory_iterator(std::string(SOURCE_DIR) + "/scenarios/stories")) {
    if (entry.path().extension() != ".scenario")
      continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto story = player::parse_story(entry.path().string(), text);
    REQUIRE(std::holds_alternative<player::story>(story));
    player::play(std::get<player::story>(story), support::smart_vista(), 1);
  }
}

}  // namespace

TEST_CASE("the stories and the simulator together reach every row of the lifecycle") {
  play_all_stories();
  // Some rows need several accidents at a time.
  constexpr std::uint64_t worlds_max = 3000;
  const auto all_reached = [] {
    return std::ranges::all_of(lifecycle::rows(), [](const auto& r) { return lifecycle::was_reached(r); });
  };
  for (std::uint64_t seed = 1; seed <= worlds_max && !all_reached(); ++seed)
    simulator::run({seed, 30, false, false}, support::smart_vista());
  for (const auto& r : lifecycle::rows()) {
    INFO(r.id << " " << lifecycle::to_string(r.from) << ", " << lifecycle::to_string(r.on));
    CHECK(lifecycle::was_reached(r));
  }
}
