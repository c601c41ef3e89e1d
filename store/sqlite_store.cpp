// Keeps the journal in SQLite: a batch is a transaction, durable when `write` returns. Beside that it does one
// thing only, and that with distrust: it opens what an earlier process has left.
//
// It never tries anything a second time. After a failed write or sync nobody knows what lies on the disk; the
// next start finds out, by reading.

#include "store/sqlite_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "store/check_value.hpp"
#include "store/journal_files.hpp"
#include "store/sqlite.hpp"
#include "store/verification.hpp"

namespace store {

namespace {

constexpr const char* format = "1";

// AUTOINCREMENT keeps the highest sequence ever given in sqlite_sequence, so none is given twice.
constexpr const char* tables = R"(
  CREATE TABLE records(sequence INTEGER PRIMARY KEY AUTOINCREMENT, purchase INTEGER NOT NULL, kind INTEGER NOT NULL,
                       content BLOB NOT NULL, check_value INTEGER NOT NULL);
  CREATE INDEX records_of_purchase ON records(purchase);
  CREATE TABLE cards(purchase INTEGER PRIMARY KEY, sealed BLOB NOT NULL, check_value INTEGER NOT NULL);
  CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)";

// The log of SQLite grows to so many pages before they are carried over into the database.
constexpr int log_pages_max = 512;

std::uint64_t check_of(const record& r) { return check_value(r.sequence, r.purchase, r.kind, r.content); }
std::uint64_t check_of_card(std::uint64_t purchase, std::string_view sealed) { return check_value(purchase, 0, 0, sealed); }

// "number" or "number birth": not every system knows when a file was born, and another kernel may begin to.
bool is_same_home(const std::string& one, const std::string& other) {
  const auto& longer = one.size() < other.size() ? other : one;
  const auto& shorter = one.size() < other.size() ? one : other;
  return longer == shorter || (!shorter.empty() && shorter.find(' ') == std::string::npos && longer.starts_with(shorter + " "));
}

class sqlite_store final : public journal_store {
public:
  sqlite_store(std::string directory, file_descriptor lock, std::unique_ptr<database> db, watermark acknowledged, std::uint64_t last)
      : directory_(std::move(directory)), lock_(std::move(lock)), db_(std::move(db)), acknowledged_(std::move(acknowledged)), last_(last),
        begin_(*db_, "BEGIN IMMEDIATE"), commit_(*db_, "COMMIT"),
        add_record_(*db_, "INSERT INTO records(sequence, purchase, kind, content, check_value) VALUES(?, ?, ?, ?, ?)"),
        add_card_(*db_, "INSERT OR REPLACE INTO cards(purchase, sealed, check_value) VALUES(?, ?, ?)"),
        erase_card_(*db_, "DELETE FROM cards WHERE purchase = ?"), forget_records_(*db_, "DELETE FROM records WHERE purchase = ?") {
    sqlite3_wal_hook(db_->get(), &note_log_pages, this);
  }

  bool is_ready() const { return begin_ && commit_ && add_record_ && add_card_ && erase_card_ && forget_records_; }

  std::string write(const batch& b) override {
    if (broken_.empty() && !b.empty())
      broken_ = try_write(b);
    return broken_;
  }

  bool has_room() const override {
    const auto room = room_of(directory_);
    return room && room->enough();
  }

private:
  static int note_log_pages(void* self, sqlite3*, const char*, int pages) {
    static_cast<sqlite_store*>(self)->log_pages_ = pages;
    return SQLITE_OK;
  }

  std::string try_write(const batch& b) {
    const auto before = last_;
    if (!write_all_of(b))
      return give_up("cannot write to the journal in " + directory_ + ": " + db_->problem());
    if (last_ != before)
      if (auto problem = acknowledged_.advance(last_); !problem.empty())
        return give_up(std::move(problem));
    // SQLite would do this by itself, but says nothing when it fails.
    if (log_pages_ >= log_pages_max &&
        sqlite3_wal_checkpoint_v2(db_->get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr) != SQLITE_OK)
      return give_up("cannot write to the journal in " + directory_ + ": " + db_->problem());
    return "";
  }

