// Torn files, killed processes and full disks, with the journal's own files on a real file system.

#include <sys/resource.h>
#include <sys/wait.h>
#include <catch2/catch.hpp>

#include <csignal>
#include <filesystem>
#include <random>
#include <set>
#include <vector>

#include "journal.hpp"
#include "small_disk.hpp"
#include "store/disk_room.hpp"
#include "store/journal_files.hpp"

namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using test::must_open;
using test::refusal;

/// Batch `n` holds 1 to 3 records that say so, and a card.
store::batch batch_of(std::uint64_t n, std::size_t size) {
  std::vector<std::string> contents;
  for (std::uint64_t i = 0; i <= n % 3; ++i)
    contents.push_back(std::to_string(n % 3 + 1) + std::string(size, 'x'));
  auto b = test::noting(n, contents);
  b.cards = {{n, "sealed"}};
  return b;
}

/// How many batches there are; the test ends where one is not whole.
std::uint64_t batches_in(const store::contents& what) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < what.records.size(); ++count) {
    const auto n = count + 1;
    for (std::uint64_t k = 0; k <= n % 3; ++k, ++i) {
      REQUIRE(i < what.records.size());
      REQUIRE(what.records[i].transaction == n);
      REQUIRE(what.records[i].sequence == i + 1);
      REQUIRE(what.records[i].content.front() == static_cast<char>('1' + n % 3));
    }
    REQUIRE(what.cards.contains(n));
  }
  REQUIRE(what.cards.size() == count);
  return count;
}

