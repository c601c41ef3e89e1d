// A batch of records is a row (batch_form), and its sealed cards are another: they are deleted with their
// transactions' ends, the records a day later. `first` and `last` are sequences; a row of cards has a number.
// `given` says which sequence was given last where its row was deleted.

#include "store/sqlite_schema.hpp"

namespace store {

namespace {

constexpr const char* tables_of_batches = R"(
  CREATE TABLE batches(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, check_value INTEGER NOT NULL,
                       entries BLOB NOT NULL);
  CREATE TABLE sealed_cards(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, check_value INTEGER NOT NULL,
                            entries BLOB NOT NULL);
)";

constexpr const char* other_tables = R"(
  CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE given(sequence INTEGER NOT NULL);
  INSERT INTO given VALUES(0);
)";

constexpr const char* drop_older_tables = R"(
  DROP TABLE records;
  DROP TABLE cards;
  DROP TABLE IF EXISTS given;
  CREATE TABLE given(sequence INTEGER NOT NULL);
  INSERT INTO given VALUES(0);
)";

}  // namespace

bool make_tables(database& db) { return db.execute(tables_of_batches) && db.execute(other_tables); }

bool renew_tables(database& db) { return db.execute(drop_older_tables) && db.execute(tables_of_batches); }

}  // namespace store
