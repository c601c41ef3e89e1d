// A journal's files that are removed or replaced while it is used, and files and directories that are not
// ours alone.

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "journal.hpp"
#include "small_disk.hpp"
#include "store/sealing.hpp"

namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using test::must_open;
using test::noting;
using test::refusal;

void run(const test::directory& home, const std::string& command) {
  INFO(command);
  REQUIRE(std::system(
            ("set -e; S=" + (home / "journal") + "; B=" + (home / "copy") + "; " + command).c_str()) == 0);
}

std::string key_problem(const std::string& path, bool may_create = true) {
  const auto loaded = store::load_key(path, may_create);
  const auto* why = std::get_if<std::string>(&loaded);
  return why ? *why : "";
}

}  // namespace

TEST_CASE(
  "a journal whose files are removed or replaced while it is used ends the writing, and what was written "
  "before is told no more") {
  const test::directory home;
  const std::string way = GENERATE(
    "rm -rf $S", "mv $S $B", "mv $S $B && mkdir -m 700 $S", "mv $S $B && cp -a $B $S", "rm $S/journal.db",
    "rm $S/journal.db-wal", "truncate -s 0 $S/journal.db", "rm $S/watermark", "rm $S/lock",
    "rm $S/acknowledged.*", "cp $S/journal.db $B && mv $B $S/journal.db",
    "cp $S/watermark $B && mv $B $S/watermark", "cp -a $S/journal.db-wal $B && mv $B $S/journal.db-wal",
    "mv $S/journal.db $B && ln -s $B $S/journal.db");
  // The mark has another name after each batch, so only a batch with records looks for it.
  const bool is_idle = GENERATE(false, true) && way != "rm $S/acknowledged.*";
  INFO(way << (is_idle ? ", found without anything to write" : ""));
  const auto journal = home / "journal";
  const auto opened = must_open(journal);
  REQUIRE(opened.store->write(noting(1, {"a"})) == "");
  REQUIRE(opened.store->write({}) == "");
  run(home, way);
  const auto problem = opened.store->write(is_idle ? store::batch{} : noting(2, {"b"}));
  CHECK_THAT(problem, Contains(journal));
  CHECK(opened.store->write(noting(3, {"c"})) == problem);
}

TEST_CASE("a journal whose directory is unmounted or covered while it is used ends the writing") {
  const test::directory home;
  const bool covered = GENERATE(false, true);
  test::small_disk disk(home / "disk", "64m");
  if (!disk)
    return;
  const auto journal = home / "disk/journal";
  const auto opened = must_open(journal);
  REQUIRE(opened.store->write(noting(1, {"a"})) == "");
  if (covered)
    REQUIRE(::mount("tmpfs", journal.c_str(), "tmpfs", 0, "mode=0700,size=1m") == 0);
  else
    REQUIRE(::umount2((home / "disk").c_str(), MNT_DETACH) == 0);
  // Also without anything to write: whoever waits for the end of what was written hears of it.
  CHECK_THAT(opened.store->write({}), Contains("was removed or replaced while it was in use"));
  if (covered)
    CHECK(::umount2(journal.c_str(), MNT_DETACH) == 0);
}

TEST_CASE("a journal whose key is removed or changed goes on, and says so until it is back") {
  const test::directory home;
  const auto key = home / "journal.key";
  const auto made = store::load_key(key, true);
  REQUIRE(std::holds_alternative<store::sealer>(made));
  auto opened = store::open_sqlite(home / "journal", std::get<store::sealer>(made).id(), false, "", {}, key);
  REQUIRE(std::holds_alternative<store::opened>(opened));
  auto& journal = *std::get<store::opened>(opened).store;
  CHECK(journal.room().lost_key.empty());
  const std::string way = GENERATE(
    "mv $K $B", "cp -p $K $B; truncate -s 0 $K", "cp -p $K $B; tr 0-9a-f 1-9a-f0 < $B > $K",
    "mv $K $B; tr 0-9a-f 1-9a-f0 < $B > $K; chmod 600 $K; touch -r $B $K", "cp -p $K $B; chmod 644 $K");
  REQUIRE(std::system(("K=" + key + "; B=" + (home / "copy") + "; " + way).c_str()) == 0);
  CHECK(journal.write(noting(1, {"a"})) == "");
  CHECK(journal.room().lost_key == key);
  REQUIRE(std::system(("mv " + (home / "copy") + " " + key).c_str()) == 0);
  CHECK(journal.room().lost_key.empty());
}

TEST_CASE("a journal whose files are read, touched or given another mode while it is used goes on") {
  const test::directory home;
  const auto journal = home / "journal";
  const auto opened = must_open(journal);
  run(home,
      "cat $S/* > /dev/null; touch $S $S/*; chmod 400 $S/*; chmod 500 $S; chmod 700 $S; cp -a $S $B; rm "
      "$S/reserve");
  CHECK(opened.store->write(noting(2, {"b"})) == "");
}

TEST_CASE("a directory that others may change is no place for a journal") {
  const test::directory home;
  const auto journal = home / "journal";
  const auto mode = GENERATE(0777, 01777, 0770, 0720, 0702);
  fs::create_directory(journal);
  REQUIRE(::chmod(journal.c_str(), static_cast<mode_t>(mode)) == 0);
  CHECK_THAT(refusal(test::open(journal)),
             Contains(journal + " can be changed by others") && Contains("chmod go-w " + journal));
  CHECK(fs::is_empty(journal));
  CHECK_THAT(refusal(test::open(journal, true)), Contains("can be changed by others"));
  REQUIRE(::chmod(journal.c_str(), 0755) == 0);
  CHECK(refusal(test::open(journal)) == "");
}

