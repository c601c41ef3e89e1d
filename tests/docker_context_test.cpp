// What `COPY . .` in the Dockerfile gets is what .dockerignore lets through: it must be all that the build
// there needs.

#include <catch2/catch.hpp>

#include <fnmatch.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/store/directory.hpp"

namespace {

namespace fs = std::filesystem;

// The patterns in their order, as Docker reads them: the last one that fits a path, or a folder above it,
// decides.
class ignored {
public:
  explicit ignored(std::istream& file) {
    for (std::string line; std::getline(file, line);) {
      while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '/'))
        line.pop_back();
      if (line.empty() || line.front() == '#')
        continue;
      const bool lets_through = line.front() == '!';
      patterns_.push_back({lets_through, line.substr(lets_through ? 1 : 0)});
      REQUIRE(line.find("**") == std::string::npos);  // not needed so far, and not understood here
    }
  }

  bool operator()(const std::string& path) const {
    bool is_ignored = false;
    for (const auto& p : patterns_)
      if (fits(p.text, path))
        is_ignored = !p.lets_through;
    return is_ignored;
  }

private:
  struct pattern {
    bool lets_through;
    std::string text;
  };

  static bool fits(const std::string& pattern, const std::string& path) {
    for (auto end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1))
      if (fnmatch(pattern.c_str(), path.substr(0, end).c_str(), FNM_PATHNAME) == 0)
        return true;
    return fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0;
  }

  std::vector<pattern> patterns_;
};

// Status and output of a command.
std::pair<int, std::string> run(const std::string& command) {
  std::string output;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe);
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
    output += static_cast<char>(c);
  return {pclose(pipe), output};
}

// Copies what Docker would copy; returns how many files that are.
std::size_t copy_context(const fs::path& to) {
  std::ifstream file(fs::path(SOURCE_DIR) / ".dockerignore");
  REQUIRE(file);
  const ignored is_ignored(file);
  std::size_t count = 0;
  for (auto it = fs::recursive_directory_iterator(SOURCE_DIR); it != fs::recursive_directory_iterator();
       ++it) {
    const auto path = fs::relative(it->path(), SOURCE_DIR).string();
    // What lies in these is big, and ignored.
    if (path == "build" || path == ".git") {
      CHECK(is_ignored(path));
      it.disable_recursion_pending();
    } else if (it->is_regular_file() && !is_ignored(path)) {
      fs::create_directories((to / path).parent_path());
      fs::copy_file(it->path(), to / path);
      ++count;
    }
  }
  return count;
}

}  // namespace

TEST_CASE("what .dockerignore lets through is all that the program is built of, and no test") {
  const test::directory place;
  const auto context = fs::path(place.path()) / "context";
  CHECK(copy_context(context) > 100);
  CHECK_FALSE(fs::exists(context / "tests"));

  // The Dockerfile's own words, without the compiling.
  std::smatch configure;
  const auto dockerfile = test::read(std::string(SOURCE_DIR) + "/Dockerfile");
  REQUIRE(std::regex_search(dockerfile, configure, std::regex(R"(RUN cmake -B /build ([^&]*)&&)")));
  const auto build = "'" + place.path() + "/build'";
  const auto configured =
    run("'" CMAKE "' -S '" + context.string() + "' -B " + build + " " + configure.str(1));
  INFO(configured.second);
  REQUIRE(configured.first == 0);
  const auto planned = run("'" CMAKE "' --build " + build + " -- -n");
  INFO(planned.second);
  CHECK(planned.first == 0);

  // All that the image takes from there is made there.
  std::smatch taken;
  REQUIRE(std::regex_search(dockerfile, taken, std::regex(R"(COPY --from=build(( /build/\S+)+) )")));
  std::istringstream paths(taken.str(1));
  for (std::string path; paths >> path;)
    CHECK_THAT(planned.second, Catch::Contains(" " + path.substr(std::string("/build/").size()) + "\n"));

  // Headers are found only by compiling, or so.
  const std::regex include(R"(^\s*#\s*include\s*"([^"]+)\")");
  std::string missing;
  for (const auto& entry : fs::recursive_directory_iterator(context)) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp")
      continue;
    std::ifstream source(entry.path());
    for (std::string line; std::getline(source, line);)
      if (std::smatch found; std::regex_search(line, found, include) && !fs::exists(context / found.str(1)))
        missing += fs::relative(entry.path(), context).string() + " includes " + found.str(1) + "\n";
  }
  CHECK(missing == "");
}

TEST_CASE("who builds the gateway alone does not build the laboratory, who builds all builds both") {
  const test::directory place;
  const auto build = "'" + place.path() + "/build'";
  const auto configured =
    run("'" CMAKE "' -S '" SOURCE_DIR "' -B " + build + " -G Ninja -DSOCKETQUEUE_TESTS=OFF");
  INFO(configured.second);
  REQUIRE(configured.first == 0);
  const auto gateway = run("'" CMAKE "' --build " + build + " --target socketqueue -- -n -v");
  CHECK(gateway.first == 0);
  CHECK_THAT(gateway.second, Catch::Contains("actors/program/main.cpp") && !Catch::Contains("scenarios/"));
  const auto all = run("'" CMAKE "' --build " + build + " -- -n -v");
  CHECK_THAT(all.second,
             Catch::Contains("actors/program/main.cpp") && Catch::Contains("scenarios/command/main.cpp"));
}

TEST_CASE("patterns of .dockerignore are read in their order, and hold for what lies below") {
  std::istringstream file("# words\n*\n!a\n!b/c\na/*.md\n!a/keep.md\n");
  const ignored is_ignored(file);
  CHECK(is_ignored("x"));
  CHECK(is_ignored("b/d"));
  CHECK_FALSE(is_ignored("a/x/y.cpp"));
  CHECK_FALSE(is_ignored("b/c/y.cpp"));
  CHECK(is_ignored("a/read.md"));
  CHECK_FALSE(is_ignored("a/keep.md"));
  CHECK_FALSE(is_ignored("a/x/read.md"));
}