  bool write_all_of(const batch& b) {
    if (!begin_.run())
      return false;
    for (const auto& given : b.records) {
      const record r{++last_, given.purchase, given.kind, given.content};
      if (!add_record_.bind(1, r.sequence).bind(2, r.purchase).bind(3, r.kind).bind(4, r.content).bind(5, check_of(r)).run())
        return false;
    }
    for (const auto& [purchase, sealed] : b.cards)
      if (!add_card_.bind(1, purchase).bind(2, sealed).bind(3, check_of_card(purchase, sealed)).run())
        return false;
    for (const auto purchase : b.erased)
      if (!erase_card_.bind(1, purchase).run())
        return false;
    for (const auto purchase : b.forgotten)
      if (!erase_card_.bind(1, purchase).run() || !forget_records_.bind(1, purchase).run())
        return false;
    return commit_.run();
  }

  // What SQLite would carry over when it closes was perhaps never written.
  std::string give_up(std::string problem) {
    sqlite3_db_config(db_->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return problem;
  }

  std::string directory_;
  file_descriptor lock_;
  std::unique_ptr<database> db_;
  watermark acknowledged_;
  std::uint64_t last_;
  statement begin_, commit_, add_record_, add_card_, erase_card_, forget_records_;
  int log_pages_ = 0;
  std::string broken_;
};

/// One start: from the files to a store, or to the sentence that refuses it. Changes nothing until all is verified.
class opening {
public:
  opening(std::string directory, std::string key_id, bool adopt)
      : directory_(std::move(directory)), path_(directory_ + "/journal.db"), key_id_(std::move(key_id)), adopt_(adopt),
        watermark_(directory_ + "/watermark") {}

  std::variant<opened, std::string> run() {
    if (problem(make_directory(directory_)) || take_lock())
      return problem_;
    if (auto note = keep_reserve(directory_); !note.empty())
      result_.notes.push_back(std::move(note));
    acknowledged_ = watermark_.read();
    if (open_file() || open_database())
      return problem_;
    if (is_new_ ? make_tables() : (check_meta() || check_pages() || load()))
      return problem_;
    if (settle())
      return problem_;
    return finish();
  }

private:
  // Each step tells whether the start ends here; why stands in `problem_`.
  bool problem(std::string sentence) {
    problem_ = std::move(sentence);
    return !problem_.empty();
  }
  bool refuse(const std::string& why) { return problem("the journal in " + directory_ + " " + why + "; nothing was changed"); }
  bool sqlite_problem() {
    switch (sqlite3_errcode(db_->get()) & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR:
      return refuse("is damaged: SQLite says of journal.db: " + db_->problem());
    default:
      return problem("cannot open the journal in " + directory_ + ": " + db_->problem());
    }
  }

  bool take_lock() {
    auto taken = lock_directory(directory_);
    if (auto* sentence = std::get_if<std::string>(&taken))
      return problem(std::move(*sentence));
    lock_ = std::get<file_descriptor>(std::move(taken));
    return false;
  }

  // The watermark comes before the database, so one without the other is no accident of a first start.
  bool open_file() {
    struct stat is {};
    is_new_ = ::stat(path_.c_str(), &is) != 0 || is.st_size == 0;
    if (!is_new_)
      return false;
    std::error_code none;
    if (const auto size = std::filesystem::file_size(path_ + "-wal", none); !none && size > 0)
      return refuse("has lost its file journal.db, but not journal.db-wal; put it back");
    if (lost_everything())
      return true;
    if (!acknowledged_ && problem(watermark_.begin(0)))
      return true;
    acknowledged_ = 0;
    if (!open_private(path_, O_RDWR | O_CREAT))
      return problem(cannot("make", path_));
    return problem(sync_directory(directory_));
  }

  bool lost_everything() {
    if (acknowledged_.value_or(0) == 0)
      return false;
    return refuse("is empty, although " + std::to_string(*acknowledged_) + " records were acknowledged; put journal.db back" + last_resort());
  }

