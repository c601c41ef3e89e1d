// A file that is replaced as a whole.

#include <catch2/catch.hpp>

#include <unistd.h>

#include "store/saved_file.hpp"
#include "tests/store/directory.hpp"

using Catch::Contains;

TEST_CASE("a file that is saved has the last text that was put, and nothing is left beside it") {
  const test::directory home;
  std::vector<std::string> trouble;
  {
    store::saved_file f(home / "statistics", [&](const std::string& why) { trouble.push_back(why); });
    for (int i = 0; i < 100; ++i)
      f.put(std::to_string(i));
  }
  CHECK(test::read(home / "statistics") == "99");
  CHECK(trouble.empty());
  CHECK(std::distance(std::filesystem::directory_iterator(home.path()), {}) == 1);
}

TEST_CASE("a file that is replaced is never changed in place: who has it open reads the old text") {
  const test::directory home;
  REQUIRE(store::replace_file(home / "f", "a longer text").empty());
  std::ifstream old(home / "f");
  REQUIRE(store::replace_file(home / "f", "short").empty());
  std::string text;
  std::getline(old, text);
  CHECK(text == "a longer text");
  CHECK(test::read(home / "f") == "short");
}

TEST_CASE("a file that cannot be replaced stays, and why is said") {
  const test::directory home;
  test::write(home / "f", "old");
  REQUIRE(::symlink((home / "f").c_str(), (home / "link").c_str()) == 0);
  CHECK_THAT(store::replace_file(home / "link", "new"), Contains("link"));
  CHECK_THAT(store::replace_file(home / "none/f", "new"), Contains("No such file"));
  CHECK(test::read(home / "f") == "old");
}
