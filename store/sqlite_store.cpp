// Opens the journal that an earlier process has left: locks it, verifies all of it, and refuses what is
// damaged, incomplete, copied or older than it was. It changes nothing until all is verified, and retries
// nothing.

#include "store/sqlite_store.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "store/disk_room.hpp"
#include "store/journal_files.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_batches.hpp"
#include "store/sqlite_contents.hpp"
#include "store/sqlite_journal.hpp"
#include "store/sqlite_schema.hpp"
#include "store/verification.hpp"

namespace store {

namespace {

// All files but the mark, whose name changes.
constexpr std::array file_names = {"journal.db", "journal.db-wal", "journal.db-journal",
                                   "lock",       "watermark",      "reserve"};

constexpr const char* last_resort =
  " (if they are lost for good, clear them up with the bank and start once with --journalAdopt)";

/// One start: from the files to a store, or to the sentence that refuses it.
class opening {
public:
  opening(std::string directory, std::string key_id, bool adopt, const std::string& outside,
          std::function<std::string(const record&)> key_of, std::string key_file)
    : key_of_(std::move(key_of)),
      key_file_(std::move(key_file), key_id),
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
    if (make_durable())
      return problem_;
    return finish();
  }

  // The same without locking, making or changing anything; empty: a start would take the journal.
  std::string look() {
    if (check_files() || read_acknowledged() || find_file() || is_new_)
      return problem_;
    // A transaction to be rolled back is of an interrupted first start, which holds nothing yet. Where there
    // is no log, SQLite would make an empty one.
    if (size_of(path_ + "-journal") != 0)
      return "";
    const auto how = size_of(path_ + "-wal") == 0 ? database::use::look : database::use::change;
    return open_database(how) || (!is_new_ && (check_meta() || check_pages() || load())) ? problem_ : "";
  }

private:
  // Each step returns true where the start is refused; `problem_` has the reason.
  bool problem(std::string sentence) {
    problem_ = std::move(sentence);
    return !problem_.empty();
  }
  bool refuse(const std::string& why) {
    return problem("the journal in " + directory_ + " " + why + "; nothing was changed");
  }
  // A state that only the operator may accept, by --journalAdopt.
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

  // Only this user may change the directory, so the files stay as they are.
  bool check_files() {
    for (const auto* name : file_names)
      if (problem(fault_of_file(directory_ + "/" + name)))
        return true;
    return problem(mark_.find()) || (outside_ && problem(fault_of_file(outside_path_)));
  }

  // A backup's cp or a umask may have opened the files to other users. The directory's mode is not changed:
  // service managers make it readable, and it could be a shared directory that was named by mistake.
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
    // Lists the marks again, now that no other process can rename them.
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

  bool find_file() {
    is_new_ = size_of(path_) == 0;
    if (is_new_ && size_of(path_ + "-wal") != 0)
      return refuse("has lost its file journal.db, but not journal.db-wal; put it back");
    return is_new_ && lost_everything();
  }

  // The watermark is made before the database, so a watermark without a database is not an interrupted first
  // start.
  bool open_file() {
    if (find_file() || !is_new_)
      return !problem_.empty();
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

  // No checkpoint at closing, so that nothing changes until all is verified. There is one connection and no
  // other process, so the log's index needs no shared memory. `synchronous` syncs every commit; fullfsync is
  // for macOS only.
  bool open_database(database::use how = database::use::change) {
    db_ = std::make_unique<database>(path_, how);
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
    if (!db_->execute("BEGIN IMMEDIATE") || !store::make_tables(*db_) || !set_meta("format", newest_format) ||
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
    format_ = meta("format");
    if (format_.empty())
      return refuse("is damaged or no journal: journal.db does not say which format it has");
    if (format_ != newest_format && format_ != row_each_format && format_ != oldest_format)
      return refuse("has format " + format_ + ", and this program reads format " +
                    std::string(newest_format) + "; use the program that wrote it");
    const auto adopted = meta("adopted");
    std::from_chars(adopted.data(), adopted.data() + adopted.size(), result_.what.adopted);
    if (const auto its_key = meta("key_id"); its_key != key_id_)
      return refuse("was sealed with another key (" + its_key + ") than the one that is there (" + key_id_ +
                    "); put the right key back");
    // Checks that this is the same database file, with the same mark. The journals of the first versions have
    // no mark.
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
                                      "reverse what the other approved; if the original "
                                      "is certainly not in use and never will be, start once with "
                                      "--journalAdopt: what is open in it goes onto the list "
                                      "of `socketqueue pending` then"))
      return true;
    return !has_watermark_ && needs_adoption(
                                "has lost its file watermark, so it cannot be told whether it is complete; "
                                "put it back, or, if it "
                                "certainly is, start once with --journalAdopt");
  }

