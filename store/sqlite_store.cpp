// Keeps the journal in SQLite: a batch is a transaction, durable when `write` returns. Beside that it does
// one thing only, and that with distrust: it opens what an earlier process has left.
//
// It never tries anything a second time. After a failed write or sync nobody knows what lies on the disk; the
// next start finds out, by reading.

#include "store/sqlite_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>
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
  CREATE TABLE records(sequence INTEGER PRIMARY KEY AUTOINCREMENT, purchase INTEGER NOT NULL,
                       kind INTEGER NOT NULL, content BLOB NOT NULL, check_value INTEGER NOT NULL);
  CREATE INDEX records_of_purchase ON records(purchase);
  CREATE TABLE cards(purchase INTEGER PRIMARY KEY, sealed BLOB NOT NULL, check_value INTEGER NOT NULL);
  CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)";

// The log of SQLite grows to so many pages before they are carried over into the database.
constexpr int log_pages_max = 512;

// Journals of the first programs have no such table, so it is made at every start that lacks it. It has an
// index of its own, so that a flipped bit in a key shows: SQLite compares the two.
constexpr const char* tables_of_keys = R"(
  CREATE TABLE IF NOT EXISTS keys(purchase INTEGER PRIMARY KEY, key BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS purchases_of_key ON keys(key);
  DELETE FROM keys WHERE purchase NOT IN (SELECT purchase FROM records);
)";

// Beside the mark, whose name changes.
constexpr std::array file_names = {"journal.db", "journal.db-wal", "journal.db-journal",
                                   "lock",       "watermark",      "reserve"};

constexpr const char* last_resort =
  " (if they are lost for good, clear them up with the bank and start once with --journalAdopt)";

std::uint64_t check_of(const record& r) { return check_value(r.sequence, r.purchase, r.kind, r.content); }
// Of a row with the columns sequence, purchase, kind and content.
record record_in(const statement& row) {
  return {row.number(0), row.number(1), static_cast<std::uint8_t>(row.number(2)), row.bytes(3)};
}

std::uint64_t check_of_card(std::uint64_t purchase, std::string_view sealed) {
  return check_value(purchase, 0, 0, sealed);
}

// What tells, beside the database, how far it was acknowledged, and that all of it is still in its place.
struct side_files {
  file_descriptor lock = {};
  watermark inside;
  std::optional<watermark> outside;  ///< where the key lies elsewhere
  mark name;
  watch files = {};

  std::string advance(std::uint64_t value) {
    auto problem = inside.advance(value);
    if (problem.empty() && outside)
      problem = outside->advance(value);
    return problem.empty() ? name.advance(value) : problem;
  }
};

class sqlite_store final : public journal_store {
public:
  sqlite_store(std::string directory, side_files beside, std::unique_ptr<database> db, std::uint64_t last)
    : directory_(std::move(directory)),
      beside_(std::move(beside)),
      db_(std::move(db)),
      last_(last),
      begin_(*db_, "BEGIN IMMEDIATE"),
      commit_(*db_, "COMMIT"),
      add_record_(
        *db_, "INSERT INTO records(sequence, purchase, kind, content, check_value) VALUES(?, ?, ?, ?, ?)"),
      add_card_(*db_, "INSERT OR REPLACE INTO cards(purchase, sealed, check_value) VALUES(?, ?, ?)"),
      erase_card_(*db_, "DELETE FROM cards WHERE purchase = ?"),
      forget_records_(*db_, "DELETE FROM records WHERE purchase = ?"),
      add_key_(*db_, "INSERT OR REPLACE INTO keys(purchase, key) VALUES(?, ?)"),
      forget_key_(*db_, "DELETE FROM keys WHERE purchase = ?") {
    watches_log_ = beside_.files.add(directory_ + "/journal.db-wal");
    sqlite3_wal_hook(db_->get(), &note_log_pages, this);
  }

