// Power failures, kills and failing syncs at every single write of the journal's database.

#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <random>
#include <vector>

#include "failing_disk.hpp"
#include "journal.hpp"

namespace {

namespace fs = std::filesystem;
using test::must_open;

/// Batch `n` holds two records and a card, so that one half of it would be seen.
store::batch pair_and_card(std::uint64_t n, std::size_t size) {
  auto b = test::noting(n, {"first " + std::string(size, 'x'), "second"});
  b.cards = {{n, "sealed"}};
  return b;
}

/// How many batches there are; the test ends where one is not whole or one in the middle is missing.
std::uint64_t whole_batches_in(const store::contents& what) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < what.records.size(); i += 2) {
    ++count;
    REQUIRE(i + 1 < what.records.size());
    REQUIRE(what.records[i].transaction == count);
    REQUIRE(what.records[i].content.starts_with("first"));
    REQUIRE(what.records[i + 1].transaction == count);
    REQUIRE(what.records[i + 1].content == "second");
    REQUIRE(what.cards.contains(count));
  }
  REQUIRE(what.cards.size() == count);
  return count;
}

/// What the files were like at one moment, and what had been promised.
struct moment {
  std::map<std::string, test::disk_file> files;
  std::string watermark;
  std::string mark;
  std::uint64_t acknowledged;
};

/// Short records, and each change of the disk is looked at; or long ones, which make SQLite's log be carried
/// over into the database while it is used, and some changes are.
struct pace {
  std::size_t size;
  int step;
};
const std::vector<pace> paces = {{10, 1}, {400'000, 61}};

/// The moments before changes of the disk, from the first start on.
std::vector<moment> life_of(test::failing_disk& disk, const std::string& journal, std::uint64_t batch_count,
                            pace p) {
  std::vector<moment> all;
  std::uint64_t acknowledged = 0;
  disk.before_change = [&] {
    if (disk.changes % p.step == 0)
      all.push_back({disk.files_in(journal), test::read(journal + "/watermark"), test::mark::name(journal),
                     acknowledged});
  };
  for (std::uint64_t n = 1; n <= batch_count;) {
    const auto opened = must_open(journal);
    for (const auto until = n + batch_count / 2; n < until; ++n) {
      REQUIRE(opened.store->write(pair_and_card(n, p.size)) == "");
      acknowledged = n;
    }
  }
  disk.before_change = [] {};
  return all;
}

void fresh(const std::string& path) {
  fs::remove_all(path);
  fs::create_directory(path);
}

}  // namespace

TEST_CASE(
  "whatever a power failure takes away, a start finds whole batches in their order, and all that were "
  "acknowledged") {
  const auto p = GENERATE(from_range(paces));
  const test::directory home(test::fast_disk());
  test::failing_disk disk;
  std::mt19937_64 random_source(p.size);
  const auto journal = home / "journal";
  const auto life = life_of(disk, journal, 16, p);
  REQUIRE(life.size() > 50);
  const test::mark mark(journal);
  for (const auto& at : life) {
    disk.lose_power(journal, at.files, random_source);
    // It was never synced, so an older one may be there.
    test::write(journal + "/watermark", random_source() % 2 == 0 ? at.watermark : life.front().watermark);
    mark.put(random_source() % 2 == 0 || life.front().mark.empty() ? at.mark : life.front().mark);
    const auto opened = must_open(journal);
    const auto count = whole_batches_in(opened.what);
    CHECK(count >= at.acknowledged);
    CHECK(count <= at.acknowledged + 1);
  }
}

TEST_CASE("what a start has found after a kill survives a power failure right after it") {
  const test::directory home(test::fast_disk());
  test::failing_disk disk;
  std::mt19937_64 random_source(3);
  const auto journal = home / "journal";
  const auto life = life_of(disk, journal, 6, {10, 1});
  const test::mark mark(journal);
  for (const auto& at : life) {
    disk.kill(journal, at.files);
    test::write(journal + "/watermark", at.watermark);
    mark.put(at.mark);
    std::map<std::string, test::disk_file> files;
    const auto found = [&] {
      auto opened = must_open(journal);
      files = disk.files_in(journal);
      return std::move(opened.what);
    }();
    CHECK(whole_batches_in(found) >= at.acknowledged);

    disk.lose_power(journal, files, random_source);
    const auto found_again = must_open(journal).what;
    CHECK(found_again.records == found.records);
    CHECK(found_again.cards == found.cards);
  }
}

TEST_CASE(
  "after a write or a sync that failed nothing more is written, and the next start finds all that was "
  "acknowledged") {
  const test::directory home(test::fast_disk());
  test::failing_disk disk;
  const auto p = GENERATE(from_range(paces));
  const auto journal = home / "journal";
  int failures = 0;
  for (int at = 1;; at += p.step) {
    disk.files.clear();
    fresh(journal);
    disk.changes = 0;
    disk.fails_at = at;
    std::uint64_t acknowledged = 0;
    std::string problem;
    if (auto result = test::open(journal); auto* opened = std::get_if<store::opened>(&result)) {
      for (std::uint64_t n = 1; n <= 8 && problem.empty(); ++n)
        if (problem = opened->store->write(pair_and_card(n, p.size)); problem.empty())
          acknowledged = n;
      if (!problem.empty()) {
        CHECK_THAT(problem, Catch::Matchers::Contains("cannot write to the journal in " + journal +
                                                      ": disk I/O error"));
        CHECK(opened->store->write(pair_and_card(9, 1)) == problem);
        opened->store.reset();
        CHECK(disk.changes == at);
      }
    } else {
      problem = test::refusal(result);
      CHECK_THAT(problem, Catch::Matchers::Contains(journal));
    }
    failures += problem.empty() ? 0 : 1;
    const bool all_done = disk.changes < at;
    disk.fails_at = 0;
    const auto opened = must_open(journal);
    const auto count = whole_batches_in(opened.what);
    CHECK(count >= acknowledged);
    CHECK(count <= acknowledged + 1);
    if (all_done)
      break;
  }
  CHECK(failures > 30);
}
