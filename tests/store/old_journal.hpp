// tests/golden/journal-v1 was written by the first program that kept a journal, tests/golden/journal-json by
// the last one whose records are JSON, tests/golden/journal-rows by the last one that wrote a row for each
// record. They are copies here.
#pragma once

#include <catch2/catch.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <string>

#include "store/files.hpp"

namespace test {

/// Makes a copied journal the directory's own, as if that program had written it there. Its log stays as it
/// was left.
inline void make_at_home(const std::string& journal) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((journal + "/journal.db").c_str(), &db) == SQLITE_OK);
  sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  const auto home = store::identity_of(journal + "/journal.db");
  std::string mark;
  for (const auto& file : std::filesystem::directory_iterator(journal))
    if (file.path().filename().string().starts_with("acknowledged."))
      mark = store::identity_of(file.path().string());
  const auto sql = "PRAGMA locking_mode = EXCLUSIVE; UPDATE meta SET value = '" + mark +
                   "' WHERE name = 'mark'; UPDATE meta SET value = '" + home + "' WHERE name = 'home'";
  CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  CHECK(sqlite3_changes(db) == 1);
  sqlite3_close(db);
}

}  // namespace test