  bool is_ready() const {
    return begin_ && commit_ && add_record_ && add_card_ && erase_card_ && forget_records_ && add_key_ &&
           forget_key_;
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
      if (check_of(found.records.back()) != records.number(4))
        return {"the journal in " + directory_ + " is damaged: record " +
                std::to_string(found.records.back().sequence) + " is not as it was written"};
    }
    if (records.failed())
      return {"cannot read the journal in " + directory_ + ": " + db_->problem()};
    return found;
  }

  bool has_room() const override {
    const auto room = room_of(directory_);
    // It was given back when the disk was full.
    if (room && !has_reserve_)
      has_reserve_ = fill_reserve(directory_, *room);
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
    // What was written to a file that no start will find is not kept.
    if (auto problem = check_files(); !problem.empty())
      return problem;
    if (last_ != before)
      if (auto problem = beside_.advance(last_); !problem.empty())
        return give_up(std::move(problem));
    // SQLite would do this by itself, but says nothing when it fails.
    if (log_pages_ >= log_pages_max &&
        sqlite3_wal_checkpoint_v2(db_->get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr) !=
          SQLITE_OK)
      return give_up("cannot write to the journal in " + directory_ + ": " + db_->problem());
    return "";
  }

  std::string check_files() {
    // SQLite makes its log at the first use at the latest.
    if (!watches_log_)
      watches_log_ = beside_.files.add(directory_ + "/journal.db-wal");
    const auto lost = beside_.files.find_lost();
    if (lost.empty())
      return "";
    return give_up(lost +
                   " was removed or replaced while it was in use; what is open lies in the file that was "
                   "there, so put that one back "
                   "before the next start");
  }

  bool write_all_of(const batch& b) {
    if (!begin_.run())
      return false;
    for (const auto& given : b.records) {
      const record r{++last_, given.purchase, given.kind, given.content};
      if (!add_record_.bind(1, r.sequence)
             .bind(2, r.purchase)
             .bind(3, r.kind)
             .bind(4, r.content)
             .bind(5, check_of(r))
             .run())
        return false;
    }
    for (const auto& [purchase, sealed] : b.cards)
      if (!add_card_.bind(1, purchase).bind(2, sealed).bind(3, check_of_card(purchase, sealed)).run())
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

  // What SQLite would carry over when it closes was perhaps never written.
  std::string give_up(std::string problem) {
    sqlite3_db_config(db_->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return problem;
  }

  std::string directory_;
  side_files beside_;
  std::unique_ptr<database> db_;
  std::uint64_t last_;
  statement begin_, commit_, add_record_, add_card_, erase_card_, forget_records_, add_key_, forget_key_;
  int log_pages_ = 0;
  bool watches_log_ = false;
  mutable bool has_reserve_ = false;
  std::string broken_;
};

/// One start: from the files to a store, or to the sentence that refuses it. Changes nothing until all is
/// verified.
class opening {
public:
  opening(std::string directory, std::string key_id, bool adopt, const std::string& outside,
          std::function<std::string(const record&)> key_of)
    : key_of_(std::move(key_of)),
      directory_(std::move(directory)),
      path_(directory_ + "/journal.db"),
      key_id_(std::move(key_id)),
      adopt_(adopt),
      outside_path_(outside),
      watermark_(directory_ + "/watermark"),
      mark_(directory_) {
    if (!outside.empty())
      outside_.emplace(outside);
  }

  std::variant<opened, std::string> run() {
    if (problem(make_own_directory(directory_)) || check_files() || take_lock())
      return problem_;
    close_files();
    if (auto note = keep_reserve(directory_); !note.empty())
      result_.notes.push_back(std::move(note));
    if (read_acknowledged() || open_file() || open_database())
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
  bool refuse(const std::string& why) {
    return problem("the journal in " + directory_ + " " + why + "; nothing was changed");
  }
  // What only somebody who knows better may accept.
  bool needs_adoption(const std::string& why) {
    adopted_ = adopted_ || adopt_;
    return !adopt_ && refuse(why);
  }
  bool sqlite_problem() {
    switch (sqlite3_errcode(db_->get()) & 0xff) {
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
      case SQLITE_SCHEMA:
      case SQLITE_ERROR: return refuse("is damaged: SQLite says of journal.db: " + db_->problem());
      default: return problem("cannot open the journal in " + directory_ + ": " + db_->problem());
    }
  }

  // Nobody else may change the directory, so they stay what they are now.
  bool check_files() {
    for (const auto* name : file_names)
      if (problem(fault_of_file(directory_ + "/" + name)))
        return true;
    return problem(mark_.find()) || (outside_ && problem(fault_of_file(outside_path_)));
  }

  // A backup's cp or an umask may have opened them. The directory may be readable, as service managers make
  // it, and is let alone: it could be one that others need, named by mistake.
  void close_files() {
    const auto close = [this](const std::string& path) {
      if (close_to_others(path))
        result_.notes.push_back(path + " could be read by others; now its owner alone can");
    };
    for (const auto* name : file_names)
      close(directory_ + "/" + name);
    for (const auto& path : mark_.paths())
      close(path);
    if (outside_)
      close(outside_path_);
  }

  bool read_acknowledged() {
    // Again, now that no other process gives them other names.
    if (problem(mark_.find()))
      return true;
    const auto inside = watermark_.read();
    has_watermark_ = inside.has_value();
    const auto outside = outside_ ? outside_->read() : std::nullopt;
    acknowledged_ = std::max({inside.value_or(0), outside.value_or(0), mark_.read().value_or(0)});
    return false;
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
    if (!has_watermark_ && problem(watermark_.begin(0)))
      return true;
    if (!open_private(path_, O_RDWR | O_CREAT))
      return problem(cannot("make", path_));
    return problem(sync_directory(directory_));
  }

  bool lost_everything() {
    const auto count = std::exchange(acknowledged_, 0);
    return count != 0 && needs_adoption("is empty, although " + std::to_string(count) +
                                        " records were acknowledged; put journal.db back" + last_resort);
  }

  // Until all is verified, closing it changes nothing. There is one connection and no other process, so what
  // it knows of its log needs no shared memory. `synchronous` makes every commit a sync; fullfsync is for
  // macOS alone.
  bool open_database() {
    db_ = std::make_unique<database>(path_);
    if (!*db_ || sqlite3_db_config(db_->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr) != SQLITE_OK)
      return sqlite_problem();
    if (!db_->execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA secure_delete = "
                      "ON; PRAGMA temp_store = MEMORY;"
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
    if (use_log() || make_mark())
      return true;
    if (!db_->execute("BEGIN IMMEDIATE") || !db_->execute(tables) || !set_meta("format", format) ||
        !set_meta("key_id", key_id_) || !set_meta("home", identity_of(path_)) ||
        !set_meta("mark", its_mark_) || !db_->execute("COMMIT"))
      return sqlite_problem();
    return false;
  }

  bool make_mark() {
    its_mark_ = mark_.make();
    return its_mark_.empty() && problem(cannot("make a file in", directory_));
  }

  bool use_log() {
    if (const auto mode = db_->ask("PRAGMA journal_mode = WAL"); mode != "wal")
      return problem("cannot open the journal in " + directory_ +
                     ": SQLite cannot keep a write-ahead log there (it says " +
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

  bool check_meta() {
    const auto its_format = meta("format");
    if (its_format.empty())
      return refuse("is damaged or no journal: journal.db does not say which format it has");
    if (its_format != format)
      return refuse("has format " + its_format + ", and this program reads format " + format +
                    "; use the program that wrote it");
    const auto adopted = meta("adopted");
    std::from_chars(adopted.data(), adopted.data() + adopted.size(), result_.what.adopted);
    if (const auto its_key = meta("key_id"); its_key != key_id_)
      return refuse("was sealed with another key (" + its_key + ") than the one that is there (" + key_id_ +
                    "); put the right key back");
    // Its own file, and the file whose name tells how far it was acknowledged. Journals of the first programs
    // have no such name.
    its_mark_ = meta("mark");
    const bool is_its_own = is_same_file(meta("home"), identity_of(path_));
    if (is_its_own && !its_mark_.empty() && mark_.paths().empty() &&
        needs_adoption(
          "has lost its file acknowledged.NUMBER, whose name tells how far it was acknowledged; if it "
          "was moved away, move that very file back, for a copy does not count; if it is gone, and "
          "the journal certainly is the last and whole one, start once with --journalAdopt: what is "
          "open in it goes onto the list of `socketqueue pending` then"))
      return true;
    const bool is_at_home = is_its_own && (its_mark_.empty() ? mark_.none() : mark_.take(its_mark_));
    if (!is_at_home && needs_adoption("was copied or restored, and two programs on one journal would each "
                                      "undo what the other did; if the original "
                                      "is certainly not in use and never will be, start once with "
                                      "--journalAdopt: what is open in it goes onto the list "
                                      "of `socketqueue pending` then"))
      return true;
    return !has_watermark_ &&
           needs_adoption(
             "has lost its file watermark, so nobody can tell whether it is complete; put it back, or, if it "
             "certainly is, start once with --journalAdopt");
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
    all.acknowledged = acknowledged_;
    statement highest(*db_, "SELECT seq FROM sqlite_sequence WHERE name = 'records'");
    if (highest && highest.next())
      all.highest = highest.number(0);
    statement records(*db_,
                      "SELECT sequence, purchase, kind, content, check_value FROM records ORDER BY sequence");
    while (records && records.next()) {
      auto r = record_in(records);
      const bool intact = check_of(r) == records.number(4) && r.kind == records.number(2);
      all.records.push_back({std::move(r), intact});
    }
    if (!highest || highest.failed() || !records || records.failed())
      return sqlite_problem();
    last_ = all.highest;
    if (!all.records.empty() && all.records.back().what.sequence > last_)
      return refuse("is damaged: it holds record " + std::to_string(all.records.back().what.sequence) +
                    ", but has only given " + std::to_string(last_));
    const bool missing = all.highest < all.acknowledged;
    if (missing && adopt_) {
      adopted_ = true;
      all.acknowledged = all.highest;
    }
    auto outcome = verify(std::move(all));
    if (auto* why = std::get_if<std::string>(&outcome))
      return refuse("is not complete: " + *why + "; put the newest copy of it back" +
                    (missing ? last_resort : ""));
    believed_ = std::get<verified>(std::move(outcome));
    return load_cards();
  }

  bool load_cards() {
    statement cards(*db_, "SELECT purchase, sealed, check_value FROM cards");
    while (cards && cards.next()) {
      const auto purchase = cards.number(0);
      auto sealed = cards.bytes(1);
      if (check_of_card(purchase, sealed) != cards.number(2))
        return refuse("is not complete: the card data of purchase " + std::to_string(purchase) +
                      " is damaged; put the newest copy of it back");
      result_.what.cards.emplace(purchase, std::move(sealed));
    }
    return (!cards || cards.failed()) && sqlite_problem();
  }

  // All is verified: from here on the journal is changed. What was read may lie in the system's memory alone,
  // written by a process that was killed before its sync; whoever acts on it must be able to rely on it, so
  // it goes to the disk first.
  bool settle() {
    if (!is_new_ && use_log())
      return true;
    const bool needs_mark = !is_new_ && (adopted_ || its_mark_.empty());
    if (needs_mark && make_mark())
      return true;
    if (!db_->execute("BEGIN IMMEDIATE") || !cut_tail() || !fill_keys() ||
        (needs_mark && !set_meta("mark", its_mark_)) || (adopted_ && !set_adopted()) ||
        !db_->execute("COMMIT") ||
        sqlite3_wal_checkpoint_v2(db_->get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) !=
          SQLITE_OK)
      return sqlite_problem();
    if (sqlite3_db_config(db_->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr) != SQLITE_OK)
      return sqlite_problem();
    if (problem(watermark_.begin(last_)) || problem(mark_.begin(last_)) ||
        problem(sync_directory(directory_)))
      return true;
    if (const auto why = outside_ ? outside_->begin(last_) : ""; !why.empty()) {
      result_.notes.push_back(
        why + ", so nobody will notice should the whole disk of the journal be set back to an older state");
      outside_.reset();
    }
    return false;
  }

  // What became of its purchases since it was copied nobody knows.
  bool set_adopted() {
    for (const auto& r : believed_.records)
      result_.what.adopted = std::max(result_.what.adopted, r.purchase);
    return set_meta("home", identity_of(path_)) && set_meta("adopted", std::to_string(result_.what.adopted));
  }

  bool cut_tail() {
    statement cut(*db_, "DELETE FROM records WHERE sequence = ?");
    for (const auto sequence : believed_.cut)
      if (!cut || !cut.bind(1, sequence).run())
        return false;
    return true;
  }

  // An earlier program may have used the journal in between, which knows of no keys.
  bool fill_keys() {
    if (!db_->execute(tables_of_keys))
      return false;
    std::set<std::uint64_t> known;
    statement all(*db_, "SELECT purchase FROM keys");
    while (all && all.next())
      known.insert(known.end(), all.number(0));
    if (!all || all.failed())
      return false;
    statement add(*db_, "INSERT INTO keys(purchase, key) VALUES(?, ?)");
    for (const auto& r : believed_.records) {
      if (!key_of_ || known.contains(r.purchase))
        continue;
      const auto key = key_of_(r);
      if (!key.empty() && (!add || !add.bind(1, r.purchase).bind(2, key).run()))
        return false;
    }
    return true;
  }

  std::variant<opened, std::string> finish() {
    result_.what.records = std::move(believed_.records);
    for (auto& note : believed_.notes)
      result_.notes.push_back(std::move(note));
    side_files beside{std::move(lock_), std::move(watermark_), std::move(outside_), std::move(mark_)};
    for (const auto* name : {"journal.db", "lock", "watermark"})
      beside.files.add(directory_ + "/" + name);
    auto made = std::make_unique<sqlite_store>(directory_, std::move(beside), std::move(db_), last_);
    if (!made->is_ready())
      return "the journal in " + directory_ + " is damaged: it lacks a table or a column";
    result_.store = std::move(made);
    return std::move(result_);
  }

  std::function<std::string(const record&)> key_of_;
  std::string directory_, path_, key_id_;
  bool adopt_;
  std::string problem_, outside_path_;
  file_descriptor lock_;
  watermark watermark_;
  std::optional<watermark> outside_;
  mark mark_;
  bool has_watermark_ = false;
  std::uint64_t acknowledged_ = 0;
  std::unique_ptr<database> db_;
  bool is_new_ = false;
  bool adopted_ = false;
  std::string its_mark_;
  std::uint64_t last_ = 0;
  verified believed_;
  opened result_;
};

}  // namespace

bool has_journal(const std::string& directory) {
  std::error_code ignored;
  return std::filesystem::exists(directory + "/journal.db", ignored) ||
         std::filesystem::exists(directory + "/watermark", ignored);
}

std::string outside_watermark(const std::string& directory, const std::string& key_file) {
  std::error_code ignored;
  const auto home = std::filesystem::weakly_canonical(directory, ignored);
  if (std::filesystem::weakly_canonical(directory_of(key_file), ignored) == home)
    return "";
  // One key may serve several journals.
  std::array<char, 17> id{};
  std::snprintf(id.data(), id.size(), "%016" PRIx64, check_value(0, 0, 0, home.string()));
  return key_file + "." + id.data() + ".watermark";
}

std::variant<opened, std::string> open_sqlite(const std::string& directory, const std::string& key_id,
                                              bool adopt, const std::string& outside,
                                              std::function<std::string(const record&)> key_of) {
  return opening(directory, key_id, adopt, outside, std::move(key_of)).run();
}

}  // namespace store
