// Writes the journal in SQLite: a batch is a database transaction, durable when `write` returns.
//
// It never repeats a write. After a failed write or sync the content of the disk is unknown; the next start
// finds out by reading it.

#include "store/sqlite_journal.hpp"

#include <map>
#include <optional>
#include <utility>

#include "store/disk_room.hpp"

namespace store {

namespace {

// The write-ahead log is checkpointed into the database when it has this many pages.
constexpr int log_pages_max = 512;

class sqlite_journal final : public journal_store {
public:
  sqlite_journal(std::string directory, side_files beside, std::unique_ptr<database> db, std::uint64_t last,
                 batch_index index)
    : directory_(std::move(directory)),
      beside_(std::move(beside)),
      db_(std::move(db)),
      last_(last),
      begin_(*db_, "BEGIN IMMEDIATE"),
      commit_(*db_, "COMMIT"),
      add_key_(*db_, "INSERT OR REPLACE INTO keys(purchase, key) VALUES(?, ?)"),
      find_key_(*db_, "SELECT purchase FROM keys WHERE key = ? ORDER BY purchase DESC LIMIT 1"),
      forget_key_(*db_, "DELETE FROM keys WHERE purchase = ?"),
      tables_(*db_, std::move(index)) {
    watches_log_ = beside_.files.add(directory_ + "/journal.db-wal");
    sqlite3_wal_hook(db_->get(), &note_log_pages, this);
  }

  bool is_ready() const { return begin_ && commit_ && add_key_ && find_key_ && forget_key_ && tables_; }

  std::string write(const batch& b) override {
    if (broken_.empty())
      broken_ = b.empty() ? check_files() : try_write(b);
    return broken_;
  }

  found_records find(const std::string& key) override {
    if (!broken_.empty())
      return {broken_};
    const bool is_known = find_key_.bind(1, key).next();
    const auto transaction = is_known ? find_key_.number(0) : 0;
    auto records = find_key_.run() ? tables_.records_of(transaction) : std::nullopt;
    if (!records)
      return {tables_.damage().empty() ? "cannot read the journal in " + directory_ + ": " + db_->problem()
                                       : damage()};
    return {"", is_known ? std::move(*records) : std::vector<record>()};
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
      return fail_writing(tables_.damage().empty()
                            ? "cannot write to the journal in " + directory_ + ": " + db_->problem()
                            : damage());
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
    for (const auto& given : b.records)
      if (!tables_.add(given, ++last_))
        return false;
    for (const auto& [transaction, sealed] : b.cards)
      if (!tables_.add_card(transaction, sealed))
        return false;
    if (!tables_.end_batch() || !tables_.erase_cards(b.erased))
      return false;
    for (const auto& [key, purchase] : b.keys)
      if (!add_key_.bind(1, purchase).bind(2, key).run())
        return false;
    return (b.forgotten.empty() || forget(b.forgotten)) && commit_.run();
  }

  bool forget(const std::vector<std::uint64_t>& transactions) {
    if (!tables_.erase_cards(transactions) || !tables_.forget(transactions) || !tables_.set_given(last_))
      return false;
    for (const auto transaction : transactions)
      if (!forget_key_.bind(1, transaction).run())
        return false;
    return true;
  }

  std::string damage() const { return "the journal in " + directory_ + " is damaged: " + tables_.damage(); }

  // Without a checkpoint at closing: the log may hold pages that were never written.
  std::string fail_writing(std::string problem) {
    sqlite3_db_config(db_->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return problem;
  }

  std::string directory_;
  mutable side_files beside_;
  std::unique_ptr<database> db_;
  std::uint64_t last_;
  statement begin_, commit_, add_key_, find_key_, forget_key_;
  batch_tables tables_;
  int log_pages_ = 0;
  bool watches_log_ = false;
  mutable bool has_reserve_ = false;
  std::string broken_;
};

// The journals of the first versions lack this table, so each start makes it where it is missing. Its index
// holds the keys a second time, so a damaged key is detected: SQLite compares the two. A program that knows
// of no keys leaves those of what it forgets.
constexpr const char* tables_of_keys = R"(
  CREATE TABLE IF NOT EXISTS keys(purchase INTEGER PRIMARY KEY, key BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS purchases_of_key ON keys(key);
)";

}  // namespace

bool fill_keys(database& db, const std::vector<record>& records,
               const std::function<std::string(const record&)>& key_of) {
  if (!db.execute(tables_of_keys))
    return false;
  std::map<std::uint64_t, bool> known;  // whether there are records of it
  statement all(db, "SELECT purchase FROM keys");
  while (all && all.next())
    known.emplace_hint(known.end(), all.number(0), false);
  if (!all || all.failed())
    return false;
  statement add(db, "INSERT INTO keys(purchase, key) VALUES(?, ?)");
  for (const auto& r : records) {
    if (const auto it = known.find(r.transaction); it != known.end())
      it->second = true;
    else if (const auto key = key_of ? key_of(r) : ""; !key.empty())
      if (!add || !add.bind(1, r.transaction).bind(2, key).run())
        return false;
  }
  statement remove(db, "DELETE FROM keys WHERE purchase = ?");
  for (const auto& [transaction, is_there] : known)
    if (!is_there && !(remove && remove.bind(1, transaction).run()))
      return false;
  return true;
}

std::unique_ptr<journal_store> use_sqlite_journal(std::string directory, side_files beside,
                                                  std::unique_ptr<database> db, std::uint64_t last,
                                                  batch_index index) {
  auto journal = std::make_unique<sqlite_journal>(std::move(directory), std::move(beside), std::move(db),
                                                  last, std::move(index));
  if (!journal->is_ready())
    return nullptr;
  return journal;
}

}  // namespace store
