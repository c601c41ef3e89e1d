#include "store/sqlite_store.hpp"
#include "store/journal_files.hpp"

#include <catch2/catch.hpp>

#include <sqlite3.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>

#include "directory.hpp"
#include "journal.hpp"

namespace {

using Catch::Matchers::Contains;
using test::must_open;
using test::noting;
using test::refusal;
namespace fs = std::filesystem;

/// Replaces `what` wherever it stands: SQLite may have left a copy in bytes that it does not use any more.
void replace(const std::string& path, const std::string& what, const std::string& with) {
  auto bytes = test::read(path);
  auto at = bytes.find(what);
  REQUIRE(at != std::string::npos);
  REQUIRE(what.size() == with.size());
  for (; at != std::string::npos; at = bytes.find(what, at + with.size()))
    bytes.replace(at, what.size(), with);
  test::write(path, bytes);
}

void remove_reserve(const std::string& journal) { fs::remove(journal + "/reserve"); }

}  // namespace

TEST_CASE("what was written is there at the next start") {
  const test::directory home;
  const auto journal = home / "var/journal";
  CHECK_FALSE(store::has_journal(journal));
  store::batch b;
  b.records = {{0, 7, 1, "intent"}, {0, UINT64_MAX, 255, std::string("\0\xff nul", 6)}, {99, 0, 0, ""}};
  b.cards = {{7, "sealed 7"}, {8, "sealed 8"}};
  {
    const auto opened = must_open(journal);
    CHECK(opened.what.records.empty());
    CHECK(opened.what.cards.empty());
    CHECK(opened.notes.empty());
    CHECK(opened.store->write(b) == "");
    CHECK(opened.store->write({}) == "");
    CHECK(opened.store->write(noting(8, {"second"})) == "");
  }
  CHECK(store::has_journal(journal));
  const auto opened = must_open(journal);
  CHECK(opened.what.records == std::vector<store::record>{{1, 7, 1, "intent"},
                                                          {2, UINT64_MAX, 255, std::string("\0\xff nul", 6)},
                                                          {3, 0, 0, ""},
                                                          {4, 8, 1, "second"}});
  CHECK(opened.what.cards == std::map<std::uint64_t, std::string>{{7, "sealed 7"}, {8, "sealed 8"}});
  CHECK(opened.notes.empty());
}

