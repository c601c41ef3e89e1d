// An older journal that is put back over the newer one, in each way that people do it, and what only looks
// like it.

#include <sys/wait.h>
#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "journal.hpp"
#include "old_journal.hpp"
#include "store/journal_files.hpp"
#include "store/sealing.hpp"

namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using test::must_open;
using test::noting;
using test::refusal;

void run(const std::string& command) {
  INFO(command);
  REQUIRE(std::system(("set -e; " + command).c_str()) == 0);
}

/// So long that SQLite's log is carried over into the database with each batch.
constexpr std::size_t long_content = 2'200'000;

/// Another process's life on the journal: it writes, tells how far it came, and ends when it is killed.
void live_and_be_killed(const std::string& journal, std::uint64_t from, std::uint64_t to,
                        const std::string& copied_to = "", std::size_t size = 10) {
  const auto child = ::fork();
  if (child == 0) {
    auto result = test::open(journal);
    auto* opened = std::get_if<store::opened>(&result);
    for (auto n = from; opened && n <= to; ++n) {
      if (opened->store->write(noting(n, {std::string(size, 'x')})) != "")
        ::_exit(1);
      if (n == from && !copied_to.empty() && std::system(("cp -a " + journal + " " + copied_to).c_str()) != 0)
        ::_exit(1);
    }
    if (opened)
      ::raise(SIGKILL);
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
}

void live(const std::string& journal, std::uint64_t from, std::uint64_t to) {
  const auto opened = must_open(journal);
  for (auto n = from; n <= to; ++n)
    REQUIRE(opened.store->write(noting(n, {"purchase " + std::to_string(n)})) == "");
}

/// Without the process that holds it, which stands in its lock.
std::map<std::string, std::string> content_of(const std::string& journal) {
  auto files = test::files_of(journal);
  files.erase("lock");
  return files;
}

/// $B is the copy, $S the journal's directory.
const std::vector<std::string> ways = {
  "cp -r $B/. $S/",
  "cp -a $B/. $S/",
  "cp --preserve=all -r $B/. $S/",
  "tar -C $B -cf - . | tar -C $S -xpf -",
  "tar -C $B -cf - . | tar -C $S --overwrite -xpf -",
  "rm -rf $S/* && cp -a $B/. $S/",
  "cp -a $B/. $S/ && (cd $S && for f in *; do test -e $B/$f || rm $f; done)",
  "(cd $S && for f in *; do test -e $B/$f || rm $f; done) && cp -a $B/. $S/",
  "rm -rf $S && mv $B $S",
  "cp $B/journal.db $S/journal.db",
  "cp -a $B/journal.db $S/journal.db && cp -a $B/watermark $S/watermark",
  "rm -f $S/journal.db-wal && cp -a $B/. $S/",
  "cat $B/journal.db > $S/journal.db && cat $B/watermark > $S/watermark && rm -f $S/journal.db-wal",
};

std::string in(const test::directory& home, const std::string& way) {
  return "S=" + (home / "journal") + "; B=" + (home / "copy") + "; " + way;
}

}  // namespace

TEST_CASE(
  "an older journal that is put back is refused until it is adopted, however it is done and whenever it was "
  "copied") {
  const test::directory home;
  const auto journal = home / "journal";
  const auto way = GENERATE(from_range(ways));
  const std::string copied =
    GENERATE("while it was stopped", "while it was used", "while it was used by a process that was killed");
  INFO(way << ", copied " << copied);
  live(journal, 1, 3);
  if (copied == "while it was stopped") {
    run(in(home, "cp -a $S $B"));
    live(journal, 4, 6);
  } else if (copied == "while it was used") {
    const auto opened = must_open(journal);
    REQUIRE(opened.store->write(noting(4, {"purchase 4"})) == "");
    run(in(home, "cp -a $S $B"));
    REQUIRE(opened.store->write(noting(5, {"purchase 5"})) == "");
  } else {
    live_and_be_killed(journal, 4, 6, home / "copy", long_content);
  }
  run(in(home, way));
  const auto before = content_of(journal);
  const auto why = refusal(test::open(journal));
  CHECK_THAT(why, Contains(journal) && Contains("nothing was changed"));
  CHECK(content_of(journal) == before);
  // An old database under a newer log is none at all.
  if (why.find("is damaged") != std::string::npos)
    return;
  CHECK_THAT(why, Contains("--journalAdopt"));
  CHECK(must_open(journal, true).what.records.size() >= 3);
  live(journal, 100, 101);
  CHECK(must_open(journal).what.records.back().transaction == 101);
}