TEST_CASE("a directory of another user is no place for a journal") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can give files away");
    return;
  }
  const test::directory home;
  const auto journal = home / "journal";
  fs::create_directory(journal);
  REQUIRE(::chown(journal.c_str(), 1234, 1234) == 0);
  CHECK_THAT(refusal(test::open(journal)),
             Contains(journal + " belongs to user 1234, and this process runs as user 0"));
  CHECK(fs::is_empty(journal));
}

TEST_CASE("a directory that others own or change is none above the journal's, which we make") {
  const test::directory home;
  REQUIRE(::chmod(home.path().c_str(), 01777) == 0);
  CHECK(refusal(test::open(home / "journal")) == "");
  fs::create_directory_symlink(home / "journal", home / "link");
  CHECK(refusal(test::open(home / "link")) == "");
}

TEST_CASE("a symbolic link is not taken for a file of the journal, and what it leads to stays as it is") {
  const test::directory home;
  const auto journal = home / "journal";
  const bool is_used = GENERATE(false, true);
  const bool dangles = GENERATE(false, true);
  const std::string name = GENERATE("journal.db", "journal.db-wal", "watermark", "lock", "reserve",
                                    "acknowledged.0", "acknowledged.7");
  INFO(name);
  if (is_used) {
    must_open(journal);
  } else {
    fs::create_directory(journal);
  }
  if (!dangles)
    test::write(home / "other", "somebody's");
  fs::remove(journal + "/" + name);
  fs::create_symlink(home / "other", journal + "/" + name);
  CHECK_THAT(refusal(test::open(journal)), Contains(journal + "/" + name + " is a symbolic link"));
  CHECK_THAT(refusal(test::open(journal, true)), Contains("is a symbolic link"));
  if (dangles)
    CHECK_FALSE(fs::exists(home / "other"));
  else
    CHECK(test::read(home / "other") == "somebody's");
}

TEST_CASE("a file that others own or may change is none of the journal's") {
  const test::directory home;
  const auto journal = home / "journal";
  const std::string name = GENERATE("journal.db", "watermark", "lock", "reserve", "acknowledged.1");
  INFO(name);
  CHECK(must_open(journal).store->write(noting(1, {"a"})) == "");
  REQUIRE(::chmod((journal + "/" + name).c_str(), 0666) == 0);
  CHECK_THAT(refusal(test::open(journal)),
             Contains(name + " can be changed by others") && Contains("chmod go-w " + journal + "/" + name));
  REQUIRE(::chmod((journal + "/" + name).c_str(), 0644) == 0);
  CHECK(refusal(test::open(journal)) == "");
  if (::geteuid() != 0) {
    WARN("skipped: only root can give files away");
    return;
  }
  REQUIRE(::chown((journal + "/" + name).c_str(), 1234, 1234) == 0);
  CHECK_THAT(refusal(test::open(journal)), Contains(name + " belongs to user 1234"));
  REQUIRE(::chown((journal + "/" + name).c_str(), 0, 0) == 0);
  fs::remove(journal + "/" + name);
  REQUIRE(::mkfifo((journal + "/" + name).c_str(), 0600) == 0);
  CHECK_THAT(refusal(test::open(journal)), Contains(name + " is not a file"));
}

TEST_CASE("what others may read of a journal's files is taken from them, and a note says so") {
  const test::directory home;
  const auto journal = home / "journal";
  CHECK(must_open(journal).store->write(noting(1, {"a"})) == "");
  for (const auto& name : {std::string("journal.db"), std::string("watermark"), std::string("lock"),
                           std::string("reserve"), test::mark::name(journal)}) {
    INFO(name);
    REQUIRE(::chmod((journal + "/" + name).c_str(), 0644) == 0);
    const auto opened = must_open(journal);
    CHECK(test::mode(journal + "/" + test::mark::name(journal)) == fs::perms(0600));
    if (fs::exists(journal + "/" + name))
      CHECK(test::mode(journal + "/" + name) == fs::perms(0600));
    REQUIRE(opened.notes.size() == 1);
    CHECK_THAT(opened.notes.front(), Contains(name + " could be read by others"));
  }
  CHECK(must_open(journal).notes.empty());
}

TEST_CASE("a journal whose mark is gone is refused with its name, and not as a copy") {
  const test::directory home;
  const auto journal = home / "journal";
  CHECK(must_open(journal).store->write(noting(1, {"a"})) == "");
  fs::remove(journal + "/" + test::mark::name(journal));
  const auto why = refusal(test::open(journal));
  CHECK_THAT(why, Contains("has lost its file acknowledged.") && Contains("--journalAdopt") &&
                    Contains("nothing was changed"));
  CHECK_THAT(why, !Contains("copied"));
  CHECK(refusal(test::open(journal, true)) == "");
}

TEST_CASE("a key is read from its own file and from no link to it, and not where another user owns it") {
  const test::directory home;
  REQUIRE(key_problem(home / "key").empty());
  fs::create_symlink(home / "key", home / "link");
  CHECK_THAT(key_problem(home / "link"), Contains(home / "link") && Contains("symbolic link"));
  fs::create_symlink(home / "nowhere", home / "dangling");
  CHECK_THAT(key_problem(home / "dangling"), Contains("symbolic link"));
  CHECK_FALSE(fs::exists(home / "nowhere"));
  if (::geteuid() != 0) {
    WARN("skipped: only root can give files away");
    return;
  }
  REQUIRE(::chown((home / "key").c_str(), 1234, 1234) == 0);
  CHECK_THAT(key_problem(home / "key"), Contains("belongs to user 1234"));
}