TEST_CASE("a journal is readable by its owner alone and shares no memory") {
  const test::directory home;
  const auto journal = home / "journal";
  const auto opened = must_open(journal);
  CHECK(opened.store->write(noting(7, {"a"})) == "");
  CHECK(test::mode(journal) == fs::perms::owner_all);
  for (const auto& entry : fs::directory_iterator(journal)) {
    INFO(entry.path());
    CHECK(fs::status(entry).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  }
  CHECK(fs::exists(journal + "/journal.db-wal"));
  CHECK_FALSE(fs::exists(journal + "/journal.db-shm"));
}

TEST_CASE("a card is replaced by a later one and forgotten with its purchase") {
  const test::directory home;
  const auto journal = home / "journal";
  {
    const auto opened = must_open(journal);
    auto b = noting(7, {"a"});
    b.records.push_back({0, 8, 1, "b"});
    b.cards = {{7, "old"}, {8, "kept"}};
    CHECK(opened.store->write(b) == "");
    store::batch later;
    later.cards = {{7, "new"}};
    CHECK(opened.store->write(later) == "");
  }
  {
    const auto opened = must_open(journal);
    CHECK(opened.what.cards == std::map<std::uint64_t, std::string>{{7, "new"}, {8, "kept"}});
    store::batch b;
    b.forgotten = {7};
    CHECK(opened.store->write(b) == "");
  }
  const auto opened = must_open(journal);
  CHECK(opened.what.cards == std::map<std::uint64_t, std::string>{{8, "kept"}});
  CHECK(opened.what.records == std::vector<store::record>{{2, 8, 1, "b"}});
}

TEST_CASE("a purchase is found by its key, the youngest where there are several, until it is forgotten") {
  const test::directory home;
  const auto journal = home / "journal";
  const std::string key("\0key\xff", 5);
  {
    const auto opened = must_open(journal);
    auto b = noting(7, {"a"});
    b.records.push_back({0, 8, 1, "b"});
    b.keys = {{key, 7}, {"other", 8}};
    CHECK(opened.store->write(b) == "");
    CHECK(opened.store->write(noting(7, {"c"})) == "");
    CHECK(opened.store->find(key).problem == "");
    CHECK(opened.store->find(key).records == std::vector<store::record>{{1, 7, 1, "a"}, {3, 7, 1, "c"}});
    CHECK(opened.store->find("key").records.empty());
  }
  {
    const auto opened = must_open(journal);
    CHECK(opened.store->find("other").records == std::vector<store::record>{{2, 8, 1, "b"}});
    CHECK(opened.store->find(key).records.size() == 2);
    auto b = noting(9, {"d"});
    b.keys = {{key, 9}};
    CHECK(opened.store->write(b) == "");
    CHECK(opened.store->find(key).records == std::vector<store::record>{{4, 9, 1, "d"}});
    store::batch forgets;
    forgets.forgotten = {7, 9};
    CHECK(opened.store->write(forgets) == "");
    CHECK(opened.store->find(key).records.empty());
  }
  const auto opened = must_open(journal);
  CHECK(opened.store->find(key).records.empty());
  CHECK(opened.store->find("other").records.size() == 1);
}

TEST_CASE(
  "in a journal of a program without keys, or that was used by one, purchases are found by what their "
  "records say") {
  const test::directory home;
  const auto journal = home / "journal";
  const auto open = [&journal] {
    auto result = store::open_sqlite(journal, test::key, false, "", [](const store::record& r) {
      return r.kind == 1 ? "key of " + r.content : "";
    });
    REQUIRE(refusal(result) == "");
    return std::get<store::opened>(std::move(result));
  };
  {
    const auto opened = must_open(journal);
    auto b = noting(7, {"a"});
    b.records.push_back({0, 7, 2, "approved"});
    CHECK(opened.store->write(b) == "");
  }
  const bool has_table = GENERATE(false, true);
  if (!has_table) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((journal + "/journal.db").c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; DROP TABLE keys", nullptr, nullptr, nullptr) ==
          SQLITE_OK);
    sqlite3_close(db);
  }
  {
    const auto opened = open();
    CHECK(opened.store->find("key of a").records.size() == 2);
    // What the other program writes has no key, and what it forgets leaves its key behind.
    CHECK(opened.store->write(noting(8, {"b"})) == "");
    auto b = noting(9, {"c"});
    b.keys = {{"its own", 9}};
    CHECK(opened.store->write(b) == "");
  }
  const auto opened = open();
  CHECK(opened.store->find("key of a").records.size() == 2);
  CHECK(opened.store->find("key of b").records.size() == 1);
  CHECK(opened.store->find("its own").records.size() == 1);
  CHECK(opened.store->find("key of c").records.empty());
}

TEST_CASE("a record that is damaged while the journal is in use is not handed out by its key") {
  const test::directory home;
  const auto journal = home / "journal";
  auto b = noting(41, {"the first"});
  b.keys = {{"key", 41}};
  CHECK(must_open(journal).store->write(b) == "");
  b = {};
  b.keys = {{"another", 42}};
  for (int i = 0; i < 4000; ++i)
    b.records.push_back({0, 42, 1, std::string(900, 'x')});
  CHECK(must_open(journal).store->write(b) == "");
  const auto opened = must_open(journal);
  replace(journal + "/journal.db", "the first", "the furst");
  // More than SQLite holds in memory, so that it reads the first again.
  CHECK(opened.store->find("another").records.size() == 4000);
  const auto found = opened.store->find("key");
  CHECK_THAT(found.problem, Contains("is damaged: row 1 of its table batches is not as it was written"));
  CHECK(found.records.empty());
}