TEST_CASE("a journal whose log is lost or is an older one is refused") {
  const test::directory home;
  const auto journal = home / "journal";
  const std::string way = GENERATE("rm $S/journal.db-wal", "cp $B/journal.db-wal $S/journal.db-wal",
                                   "cat $B/journal.db-wal > $S/journal.db-wal", ": > $S/journal.db-wal",
                                   "cp $B/journal.db-wal $B/watermark $S/");
  INFO(way);
  live(journal, 1, 3);
  live_and_be_killed(journal, 4, 9, home / "copy");
  run(in(home, way));
  CHECK_THAT(refusal(test::open(journal)), Contains("--journalAdopt") && Contains("nothing was changed"));
}

TEST_CASE(
  "a journal that is only read, touched, moved or used by one process after the other needs no adoption") {
  const test::directory home;
  const auto journal = home / "journal";
  const std::string way =
    GENERATE("cat $S/* > /dev/null", "touch $S/* && touch $S", "chmod 640 $S/* && chmod 750 $S",
             "cp -a $S $B", "tar -C $S -cf $B.tar .", "mv $S $B && mv $B $S", "rm -f $S/reserve",
             "rm -f $S/lock", "ln $S/journal.db $B && rm $B", "true");
  const bool killed = GENERATE(false, true);
  INFO(way << (killed ? ", killed" : ""));
  live(journal, 1, 3);
  for (std::uint64_t n = 4; n < 8; n += 2) {
    if (killed)
      live_and_be_killed(journal, n, n + 1);
    else
      live(journal, n, n + 1);
    run(in(home, "rm -rf $B; " + way));
  }
  CHECK(must_open(journal).what.records.size() == 7);
}

TEST_CASE(
  "a journal that is put back as it was when it was last used needs no adoption where its files are the same "
  "ones") {
  const test::directory home;
  const auto journal = home / "journal";
  live(journal, 1, 3);
  run(in(home, "cp -a $S $B && cp -r $B/. $S/"));
  CHECK(must_open(journal).what.records.size() == 3);
}

namespace {

std::variant<store::opened, std::string> open_with(const std::string& outside, const std::string& journal,
                                                   bool adopt = false) {
  return store::open_sqlite(journal, test::key, adopt, outside);
}

void live_with(const std::string& outside, const std::string& journal, std::uint64_t from, std::uint64_t to) {
  auto result = open_with(outside, journal);
  REQUIRE(refusal(result) == "");
  auto& opened = std::get<store::opened>(result);
  CHECK(opened.notes.empty());
  for (auto n = from; n <= to; ++n)
    REQUIRE(opened.store->write(noting(n, {"purchase"})) == "");
}

}  // namespace

TEST_CASE("what an adopted journal holds is told apart from what comes later, for ever") {
  const test::directory home;
  const auto journal = home / "journal";
  live(journal, 1, 3);
  run(in(home, "cp -a $S $B"));
  live(journal, 4, 6);
  CHECK(must_open(journal, true).what.adopted == 0);
  run(in(home, "cp -r $B/. $S/"));
  CHECK(must_open(journal, true).what.adopted == 3);
  live(journal, 4, 8);
  CHECK(must_open(journal).what.adopted == 3);
  CHECK(must_open(journal, true).what.adopted == 3);
  run(in(home, "rm $S/watermark"));
  CHECK(must_open(journal, true).what.adopted == 8);
}