/// No file of this process grows longer.
class file_limit {
public:
  explicit file_limit(rlim_t most) {
    ::getrlimit(RLIMIT_FSIZE, &was_);
    const rlimit now{most, was_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  ~file_limit() {
    ::setrlimit(RLIMIT_FSIZE, &was_);
    std::signal(SIGXFSZ, handler_);
  }
  file_limit(const file_limit&) = delete;
  file_limit& operator=(const file_limit&) = delete;

private:
  rlimit was_{};
  void (*handler_)(int);
};

}  // namespace

TEST_CASE(
  "of a log that is torn anywhere a start finds whole batches, and refuses where an acknowledged one is "
  "missing") {
  const test::directory home(test::fast_disk());
  const auto journal = home / "journal";
  must_open(journal);
  const auto at_first = test::read(journal + "/watermark");
  const test::mark mark(journal);
  const auto [files, name] = [&] {
    const auto opened = must_open(journal);
    for (std::uint64_t n = 1; n <= 4; ++n)
      REQUIRE(opened.store->write(batch_of(n, 10)) == "");
    return std::pair(test::files_of(journal), test::mark::name(journal));
  }();
  const auto& log = files.at("journal.db-wal");

  const bool shortened = GENERATE(true, false);
  std::set<std::uint64_t> seen;
  for (std::size_t at = 0; at <= log.size(); at += 101) {
    auto left = log.substr(0, at);
    if (!shortened)
      left.resize(log.size());
    const auto tear = [&, &all = files](const std::string& watermark, const std::string& mark_name) {
      test::write(journal + "/journal.db", all.at("journal.db"));
      test::write(journal + "/journal.db-wal", left);
      test::write(journal + "/watermark", watermark);
      mark.put(mark_name);
    };
    // Nobody was told of any: the beginning of them is there.
    tear(at_first, "acknowledged.0");
    std::uint64_t count = 0;
    {
      const auto found = must_open(journal);
      count = batches_in(found.what);
      REQUIRE(found.store->write(batch_of(count + 1, 10)) == "");
    }
    REQUIRE(batches_in(must_open(journal).what) == count + 1);
    seen.insert(count);
    // All were acknowledged.
    tear(files.at("watermark"), name);
    const auto why = refusal(test::open(journal));
    if (count < 4)
      REQUIRE_THAT(why, Contains("that were acknowledged are missing"));
    else
      REQUIRE(why == "");
  }
  CHECK(seen.size() >= 4);
}

TEST_CASE(
  "whenever its process is killed, a journal has all batches that were acknowledged, and only whole ones") {
  const test::directory home(test::fast_disk());
  const auto journal = home / "journal";
  std::mt19937_64 random_source(7);
  std::uint64_t acknowledged = 0;
  for (int life = 0; life < 40; ++life) {
    int told[2];
    REQUIRE(::pipe(told) == 0);
    const auto child = ::fork();
    if (child == 0) {
      auto result = test::open(journal);
      const auto* opened = std::get_if<store::opened>(&result);
      if (!opened)
        ::_exit(1);
      for (std::uint64_t n = opened->what.cards.size() + 1;; ++n)
        if (opened->store->write(batch_of(n, 9000)) != "" || ::write(told[1], &n, sizeof n) != sizeof n)
          ::_exit(1);
    }
    ::close(told[1]);
    for (auto left = random_source() % 40; left > 0; --left)
      if (::read(told[0], &acknowledged, sizeof acknowledged) != sizeof acknowledged)
        break;
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    while (::read(told[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {}
    ::close(told[0]);
    const auto count = batches_in(must_open(journal).what);
    CHECK(count >= acknowledged);
    CHECK(count <= acknowledged + 1);
  }
  CHECK(acknowledged > 100);
}

TEST_CASE("a file that cannot grow ends the writing, and what was acknowledged is there at the next start") {
  const test::directory home;
  const auto journal = home / "journal";
  std::uint64_t acknowledged = 0;
  {
    const auto opened = must_open(journal);
    std::string problem;
    {
      const file_limit limit(400'000);
      while (problem.empty())
        if (problem = opened.store->write(batch_of(acknowledged + 1, 20'000)); problem.empty())
          ++acknowledged;
    }
    CHECK_THAT(problem, Contains("cannot write to the journal in " + journal));
    CHECK(opened.store->write(batch_of(acknowledged + 1, 1)) == problem);
  }
  CHECK(acknowledged > 0);
  const auto opened = must_open(journal);
  const auto count = batches_in(opened.what);
  CHECK(count >= acknowledged);
  CHECK(count <= acknowledged + 1);
  CHECK(opened.store->write(batch_of(count + 1, 20'000)) == "");
}

TEST_CASE(
  "a full disk ends the writing, the next start can still end what is open, and one with space goes on") {
  const test::directory home;
  test::small_disk disk(home / "disk", "64m");
  if (!disk)
    return;
  const auto journal = home / "disk/journal";
  std::uint64_t acknowledged = 0;
  {
    const auto opened = must_open(journal);
    CHECK(opened.store->room().is_enough);
    disk.fill(100'000);
    CHECK_FALSE(opened.store->room().is_enough);
    std::string problem;
    while (problem.empty())
      if (problem = opened.store->write(batch_of(acknowledged + 1, 5000)); problem.empty())
        ++acknowledged;
    CHECK_THAT(problem, Contains("disk is full"));
    disk.empty();
    CHECK(opened.store->write(batch_of(acknowledged + 1, 1)) == problem);
  }
  CHECK(acknowledged > 0);
  CHECK(fs::exists(journal + "/reserve"));
  disk.fill(0);
  {
    const auto opened = must_open(journal);
    REQUIRE(opened.notes.size() == 1);
    CHECK_THAT(opened.notes[0], Contains("almost full (0 KiB left)"));
    CHECK_FALSE(opened.store->room().is_enough);
    CHECK(batches_in(opened.what) == acknowledged);
    for (int i = 0; i < 50; ++i)
      CHECK(opened.store->write(batch_of(++acknowledged, 5000)) == "");
  }
  CHECK_FALSE(fs::exists(journal + "/reserve"));
  disk.empty();
  const auto opened = must_open(journal);
  CHECK(opened.notes.empty());
  CHECK(opened.store->room().is_enough);
  CHECK(batches_in(opened.what) == acknowledged);
  CHECK(fs::exists(journal + "/reserve"));
}

TEST_CASE("a reserve that was given back is made again as soon as there is room for it") {
  const test::directory home;
  test::small_disk disk(home / "disk", "64m");
  if (!disk)
    return;
  const auto journal = home / "disk/journal";
  must_open(journal);
  disk.fill(0);
  const auto opened = must_open(journal);
  REQUIRE(opened.notes.size() == 1);
  CHECK_FALSE(fs::exists(journal + "/reserve"));
  CHECK_FALSE(opened.store->room().is_enough);
  // Enough to go on, but not for the reserve too.
  disk.fill(7 * 1024 * 1024);
  CHECK(opened.store->room().is_enough);
  CHECK_FALSE(fs::exists(journal + "/reserve"));
  disk.empty();
  CHECK(opened.store->room().is_enough);
  CHECK(fs::exists(journal + "/reserve"));
}

TEST_CASE("a tenth of a small disk is kept free, and 16 MiB of a large one") {
  constexpr std::uint64_t mebibyte = 1024 * 1024;
  CHECK(store::disk_room{100 * mebibyte, 0}.low_water() == 10 * mebibyte);
  CHECK(store::disk_room{500'000 * mebibyte, 0}.low_water() == 16 * mebibyte);
  CHECK(store::disk_room{500'000 * mebibyte, 16 * mebibyte}.enough());
  CHECK_FALSE(store::disk_room{500'000 * mebibyte, 16 * mebibyte - 1}.enough());
}