TEST_CASE("a sequence is given once, even where the last records were forgotten") {
  const test::directory home;
  const auto journal = home / "journal";
  {
    const auto opened = must_open(journal);
    CHECK(opened.store->write(noting(7, {"a", "b"})) == "");
    store::batch b;
    b.forgotten = {7};
    CHECK(opened.store->write(b) == "");
  }
  {
    const auto opened = must_open(journal);
    CHECK(opened.what.records.empty());
    CHECK(opened.store->write(noting(8, {"c"})) == "");
  }
  CHECK(must_open(journal).what.records.front().sequence == 3);
}

TEST_CASE("of an erased card no byte is left in the files") {
  const test::directory home;
  const auto journal = home / "journal";
  const std::string erased(200, 'E');
  const std::string replaced(200, 'R');
  const std::string forgotten(200, 'F');
  {
    const auto opened = must_open(journal);
    auto b = noting(7, {"stays here"});
    b.cards = {{7, erased}, {8, forgotten}, {9, replaced}};
    CHECK(opened.store->write(b) == "");
    b = {};
    b.erased = {7};
    b.forgotten = {8};
    b.cards = {{9, "short"}};
    CHECK(opened.store->write(b) == "");
  }
  std::string all;
  for (const auto& [name, bytes] : test::files_of(journal))
    all += bytes;
  CHECK(all.find("stays here") != std::string::npos);
  for (const auto& card : {erased, replaced, forgotten})
    CHECK(all.find(card.substr(0, 16)) == std::string::npos);
}

TEST_CASE("a journal grows by what it keeps, not by what was written") {
  const test::directory home(test::fast_disk());
  const auto journal = home / "journal";
  const auto opened = must_open(journal);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    auto b = noting(i, {std::string(300, 'x')});
    b.cards = {{i, std::string(100, 'y')}};
    if (i > 50)
      b.forgotten = {i - 50};
    REQUIRE(opened.store->write(b) == "");
  }
  CHECK(fs::file_size(journal + "/journal.db") < 500'000);
  CHECK(fs::file_size(journal + "/journal.db-wal") < 4'000'000);
}

