// SQLite's handles with an owner. Whatever fails says so once; why stands in the database's `problem`.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace store {

class database {
public:
  /// Opens an existing file; whether it is a database shows at the first use.
  explicit database(const std::string& path);

  explicit operator bool() const { return opened_ == SQLITE_OK; }
  sqlite3* get() const { return handle_.get(); }

  /// For statements without parameters whose rows nobody needs.
  bool execute(const char* sql);

  /// The first column of the first row as text; empty where there is none or it fails.
  std::string ask(const char* sql);

  /// What SQLite and the system said last: "disk I/O error (Input/output error)".
  std::string problem() const;

private:
  struct closer {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  int opened_ = SQLITE_OK;
  std::unique_ptr<sqlite3, closer> handle_;
};

/// Prepared once, run many times. Dies before its database.
class statement {
public:
  statement() = default;
  statement(const database& in, const char* sql);

  explicit operator bool() const { return handle_ != nullptr; }

  statement& bind(int place, std::uint64_t number);
  /// Not copied: they must live until it has run.
  statement& bind(int place, std::string_view bytes);

  /// To its end; false where it or one of its bindings failed. What was bound is let go.
  bool run();

  /// The next row; false: there is none, or it has failed.
  bool next();
  bool failed() const { return code_ != SQLITE_OK && code_ != SQLITE_ROW && code_ != SQLITE_DONE; }

  std::uint64_t number(int column) const {
    return static_cast<std::uint64_t>(sqlite3_column_int64(handle_.get(), column));
  }
  std::string bytes(int column) const;

private:
  struct closer {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, closer> handle_;
  int code_ = SQLITE_OK;
};

}  // namespace store
