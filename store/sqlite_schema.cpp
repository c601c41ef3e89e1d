// The records of a transaction lie beside each other, so that adding one, finding all and deleting all touch
// one place. In older journals they lay in the order of their sequence, with an index that cost as much
// again, and SQLite wrote with each record which sequence it had given; now it is written once a batch, in
// `given`.

#include "store/sqlite_schema.hpp"

namespace store {

namespace {

constexpr const char* table_of_records = R"(
  CREATE TABLE records(purchase INTEGER NOT NULL, sequence INTEGER NOT NULL, kind INTEGER NOT NULL,
                       content BLOB NOT NULL, check_value INTEGER NOT NULL,
                       PRIMARY KEY(purchase, sequence)) WITHOUT ROWID;
)";

constexpr const char* other_tables = R"(
  CREATE TABLE cards(purchase INTEGER PRIMARY KEY, sealed BLOB NOT NULL, check_value INTEGER NOT NULL);
  CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE given(sequence INTEGER NOT NULL);
  INSERT INTO given VALUES(0);
)";

constexpr const char* set_older_records_aside = R"(
  CREATE TABLE given(sequence INTEGER NOT NULL);
  INSERT INTO given SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'records';
  ALTER TABLE records RENAME TO older_records;
)";

constexpr const char* take_older_records = R"(
  INSERT INTO records SELECT purchase, sequence, kind, content, check_value FROM older_records;
  DROP TABLE older_records;
)";

}  // namespace

bool make_tables(database& db) { return db.execute(table_of_records) && db.execute(other_tables); }

bool renew_tables(database& db) {
  return db.execute(set_older_records_aside) && db.execute(table_of_records) &&
         db.execute(take_older_records);
}

std::optional<std::uint64_t> highest_given(const database& db, const std::string& format) {
  statement highest(db, format == older_format ? "SELECT seq FROM sqlite_sequence WHERE name = 'records'"
                                               : "SELECT sequence FROM given");
  const std::uint64_t found = highest && highest.next() ? highest.number(0) : 0;
  return highest && !highest.failed() ? std::optional(found) : std::nullopt;
}

}  // namespace store