TEST_CASE(
  "a disk that was set back as a whole shows by the watermark beside the key, where that lies elsewhere") {
  const test::directory home;
  const auto journal = home / "journal";
  fs::create_directory(home / "keys");
  CHECK(store::outside_watermark(journal, journal + "/journal.key") == "");
  CHECK(store::outside_watermark(journal, home / "journal/../journal/key") == "");
  const auto outside = store::outside_watermark(journal, home / "keys/key");
  CHECK(outside.starts_with(home / "keys/key."));
  CHECK(store::outside_watermark(home / "other", home / "keys/key") != outside);

  live_with(outside, journal, 1, 2);
  CHECK(test::mode(outside) == (fs::perms::owner_read | fs::perms::owner_write));
  const test::mark mark(journal);
  const auto before = test::files_of(journal);
  live_with(outside, journal, 3, 5);
  // The same files, as they were: nothing in the directory tells.
  const auto set_back = [&] {
    for (const auto& [name, bytes] : before)
      test::write(journal + "/" + name, bytes);
    mark.put("acknowledged.2");
  };
  set_back();
  CHECK_THAT(refusal(open_with(outside, journal)),
             Contains("records 3 to 5 that were acknowledged are missing") && Contains("--journalAdopt"));
  CHECK(refusal(open_with("", journal)) == "");
  set_back();
  CHECK(refusal(open_with(outside, journal, true)) == "");
  live_with(outside, journal, 10, 11);

  fs::remove_all(journal);
  CHECK_THAT(refusal(open_with(outside, journal)),
             Contains("is empty, although 4 records were acknowledged") && Contains("--journalAdopt"));
  CHECK(refusal(open_with(outside, journal, true)) == "");
  live_with(outside, journal, 1, 1);
}

TEST_CASE("where no watermark can be kept beside the key, a start says so and goes on") {
  const test::directory home;
  auto result = open_with(home / "nowhere/key.watermark", home / "journal");
  REQUIRE(refusal(result) == "");
  auto& opened = std::get<store::opened>(result);
  REQUIRE(opened.notes.size() == 1);
  CHECK_THAT(opened.notes[0],
             Contains(home / "nowhere/key.watermark") && Contains("set back to an older state"));
  CHECK(opened.store->write(noting(1, {"a"})) == "");
  fs::create_symlink(home / "other", home / "link");
  CHECK_THAT(refusal(open_with(home / "link", home / "second")), Contains("is a symbolic link"));
}

TEST_CASE("a start that was cut off before its mark had a name is gone on with by the next one") {
  const test::directory home;
  const auto journal = home / "journal";
  live(journal, 1, 3);
  REQUIRE(test::mark::name(journal) == "acknowledged.3");
  fs::rename(journal + "/acknowledged.3", journal + "/acknowledged.new");
  live(journal, 4, 4);
  CHECK(test::mark::name(journal) == "acknowledged.4");
}

TEST_CASE(
  "a journal of the first programs, which have no mark, is gone on with, and where one was put over a newer "
  "one, is refused") {
  const test::directory home;
  const auto journal = home / "journal";
  fs::create_directory(journal);
  fs::copy(std::string(SOURCE_DIR) + "/tests/golden/journal-v1", journal);
  fs::permissions(journal + "/journal.key", fs::perms::owner_read | fs::perms::owner_write);
  test::make_at_home(journal);
  const bool cut_off = GENERATE(false, true);
  if (cut_off)
    test::write(journal + "/acknowledged.new", "");
  run(in(home, "cp -a $S $B"));
  const auto key = store::load_key(journal + "/journal.key", false);
  REQUIRE(std::holds_alternative<store::sealer>(key));
  const auto open = [&, id = std::get<store::sealer>(key).id()](bool adopt) {
    return store::open_sqlite(journal, id, adopt);
  };
  std::size_t count = 0;
  {
    auto first = open(false);
    REQUIRE(refusal(first) == "");
    auto& opened = std::get<store::opened>(first);
    count = opened.what.records.size();
    CHECK(count > 8);
    CHECK(opened.what.cards.size() == 1);
    CHECK(opened.what.adopted == 0);
    CHECK(opened.store->write(noting(100, {"of the new program"})) == "");
  }
  CHECK(std::get<store::opened>(open(false)).what.records.size() == count + 1);
  run(in(home, "rm -f $B/acknowledged.new; cp -r $B/. $S/"));
  CHECK_THAT(refusal(open(false)), Contains("was copied or restored"));
  CHECK(refusal(open(true)) == "");
}