TEST_CASE("a second process on a journal is refused and told who holds it") {
  const test::directory home;
  const auto journal = home / "journal";
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const auto child = ::fork();
  if (child == 0) {
    const auto opened = test::open(journal);
    const char sign = std::holds_alternative<store::opened>(opened) ? '+' : '-';
    if (::write(ready[1], &sign, 1) == 1)
      ::pause();
    ::_exit(0);
  }
  char sign = 0;
  CHECK(::read(ready[0], &sign, 1) == 1);
  CHECK(sign == '+');
  CHECK_THAT(refusal(test::open(journal)), Contains("another socketqueue (process " + std::to_string(child) +
                                                    ") uses the journal in " + journal));
  CHECK_THAT(refusal(test::open(journal, true)), Contains("another socketqueue"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  CHECK(refusal(test::open(journal)) == "");
}

TEST_CASE("a journal that was sealed with another key is refused and not changed") {
  const test::directory home;
  const auto journal = home / "journal";
  CHECK(must_open(journal).store->write(noting(7, {"a"})) == "");
  const auto before = test::files_of(journal);
  const auto why = refusal(store::open_sqlite(journal, "fedcba9876543210", true));
  CHECK_THAT(why, Contains("another key (" + test::key + ")") && Contains("(fedcba9876543210)") &&
                    Contains("nothing was changed"));
  CHECK(test::files_of(journal) == before);
  CHECK(must_open(journal).what.records.size() == 1);
}

TEST_CASE("a copied journal is refused until it is adopted") {
  const test::directory home;
  const auto journal = home / "journal";
  const auto copy = home / "copy";
  {
    const auto opened = must_open(journal);
    CHECK(opened.store->write(noting(7, {"a"})) == "");
    fs::copy(journal, copy);
  }
  // Its last batch is in the log of SQLite still, and stays there.
  const auto before = test::files_of(copy);
  CHECK(before.contains("journal.db-wal"));
  CHECK_THAT(refusal(test::open(copy)),
             Contains(copy) && Contains("was copied or restored") && Contains("--journalAdopt"));
  CHECK(test::files_of(copy) == before);
  CHECK(must_open(copy, true).what.records.size() == 1);
  CHECK(must_open(copy).what.records.size() == 1);
  CHECK(must_open(journal).what.records.size() == 1);
}

TEST_CASE("a look at a journal says what its opening would, and leaves each file as it is, and makes none") {
  const test::directory home;
  const auto journal = home / "jour%6Eal?#", copy = home / "copy";
  const auto look = [](const std::string& at, bool adopt = false) {
    const auto list = [&] {
      std::vector<std::string> all;
      for (const auto& entry : fs::directory_iterator(at))
        all.push_back(entry.path().filename());
      std::ranges::sort(all);
      return all;
    };
    const auto before = test::files_of(at);
    const auto files = list();
    auto why = store::fault_of_sqlite(at, test::key, adopt, "");
    CHECK(test::files_of(at) == before);
    CHECK(list() == files);
    return why;
  };
  {
    const auto opened = must_open(journal);
    CHECK(opened.store->write(noting(7, {"a"})) == "");
    fs::copy(journal, copy);  // with a log that is not empty
  }
  CHECK_FALSE(fs::exists(journal + "/journal.db-wal"));
  CHECK(fs::exists(copy + "/journal.db-wal"));
  CHECK(look(journal) == "");
  CHECK_THAT(look(copy), Contains("was copied or restored"));
  CHECK(look(copy, true) == "");
  CHECK_THAT(store::fault_of_sqlite(journal, "fedcba9876543210", false, ""), Contains("another key"));
  fs::remove(journal + "/watermark");
  CHECK_THAT(look(journal), Contains("lost its file watermark"));
  fs::remove(journal + "/journal.db");
  CHECK_THAT(look(journal), Contains("is empty, although 1 records were acknowledged"));
}

TEST_CASE("a copy that takes the place of its original is refused as well") {
  const test::directory home;
  const auto journal = home / "journal";
  CHECK(must_open(journal).store->write(noting(7, {"a"})) == "");
  fs::copy(journal + "/journal.db", home / "backup");
  fs::remove(journal + "/journal.db");
  fs::copy(home / "backup", journal + "/journal.db");
  CHECK_THAT(refusal(test::open(journal)), Contains("was copied or restored"));
  fs::remove(journal + "/journal.db");
  fs::rename(home / "backup", journal + "/journal.db");
  CHECK_THAT(refusal(test::open(journal)), Contains("was copied or restored"));
}

TEST_CASE("a journal that is older than its watermark is refused with numbers") {
  const test::directory home;
  const auto journal = home / "journal";
  CHECK(must_open(journal).store->write(noting(7, {"a", "b"})) == "");
  const auto old = test::read(journal + "/journal.db");
  CHECK(must_open(journal).store->write(noting(8, {"c", "d", "e"})) == "");
  const auto newest = test::read(journal + "/journal.db");
  test::write(journal + "/journal.db", old);
  CHECK_THAT(refusal(test::open(journal)),
             Contains("records 3 to 5 that were acknowledged are missing") && Contains("--journalAdopt"));
  test::write(journal + "/journal.db", newest);
  CHECK(must_open(journal).what.records.size() == 5);

  // The way out that the sentence names.
  test::write(journal + "/journal.db", old);
  CHECK(must_open(journal, true).what.records.size() == 2);
  CHECK(must_open(journal).what.records.size() == 2);
}

TEST_CASE("a journal without its watermark is refused until it is adopted") {
  const test::directory home;
  const auto journal = home / "journal";
  CHECK(must_open(journal).store->write(noting(7, {"a", "b"})) == "");
  fs::remove(journal + "/watermark");
  CHECK_THAT(refusal(test::open(journal)), Contains("lost its file watermark"));
  CHECK(must_open(journal, true).what.records.size() == 2);
  CHECK(must_open(journal).what.records.size() == 2);
}

TEST_CASE("a journal whose database is gone or empty is refused") {
  const test::directory home;
  const auto journal = home / "journal";
  CHECK(must_open(journal).store->write(noting(7, {"a", "b"})) == "");
  test::write(journal + "/journal.db", "");
  CHECK_THAT(refusal(test::open(journal)), Contains("is empty, although 2 records were acknowledged"));
  fs::remove(journal + "/journal.db");
  CHECK_THAT(refusal(test::open(journal)), Contains("is empty, although 2 records were acknowledged"));
  CHECK_FALSE(fs::exists(journal + "/journal.db"));
  test::write(journal + "/journal.db-wal", "something");
  CHECK_THAT(refusal(test::open(journal)), Contains("not journal.db-wal"));
  fs::remove(journal + "/journal.db-wal");
  CHECK(must_open(journal, true).what.records.empty());
  CHECK(must_open(journal).what.records.empty());
}

TEST_CASE("a watermark torn in one of its places is still believed in the other") {
  const test::directory home;
  const auto journal = home / "journal";
  {
    const auto opened = must_open(journal);
    CHECK(opened.store->write(noting(7, {"a", "b"})) == "");
    CHECK(opened.store->write(noting(7, {"c"})) == "");
  }
  must_open(journal);
  const auto watermark = test::read(journal + "/watermark");
  REQUIRE(watermark.size() == 4096 + 38);
  CHECK(watermark.substr(0, 38) == watermark.substr(4096));
  for (const std::size_t place : {std::size_t{3}, std::size_t{4096 + 3}}) {
    auto torn = watermark;
    torn[place] = 'x';
    test::write(journal + "/watermark", torn);
    CHECK(refusal(test::open(journal)) == "");
  }
  test::write(journal + "/watermark", "rubbish");
  CHECK_THAT(refusal(test::open(journal)), Contains("lost its file watermark"));
}

TEST_CASE("one flipped bit in an old record refuses the start and names the first record of its batch") {
  const test::directory home;
  const auto journal = home / "journal";
  {
    const auto opened = must_open(journal);
    for (const auto* content : {"the first", "the second", "the third"})
      CHECK(opened.store->write(noting(41, {content})) == "");
  }
  replace(journal + "/journal.db", "the second", "the tecond");
  const auto before = test::files_of(journal);
  CHECK_THAT(refusal(test::open(journal)),
             Contains("record 2 (purchase 41) is damaged") && Contains("nothing was changed"));
  CHECK(test::files_of(journal) == before);
  replace(journal + "/journal.db", "the tecond", "the second");
  CHECK(refusal(test::open(journal)) == "");
}

TEST_CASE("a damaged batch at the end is refused where it was acknowledged, else cut and noted") {
  const test::directory home;
  const auto journal = home / "journal";
  must_open(journal);
  CHECK(must_open(journal).store->write(noting(7, {"a", "b"})) == "");
  must_open(journal);
  const auto old = test::read(journal + "/watermark");
  const test::mark mark(journal);
  const auto old_name = test::mark::name(journal);
  CHECK(old_name == "acknowledged.2");
  CHECK(must_open(journal).store->write(noting(8, {"the third", "the last"})) == "");
  replace(journal + "/journal.db", "the last", "the tast");
  CHECK_THAT(refusal(test::open(journal)), Contains("record 3 (purchase 8) is damaged"));
  test::write(journal + "/watermark", old);
  CHECK_THAT(refusal(test::open(journal)), Contains("record 3 (purchase 8) is damaged"));
  mark.put(old_name);
  {
    const auto opened = must_open(journal);
    CHECK(opened.what.records.size() == 2);
    REQUIRE(opened.notes.size() == 1);
    CHECK_THAT(opened.notes[0],
               Contains("record 3 (purchase 8), at the end of the journal, was damaged and is cut off"));
    CHECK(opened.store->write(noting(9, {"next"})) == "");
  }
  const auto opened = must_open(journal);
  CHECK(opened.notes.empty());
  CHECK(opened.what.records.back() == store::record{5, 9, 1, "next"});
}

TEST_CASE("damaged card data refuses the start and names the purchase") {
  const test::directory home;
  const auto journal = home / "journal";
  store::batch b = noting(41, {"a"});
  b.cards = {{41, "sealed card"}};
  CHECK(must_open(journal).store->write(b) == "");
  replace(journal + "/journal.db", "sealed card", "sealed bard");
  CHECK_THAT(refusal(test::open(journal)), Contains("card data of purchase 41 is damaged"));
}

TEST_CASE("no flipped bit anywhere in the database changes what a start finds") {
  const test::directory home(test::fast_disk());
  const auto journal = home / "journal";
  const auto key_of = [](std::uint64_t i) { return std::string(30, static_cast<char>('0' + i)); };
  {
    const auto opened = must_open(journal);
    for (std::uint64_t i = 1; i <= 40; ++i) {
      auto b = noting(i, {std::string(60, static_cast<char>('a' + i % 26))});
      b.cards = {{i, std::string(40, static_cast<char>('A' + i % 26))}};
      b.keys = {{key_of(i), i}};
      REQUIRE(opened.store->write(b) == "");
    }
  }
  const auto before = must_open(journal).what;
  const auto finds_all = [&](store::journal_store& in) {
    for (std::uint64_t i = 1; i <= 40; ++i)
      if (const auto found = in.find(key_of(i));
          found.problem.empty() && (found.records.size() != 1 || found.records[0].transaction != i))
        return false;
    return true;
  };
  REQUIRE(finds_all(*must_open(journal).store));
  const auto sound = test::files_of(journal);
  const auto& bytes = sound.at("journal.db");
  int refused = 0;
  const auto flip = [&](std::size_t at, std::size_t bit) {
    auto flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
    test::write(journal + "/journal.db", flipped);
    const auto result = test::open(journal);
    if (const auto* opened = std::get_if<store::opened>(&result)) {
      if (opened->what.records != before.records || opened->what.cards != before.cards)
        FAIL("bit " << bit << " of byte " << at << " was flipped unseen");
      if (!finds_all(*opened->store))
        FAIL("with bit " << bit << " of byte " << at << " flipped a key finds nothing, or another purchase");
    } else {
      ++refused;
      if (test::files_of(journal).at("journal.db") != flipped)
        FAIL("the database with bit " << bit << " of byte " << at << " flipped was changed");
    }
    // An accepted one may have been put in order since.
    test::write(journal + "/journal.db", bytes);
    test::write(journal + "/watermark", sound.at("watermark"));
    fs::remove(journal + "/journal.db-wal");
  };
  // The heads of pages say how many records are in them, and which bytes they are: there every bit, elsewhere
  // some.
  for (std::size_t at = 0; at < bytes.size(); ++at)
    if (at % 4096 < 16)
      for (std::size_t bit = 0; bit < 8; ++bit)
        flip(at, bit);
    else if (at % 53 == 0)
      flip(at, at % 8);
  CHECK(refused > 100);
}

TEST_CASE("what is no journal is refused and left as it is") {
  const test::directory home;
  const auto journal = home / "journal";
  must_open(journal);
  test::write(journal + "/journal.db",
              "Dear diary, today nothing happened, as on every other day of this long year; nothing at all, "
              "to be precise, in any way.");
  CHECK_THAT(refusal(test::open(journal)),
             Contains("is damaged") && Contains("not a database") && Contains(journal));
  CHECK_THAT(test::read(journal + "/journal.db"), Catch::Matchers::StartsWith("Dear diary"));
  test::write(home / "file", "");
  CHECK_THAT(refusal(test::open(home / "file")), Contains("cannot make the directory"));
}

TEST_CASE("a journal of another format is refused") {
  const test::directory home;
  const auto journal = home / "journal";
  CHECK(must_open(journal).store->write(noting(7, {"a"})) == "");
  replace(journal + "/journal.db", "format3", "format4");
  CHECK_THAT(refusal(test::open(journal)), Contains("has format 4, and this program reads format 3"));
}

TEST_CASE("a start keeps room in reserve") {
  const test::directory home;
  const auto journal = home / "journal";
  must_open(journal);
  CHECK(fs::file_size(journal + "/reserve") == 4 * 1024 * 1024);
  remove_reserve(journal);
  must_open(journal);
  CHECK(fs::exists(journal + "/reserve"));
}
