// Each fuzz target over its corpus and over changes of it, the same ones each time.

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "tests/fuzz/targets.hpp"

namespace {

std::vector<std::string> corpus_of(std::string_view target) {
  std::vector<std::string> all;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(SOURCE_DIR) +
                                                               "/tests/fuzz/corpus/" + std::string(target)))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    all.push_back(text.str());
  }
  return all;
}

std::string changed(std::string bytes, std::mt19937& random) {
  for (auto times = 1 + random() % 4; times > 0; --times) {
    const auto at = bytes.empty() ? 0 : random() % bytes.size();
    switch (random() % 4) {
      case 0: bytes.insert(at, 1, static_cast<char>(random() % 256)); break;
      case 1: bytes.erase(at, 1 + random() % 4); break;
      case 2: bytes.resize(at); break;
      default:
        if (!bytes.empty())
          bytes[at] = static_cast<char>(random() % 256);
    }
  }
  return bytes;
}

}  // namespace

TEST_CASE("no bytes break a promise of the codec") {
  for (const auto& target : fuzz::targets()) {
    INFO(target.name);
    std::mt19937 random(20261126);
    const auto corpus = corpus_of(target.name);
    REQUIRE_FALSE(corpus.empty());
    for (const auto& bytes : corpus) {
      target.run(bytes);
      for (int i = 0; i < 50; ++i)
        target.run(changed(bytes, random));
    }
  }
}
