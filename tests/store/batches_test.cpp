// Batches as rows of the journal's database: what is found in them, and what is left of them when a part has
// ended.

#include <catch2/catch.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "journal.hpp"
#include "old_journal.hpp"
#include "store/batch_form.hpp"
#include "store/sealing.hpp"
#include "store/transaction_rows.hpp"

namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using store::record;
using test::must_open;
using test::noting;
using test::refusal;

/// What a closed journal's database says to `sql`, a line a row; empty for a statement without rows.
std::string ask(const std::string& journal, const std::string& sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((journal + "/journal.db").c_str(), &db) == SQLITE_OK);
  std::string all;
  const auto add = [](void* to, int count, char** values, char**) {
    for (int i = 0; i < count; ++i)
      *static_cast<std::string*>(to) +=
        std::string(values[i] ? values[i] : "-") + (i + 1 < count ? " " : "\n");
    return 0;
  };
  const auto of_one_process = "PRAGMA locking_mode = EXCLUSIVE; " + sql;
  CHECK(sqlite3_exec(db, of_one_process.c_str(), add, &all, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  return all.substr(all.find('\n') + 1);  // behind the answer to the pragma
}

/// A golden journal in its place, and the id of its key.
std::string copy_golden(const std::string& name, const std::string& journal) {
  fs::copy(std::string(SOURCE_DIR) + "/tests/golden/" + name, journal);
  fs::permissions(journal, fs::perms::owner_all);
  for (const auto& file : fs::directory_iterator(journal))
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  test::make_at_home(journal);
  const auto key = store::load_key(journal + "/journal.key", false);
  REQUIRE(std::holds_alternative<store::sealer>(key));
  return std::get<store::sealer>(key).id();
}

/// What a journal should hold.
struct model {
  std::vector<record> records = {};
  std::map<std::uint64_t, std::string> cards = {};
  std::uint64_t last = 0;

  void write(const store::batch& b) {
    for (auto r : b.records) {
      r.sequence = ++last;
      records.push_back(r);
    }
    for (const auto& [id, sealed] : b.cards)
      cards[id] = sealed;
    for (const auto id : b.erased)
      cards.erase(id);
    for (const auto id : b.forgotten) {
      cards.erase(id);
      std::erase_if(records, [id](const record& r) { return r.transaction == id; });
    }
  }

  std::vector<record> of(std::uint64_t id) const {
    std::vector<record> all;
    std::ranges::copy_if(records, std::back_inserter(all),
                         [id](const auto& r) { return r.transaction == id; });
    return all;
  }
};

}  // namespace

TEST_CASE("the records of a batch are one row, and its cards another, until they have ended") {
  const test::directory home;
  const auto journal = home / "journal";
  const auto count = [&] {
    return ask(journal, "SELECT (SELECT count(*) FROM batches), (SELECT count(*) FROM sealed_cards)");
  };
  auto b = noting(1, {"a"});
  b.records.push_back({0, 2, 1, "b"});
  b.cards = {{1, "card of 1"}, {2, "card of 2"}};
  CHECK(must_open(journal).store->write(b) == "");
  CHECK(count() == "1 1\n");
  b = noting(1, {"c"});
  b.erased = {1, 3};
  CHECK(must_open(journal).store->write(b) == "");
  CHECK(count() == "2 1\n");
  b = {};
  b.erased = {2};
  CHECK(must_open(journal).store->write(b) == "");
  CHECK(count() == "2 0\n");
  b = {};
  b.forgotten = {1};
  CHECK(must_open(journal).store->write(b) == "");
  CHECK(count() == "1 0\n");
  b.forgotten = {2};
  CHECK(must_open(journal).store->write(b) == "");
  CHECK(count() == "0 0\n");
}