  std::string last_resort() const {
    return " (if they are lost for good, clear them up with the bank, then remove " + directory_ +
           "/watermark and start once with --journalAdopt)";
  }

  // Until all is verified, closing it changes nothing. There is one connection and no other process, so what it knows of
  // its log needs no shared memory. `synchronous` makes every commit a sync; fullfsync is for macOS alone.
  bool open_database() {
    db_ = std::make_unique<database>(path_);
    if (!*db_ || sqlite3_db_config(db_->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr) != SQLITE_OK)
      return sqlite_problem();
    if (!db_->execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;"
                      "PRAGMA wal_autocheckpoint = 0; PRAGMA trusted_schema = OFF"))
      return sqlite_problem();
    statement any(*db_, "SELECT 1 FROM sqlite_schema");
    const bool has_tables = any && any.next();
    if (!any || any.failed())
      return sqlite_problem();
    is_new_ = !has_tables;
    return is_new_ && lost_everything();
  }

  bool make_tables() {
    home_ = home_of_file();
    if (use_log())
      return true;
    if (!db_->execute("BEGIN IMMEDIATE") || !db_->execute(tables) || !set_meta("format", format) || !set_meta("key_id", key_id_) ||
        !set_meta("home", home_) || !db_->execute("COMMIT"))
      return sqlite_problem();
    return false;
  }

  bool use_log() {
    if (const auto mode = db_->ask("PRAGMA journal_mode = WAL"); mode != "wal")
      return problem("cannot open the journal in " + directory_ + ": SQLite cannot keep a write-ahead log there (it says " +
                     (mode.empty() ? db_->problem() : mode) + "); use a directory on a local disk");
    return false;
  }

  bool set_meta(std::string_view name, std::string_view value) {
    statement set(*db_, "INSERT OR REPLACE INTO meta(name, value) VALUES(CAST(? AS TEXT), CAST(? AS TEXT))");
    return set && set.bind(1, name).bind(2, value).run();
  }

  std::string meta(std::string_view name) {
    statement get(*db_, "SELECT value FROM meta WHERE name = CAST(? AS TEXT)");
    return get && get.bind(1, name).next() ? get.bytes(0) : "";
  }

  // A copy has another number or another moment of birth, even where it has taken the place of the original.
  std::string home_of_file() const {
    struct statx is {};
    if (::statx(AT_FDCWD, path_.c_str(), 0, STATX_INO | STATX_BTIME, &is) != 0)
      return "";
    auto home = std::to_string(is.stx_ino);
    if ((is.stx_mask & STATX_BTIME) != 0)
      home += " " + std::to_string(is.stx_btime.tv_sec) + "." + std::to_string(is.stx_btime.tv_nsec);
    return home;
  }

  bool check_meta() {
    const auto its_format = meta("format");
    if (its_format.empty())
      return refuse("is damaged or no journal: journal.db does not say which format it has");
    if (its_format != format)
      return refuse("has format " + its_format + ", and this program reads format " + format + "; use the program that wrote it");
    if (const auto its_key = meta("key_id"); its_key != key_id_)
      return refuse("was sealed with another key (" + its_key + ") than the one that is there (" + key_id_ + "); put the right key back");
    home_ = home_of_file();
    if (!is_same_home(meta("home"), home_) && !adopt_)
      return refuse("was copied or restored, and two programs on one journal would each undo what the other did; if the original is "
                    "certainly not in use and never will be, start once with --journalAdopt");
    if (!acknowledged_ && !adopt_)
      return refuse("has lost its file watermark, so nobody can tell whether it is complete; put it back, or, if it certainly is, "
                    "start once with --journalAdopt");
    return false;
  }

  bool check_pages() {
    statement check(*db_, "PRAGMA integrity_check(1)");
    if (!check || !check.next())
      return sqlite_problem();
    const auto said = check.bytes(0);
    return said != "ok" && refuse("is damaged: SQLite says of journal.db: " + said);
  }

