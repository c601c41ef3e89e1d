// Writes the journal in SQLite: a batch is a database transaction, durable when `write` returns.
//
// It never repeats a write. After a failed write or sync the content of the disk is unknown; the next start
// finds out by reading it.

#include "store/sqlite_journal.hpp"

#include <set>
#include <utility>

#include "store/check_value.hpp"
#include "store/disk_room.hpp"

namespace store {

// The journals of older programs have check values that took longer.
bool is_intact(const record& r, std::uint64_t check) {
  return check == checksum(r.sequence, r.transaction, r.kind, r.content) ||
         check == check_value(r.sequence, r.transaction, r.kind, r.content);
}

bool is_intact_card(std::uint64_t transaction, std::string_view sealed, std::uint64_t check) {
  return check == checksum(transaction, 0, 0, sealed) || check == check_value(transaction, 0, 0, sealed);
}

record record_in(const statement& row) {
  return {row.number(0), row.number(1), static_cast<std::uint8_t>(row.number(2)), row.bytes(3)};
}

namespace {

// The write-ahead log is checkpointed into the database when it has this many pages.
constexpr int log_pages_max = 512;

class sqlite_journal final : public journal_store {
public:
  sqlite_journal(std::string directory, side_files beside, std::unique_ptr<database> db, std::uint64_t last)
    : directory_(std::move(directory)),
      beside_(std::move(beside)),
      db_(std::move(db)),
      last_(last),
      begin_(*db_, "BEGIN IMMEDIATE"),
      commit_(*db_, "COMMIT"),
      add_record_(
        *db_, "INSERT INTO records(sequence, purchase, kind, content, check_value) VALUES(?, ?, ?, ?, ?)"),
      give_(*db_, "UPDATE given SET sequence = ?"),
      add_card_(*db_, "INSERT OR REPLACE INTO cards(purchase, sealed, check_value) VALUES(?, ?, ?)"),
      erase_card_(*db_, "DELETE FROM cards WHERE purchase = ?"),
      forget_records_(*db_, "DELETE FROM records WHERE purchase = ?"),
      add_key_(*db_, "INSERT OR REPLACE INTO keys(purchase, key) VALUES(?, ?)"),
      forget_key_(*db_, "DELETE FROM keys WHERE purchase = ?") {
    watches_log_ = beside_.files.add(directory_ + "/journal.db-wal");
    sqlite3_wal_hook(db_->get(), &note_log_pages, this);
  }

  bool is_ready() const {
    return begin_ && commit_ && add_record_ && give_ && add_card_ && erase_card_ && forget_records_ &&
           add_key_ && forget_key_;
  }

  std::string write(const batch& b) override {
    if (broken_.empty())
      broken_ = b.empty() ? check_files() : try_write(b);
    return broken_;
  }

  found_records find(const std::string& key) override {
    if (!broken_.empty())
      return {broken_};
    statement records(*db_,
                      "SELECT sequence, purchase, kind, content, check_value FROM records "
                      "WHERE purchase = (SELECT max(purchase) FROM keys WHERE key = ?) ORDER BY sequence");
    if (!records)
      return {"cannot read the journal in " + directory_ + ": " + db_->problem()};
    found_records found;
    records.bind(1, key);
    while (records.next()) {
      found.records.push_back(record_in(records));
      if (!is_intact(found.records.back(), records.number(4)))
        return {"the journal in " + directory_ + " is damaged: record " +
                std::to_string(found.records.back().sequence) + " is not as it was written"};
    }
    if (records.failed())
      return {"cannot read the journal in " + directory_ + ": " + db_->problem()};
    return found;
  }

  journal_room room() const override {
    const auto disk = room_of(directory_);
    // The reserve was released when the disk was full.
    if (disk && !has_reserve_)
      has_reserve_ = fill_reserve(directory_, *disk);
    const auto used = size_of(directory_ + "/journal.db") + size_of(directory_ + "/journal.db-wal");
    return {disk && disk->enough(), used, disk ? disk->available : 0, beside_.key.lost()};
  }

private:
  static int note_log_pages(void* self, sqlite3*, const char*, int pages) {
    static_cast<sqlite_journal*>(self)->log_pages_ = pages;
    return SQLITE_OK;
  }