TEST_CASE("whatever is written, erased and forgotten in turns, a journal holds what it should") {
  const test::directory home(test::fast_disk());
  const auto journal = home / "journal";
  std::mt19937_64 random_source(GENERATE(range(1, 9)));
  const auto below = [&](std::uint64_t most) { return random_source() % most; };
  model all;
  for (int life = 0; life < 12; ++life) {
    const auto opened = must_open(journal);
    REQUIRE(opened.what.records == all.records);
    REQUIRE(opened.what.cards == all.cards);
    for (auto writes = below(12); writes > 0; --writes) {
      store::batch b;
      // A transaction is found by its key for as long as it has one.
      const auto id = [&] { return below(8) == 0 ? UINT64_MAX - below(3) : 1 + below(40) * below(5); };
      for (auto n = below(9); n > 0; --n)
        b.records.push_back(
          {0, id(), static_cast<std::uint8_t>(below(10)),
           std::string(below(30) == 0 ? 20'000 : below(200), static_cast<char>(below(256)))});
      for (const auto& r : b.records)
        b.keys.emplace_back("key of " + std::to_string(r.transaction), r.transaction);
      for (auto n = below(4); n > 0; --n)
        b.cards.emplace_back(id(), "card " + std::to_string(below(1000)));
      for (auto n = below(4); n > 0; --n)
        b.erased.push_back(id());
      if (below(3) == 0)
        for (auto n = below(9); n > 0; --n)
          b.forgotten.push_back(id());
      REQUIRE(opened.store->write(b) == "");
      all.write(b);
      const auto asked = id();
      REQUIRE(opened.store->find("key of " + std::to_string(asked)).records == all.of(asked));
    }
  }
}

TEST_CASE("a batch of many records is found whole, and a transaction's records in all of its batches") {
  const test::directory home(test::fast_disk());
  const auto journal = home / "journal";
  model all;
  {
    const auto opened = must_open(journal);
    for (int batch = 0; batch < 5; ++batch) {
      store::batch b;
      for (std::uint64_t i = 0; i < 2000; ++i)
        b.records.push_back({0, 1 + i % 500, 1, "record " + std::to_string(i)});
      b.keys = {{"key", 77}};
      REQUIRE(opened.store->write(b) == "");
      all.write(b);
    }
    CHECK(opened.store->find("key").records == all.of(77));
  }
  const auto opened = must_open(journal);
  CHECK(opened.what.records == all.records);
  CHECK(opened.store->find("key").records == all.of(77));
}

TEST_CASE("a journal that lacks a batch in front of the last ones is refused, and the purchase is named") {
  const test::directory home;
  const auto journal = home / "journal";
  for (const auto* content : {"intent", "approved", "delivered"})
    CHECK(must_open(journal).store->write(noting(41, {content})) == "");
  ask(journal, "DELETE FROM batches WHERE first = 2");
  CHECK_THAT(
    refusal(test::open(journal)),
    Contains("a record of purchase 41 in front of record 3 is missing") && Contains("nothing was changed"));
}

TEST_CASE("a batch that is damaged while the journal is in use ends the writing, and is not written anew") {
  const test::directory home;
  const auto journal = home / "journal";
  auto b = noting(41, {"of the first"});
  b.records.push_back({0, 42, 1, "of the second"});
  CHECK(must_open(journal).store->write(b) == "");
  b = {};
  for (int i = 0; i < 4000; ++i)
    b.records.push_back({0, 43, 1, std::string(900, 'x')});
  b.keys = {{"key", 43}};
  CHECK(must_open(journal).store->write(b) == "");
  const auto opened = must_open(journal);
  auto bytes = test::read(journal + "/journal.db");
  const auto at = bytes.find("of the second");
  REQUIRE(at != std::string::npos);
  bytes[at] = 'O';
  test::write(journal + "/journal.db", bytes);
  // More than SQLite holds in memory, so that it reads the first again.
  CHECK(opened.store->find("key").records.size() == 4000);
  b = {};
  b.forgotten = {41};
  CHECK_THAT(opened.store->write(b),
             Contains("is damaged: row 1 of its table batches is not as it was written"));
}

TEST_CASE("a journal with a row for each record becomes one with a row for each batch, and loses nothing") {
  const test::directory home;
  const auto journal = home / "journal";
  const auto [name, format, given, cards] =
    GENERATE(table<const char*, const char*, std::uint64_t, std::size_t>(
      {{"journal-json", "1", 18, 3}, {"journal-rows", "2", 23, 2}}));
  const auto key = copy_golden(name, journal);
  INFO(name);
  REQUIRE(ask(journal, "SELECT value FROM meta WHERE name = 'format'") == format + std::string("\n"));
  const auto held =
    ask(journal, "SELECT sequence, purchase, kind, hex(content) FROM records ORDER BY sequence");
  const auto sealed = ask(journal, "SELECT purchase, hex(sealed) FROM cards ORDER BY purchase");
  const auto hex = [](const std::string& bytes) {
    std::string text;
    for (const unsigned char c : bytes)
      for (const auto half : {c >> 4, c & 15})
        text += "0123456789ABCDEF"[half];
    return text;
  };
  CHECK(store::fault_of_sqlite(journal, key, false, "") == "");
  CHECK(ask(journal, "SELECT count(*) FROM sqlite_schema WHERE name = 'batches'") == "0\n");
  for (const bool again : {false, true}) {
    INFO((again ? "at the second start" : "at the first start"));
    auto result = store::open_sqlite(journal, key, false);
    REQUIRE(refusal(result) == "");
    std::string found, found_cards;
    for (const auto& r : std::get<store::opened>(result).what.records)
      found += std::to_string(r.sequence) + " " + std::to_string(r.transaction) + " " +
               std::to_string(r.kind) + " " + hex(r.content) + "\n";
    for (const auto& [id, bytes] : std::get<store::opened>(result).what.cards)
      found_cards += std::to_string(id) + " " + hex(bytes) + "\n";
    CHECK(found == held);
    CHECK(found_cards == sealed);
    CHECK(std::get<store::opened>(result).what.cards.size() == cards);
  }
  CHECK(ask(journal, "SELECT value FROM meta WHERE name = 'format'") == "3\n");
  CHECK(ask(journal, "SELECT count(*) FROM sqlite_schema WHERE name IN ('records', 'cards')") == "0\n");
  {
    auto result = store::open_sqlite(journal, key, false);
    CHECK(std::get<store::opened>(result).store->write(noting(100, {"of the new program"})) == "");
  }
  auto result = store::open_sqlite(journal, key, false);
  REQUIRE(refusal(result) == "");
  CHECK(std::get<store::opened>(result).what.records.back().sequence == given + 1);
}

TEST_CASE("the bytes of a row are read as they were written, and no others are read beyond their end") {
  store::batch_form::writer to;
  const std::string many(300, 'x');
  const std::vector<store::batch_form::entry> entries{
    {7, 9, 1, 0, "a"}, {8, UINT64_MAX, 255, 3, ""}, {20, 0, 0, UINT64_MAX, many}, {21, 1, 2, 200, "b"}};
  to.begin(7);
  for (const auto& e : entries)
    to.add(e);
  const auto same = [](const auto& a, const auto& b) {
    return a.sequence == b.sequence && a.transaction == b.transaction && a.kind == b.kind &&
           a.distance == b.distance && a.content == b.content;
  };
  store::batch_form::reader from(7, to.bytes());
  for (const auto& e : entries) {
    REQUIRE(from.next());
    CHECK(same(from.get(), e));
  }
  CHECK_FALSE(from.next());
  CHECK_FALSE(from.failed());
  for (std::size_t size = 0; size < to.bytes().size(); ++size) {
    const std::vector<char> cut(to.bytes().begin(), to.bytes().begin() + static_cast<std::ptrdiff_t>(size));
    store::batch_form::reader of_cut(7, {cut.data(), cut.size()});
    std::size_t count = 0;
    for (; of_cut.next(); ++count)
      CHECK(same(of_cut.get(), entries[count]));
    CHECK(count < entries.size());
  }
}

TEST_CASE("the row of a transaction is known, however far it is from those of its neighbours") {
  store::transaction_rows rows;
  std::map<std::uint64_t, std::uint64_t> right;
  std::mt19937_64 random_source(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto id = random_source() % 200 + (random_source() % 50 == 0 ? UINT64_MAX - 400 : 0);
    const auto row =
      1 + (random_source() % 3 == 0 ? random_source() % (UINT64_MAX / 2) : random_source() % 99);
    const auto was = right.contains(id) ? right[id] : 0;
    REQUIRE(rows.of(id) == was);
    if (random_source() % 4 == 0) {
      rows.erase(id);
      right.erase(id);
    } else {
      REQUIRE(rows.exchange(id, row) == was);
      right[id] = row;
    }
  }
  for (const auto& [id, row] : right)
    CHECK(rows.of(id) == row);
}