  bool load() {
    found all;
    all.acknowledged = acknowledged_.value_or(0);
    statement highest(*db_, "SELECT seq FROM sqlite_sequence WHERE name = 'records'");
    if (highest && highest.next())
      all.highest = highest.number(0);
    statement records(*db_, "SELECT sequence, purchase, kind, content, check_value FROM records ORDER BY sequence");
    while (records && records.next()) {
      record r{records.number(0), records.number(1), static_cast<std::uint8_t>(records.number(2)), records.bytes(3)};
      const bool intact = check_of(r) == records.number(4) && r.kind == records.number(2);
      all.records.push_back({std::move(r), intact});
    }
    if (!highest || highest.failed() || !records || records.failed())
      return sqlite_problem();
    last_ = all.highest;
    if (!all.records.empty() && all.records.back().what.sequence > last_)
      return refuse("is damaged: it holds record " + std::to_string(all.records.back().what.sequence) + ", but has only given " +
                    std::to_string(last_));
    const bool missing = all.highest < all.acknowledged;
    auto outcome = verify(std::move(all));
    if (auto* why = std::get_if<std::string>(&outcome))
      return refuse("is not complete: " + *why + "; put the newest copy of it back" + (missing ? last_resort() : ""));
    believed_ = std::get<verified>(std::move(outcome));
    return load_cards();
  }

  bool load_cards() {
    statement cards(*db_, "SELECT purchase, sealed, check_value FROM cards");
    while (cards && cards.next()) {
      const auto purchase = cards.number(0);
      auto sealed = cards.bytes(1);
      if (check_of_card(purchase, sealed) != cards.number(2))
        return refuse("is not complete: the card data of purchase " + std::to_string(purchase) + " is damaged; put the newest copy of it back");
      result_.what.cards.emplace(purchase, std::move(sealed));
    }
    return (!cards || cards.failed()) && sqlite_problem();
  }

  // All is verified: from here on the journal is changed. What was read may lie in the system's memory alone, written by a
  // process that was killed before its sync; whoever acts on it must be able to rely on it, so it goes to the disk first.
  bool settle() {
    if (!is_new_ && use_log())
      return true;
    if (!cut_tail() || (adopt_ && !set_meta("home", home_)) ||
        sqlite3_wal_checkpoint_v2(db_->get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) != SQLITE_OK)
      return sqlite_problem();
    if (sqlite3_db_config(db_->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr) != SQLITE_OK)
      return sqlite_problem();
    return problem(watermark_.begin(last_)) || problem(sync_directory(directory_));
  }

  bool cut_tail() {
    statement cut(*db_, "DELETE FROM records WHERE sequence = ?");
    for (const auto sequence : believed_.cut)
      if (!cut || !cut.bind(1, sequence).run())
        return false;
    return true;
  }

  std::variant<opened, std::string> finish() {
    result_.what.records = std::move(believed_.records);
    for (auto& note : believed_.notes)
      result_.notes.push_back(std::move(note));
    auto made = std::make_unique<sqlite_store>(directory_, std::move(lock_), std::move(db_), std::move(watermark_), last_);
    if (!made->is_ready())
      return "the journal in " + directory_ + " is damaged: it lacks a table or a column";
    result_.store = std::move(made);
    return std::move(result_);
  }

  std::string directory_, path_, key_id_;
  bool adopt_;
  std::string problem_;
  file_descriptor lock_;
  watermark watermark_;
  std::optional<std::uint64_t> acknowledged_;
  std::unique_ptr<database> db_;
  bool is_new_ = false;
  std::string home_;
  std::uint64_t last_ = 0;
  verified believed_;
  opened result_;
};

} // namespace

bool has_journal(const std::string& directory) {
  std::error_code ignored;
  return std::filesystem::exists(directory + "/journal.db", ignored) || std::filesystem::exists(directory + "/watermark", ignored);
}

std::variant<opened, std::string> open_sqlite(const std::string& directory, const std::string& key_id, bool adopt) {
  return opening(directory, key_id, adopt).run();
}

} // namespace store