  std::string try_write(const batch& b) {
    const auto before = last_;
    if (!write_all_of(b))
      return fail_writing("cannot write to the journal in " + directory_ + ": " + db_->problem());
    // Files that were moved away or replaced would not be found by the next start.
    if (auto problem = check_files(); !problem.empty())
      return problem;
    if (last_ != before)
      if (auto problem = beside_.advance(last_); !problem.empty())
        return fail_writing(std::move(problem));
    // SQLite would checkpoint by itself, but would not report an error.
    if (log_pages_ >= log_pages_max &&
        sqlite3_wal_checkpoint_v2(db_->get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr) !=
          SQLITE_OK)
      return fail_writing("cannot write to the journal in " + directory_ + ": " + db_->problem());
    return "";
  }

  std::string check_files() {
    // SQLite makes its log at the latest at the first use.
    if (!watches_log_)
      watches_log_ = beside_.files.add(directory_ + "/journal.db-wal");
    const auto lost = beside_.files.find_lost();
    if (lost.empty())
      return "";
    return fail_writing(
      lost +
      " was removed or replaced while it was in use; what is open lies in the file that was "
      "there, so put that one back "
      "before the next start");
  }

  bool write_all_of(const batch& b) {
    if (!begin_.run())
      return false;
    for (const auto& given : b.records) {
      ++last_;
      if (!add_record_.bind(1, last_)
             .bind(2, given.transaction)
             .bind(3, given.kind)
             .bind(4, given.content)
             .bind(5, checksum(last_, given.transaction, given.kind, given.content))
             .run())
        return false;
    }
    if (!b.records.empty() && !give_.bind(1, last_).run())
      return false;
    for (const auto& [purchase, sealed] : b.cards)
      if (!add_card_.bind(1, purchase).bind(2, sealed).bind(3, checksum(purchase, 0, 0, sealed)).run())
        return false;
    for (const auto purchase : b.erased)
      if (!erase_card_.bind(1, purchase).run())
        return false;
    for (const auto& [key, purchase] : b.keys)
      if (!add_key_.bind(1, purchase).bind(2, key).run())
        return false;
    for (const auto purchase : b.forgotten)
      if (!erase_card_.bind(1, purchase).run() || !forget_records_.bind(1, purchase).run() ||
          !forget_key_.bind(1, purchase).run())
        return false;
    return commit_.run();
  }

  // Without a checkpoint at closing: the log may hold pages that were never written.
  std::string fail_writing(std::string problem) {
    sqlite3_db_config(db_->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return problem;
  }

  std::string directory_;
  mutable side_files beside_;
  std::unique_ptr<database> db_;
  std::uint64_t last_;
  statement begin_, commit_, add_record_, give_, add_card_, erase_card_, forget_records_, add_key_,
    forget_key_;
  int log_pages_ = 0;
  bool watches_log_ = false;
  mutable bool has_reserve_ = false;
  std::string broken_;
};

// The journals of the first versions lack this table, so each start makes it where it is missing. Its index
// holds the keys a second time, so a damaged key is detected: SQLite compares the two.
constexpr const char* tables_of_keys = R"(
  CREATE TABLE IF NOT EXISTS keys(purchase INTEGER PRIMARY KEY, key BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS purchases_of_key ON keys(key);
  DELETE FROM keys WHERE purchase NOT IN (SELECT purchase FROM records);
)";

}  // namespace

bool fill_keys(database& db, const std::vector<record>& records,
               const std::function<std::string(const record&)>& key_of) {
  if (!db.execute(tables_of_keys))
    return false;
  std::set<std::uint64_t> known;
  statement all(db, "SELECT purchase FROM keys");
  while (all && all.next())
    known.insert(known.end(), all.number(0));
  if (!all || all.failed())
    return false;
  statement add(db, "INSERT INTO keys(purchase, key) VALUES(?, ?)");
  for (const auto& r : records) {
    if (!key_of || known.contains(r.transaction))
      continue;
    const auto key = key_of(r);
    if (!key.empty() && (!add || !add.bind(1, r.transaction).bind(2, key).run()))
      return false;
  }
  return true;
}

std::unique_ptr<journal_store> use_sqlite_journal(std::string directory, side_files beside,
                                                  std::unique_ptr<database> db, std::uint64_t last) {
  auto journal =
    std::make_unique<sqlite_journal>(std::move(directory), std::move(beside), std::move(db), last);
  if (!journal->is_ready())
    return nullptr;
  return journal;
}

}  // namespace store