  bool check_pages() {
    statement check(*db_, "PRAGMA integrity_check(1)");
    if (!check || !check.next())
      return sqlite_problem();
    const auto result = check.bytes(0);
    return result != "ok" && refuse("is damaged: SQLite says of journal.db: " + result);
  }

  bool load() {
    if (!read_contents(*db_, format_, contents_))
      return sqlite_problem();
    if (!contents_.fault.empty() && !contents_.has_damaged)
      return refuse(contents_.fault);
    auto& all = contents_.records;
    all.acknowledged = acknowledged_;
    last_ = all.highest;
    const bool missing = all.highest < all.acknowledged;
    if (missing && adopt_) {
      adopted_ = true;
      all.acknowledged = all.highest;
    }
    auto outcome = verify(std::move(all));
    if (auto* why = std::get_if<std::string>(&outcome))
      return refuse("is not complete: " + *why + "; put the newest copy of it back" +
                    (missing ? last_resort : ""));
    verified_ = std::get<verified>(std::move(outcome));
    result_.what.cards = std::move(contents_.cards);
    return !contents_.fault.empty() && refuse(contents_.fault);
  }

  // All is verified: from here on the start changes the journal. What was read may be in the system's memory
  // only, written by a process that was killed before its sync, so it is synced before any actor relies on
  // it.
  bool make_durable() {
    if (!is_new_ && use_log())
      return true;
    const bool needs_mark = !is_new_ && (adopted_ || its_mark_.empty());
    if (needs_mark && make_mark())
      return true;
    const bool is_older = !is_new_ && format_ != newest_format;
    if (!db_->execute("BEGIN IMMEDIATE") || !fill_keys(*db_, verified_.records, key_of_) ||
        !(is_older ? renew() : cut_tail()) || (needs_mark && !set_meta("mark", its_mark_)) ||
        (adopted_ && !set_adopted()) || !db_->execute("COMMIT") ||
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
        why + ", so it will not be detected if the journal's whole disk is set back to an older state");
      outside_.reset();
    }
    return false;
  }

  // What became of the transactions of this journal after it was copied is unknown.
  bool set_adopted() {
    for (const auto& r : verified_.records)
      result_.what.adopted = std::max(result_.what.adopted, r.transaction);
    return set_meta("home", identity_of(path_)) && set_meta("adopted", std::to_string(result_.what.adopted));
  }

  // Batches that verification has cut off. What they had given is not given again.
  bool cut_tail() {
    statement cut(*db_, "DELETE FROM batches WHERE first = ?"), give(*db_, "UPDATE given SET sequence = ?");
    for (const auto first : verified_.cut)
      if (!cut || !give || !cut.bind(1, first).run() || !give.bind(1, last_).run())
        return false;
    return true;
  }

  bool renew() {
    auto index = renew_contents(*db_, verified_.records, result_.what.cards, last_);
    contents_.index = std::move(index).value_or(batch_index());
    return index.has_value() && set_meta("format", newest_format);
  }

  std::variant<opened, std::string> finish() {
    result_.what.records = std::move(verified_.records);
    for (auto& note : verified_.notes)
      result_.notes.push_back(std::move(note));
    side_files beside{std::move(lock_), std::move(watermark_), std::move(outside_), std::move(mark_),
                      std::move(key_file_)};
    beside.files.add(directory_ + "/journal.db", watch::size::only_grows);
    for (const auto* name : {"lock", "watermark"})
      beside.files.add(directory_ + "/" + name);
    auto made =
      use_sqlite_journal(directory_, std::move(beside), std::move(db_), last_, std::move(contents_.index));
    if (!made)
      return "the journal in " + directory_ + " is damaged: it lacks a table or a column";
    result_.store = std::move(made);
    return std::move(result_);
  }

  std::function<std::string(const record&)> key_of_;
  store::key_file key_file_;
  std::string directory_, path_, key_id_;
  bool adopt_;
  std::string problem_, outside_path_;
  file_descriptor lock_;
  watermark watermark_;
  std::optional<watermark> outside_;
  mark mark_;
  bool has_watermark_ = false, is_new_ = false, adopted_ = false;
  std::uint64_t acknowledged_ = 0, last_ = 0;
  std::unique_ptr<database> db_;
  std::string format_, its_mark_;  // as they were found
  sqlite_contents contents_;
  verified verified_;
  opened result_;
};

}  // namespace

std::variant<opened, std::string> open_sqlite(const std::string& directory, const std::string& key_id,
                                              bool adopt, const std::string& outside,
                                              std::function<std::string(const record&)> key_of,
                                              std::string key_file) {
  return opening(directory, key_id, adopt, outside, std::move(key_of), std::move(key_file)).run();
}

std::string fault_of_sqlite(const std::string& directory, const std::string& key_id, bool adopt,
                            const std::string& outside) {
  return opening(directory, key_id, adopt, outside, {}, {}).look();
}

}  // namespace store
