// Owning wrappers of SQLite's handles. A failed call returns false; `database::problem` says why.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace store {

class database {
public:
  enum class use : std::uint8_t {
    change,
    look,  ///< makes and locks no file, and passes over a write-ahead log; nobody may write meanwhile
  };

  /// Opens an existing file. Whether it is a database shows at the first use.
  explicit database(const std::string& path, use how = use::change);

  explicit operator bool() const { return opened_ == SQLITE_OK; }
  sqlite3* get() const { return handle_.get(); }

  /// Runs a statement without parameters and ignores its rows.
  bool execute(const char* sql);

  /// The first column of the first row as text; empty where there is none or the statement fails.
  std::string ask(const char* sql);

  /// The last error of SQLite and the system: "disk I/O error (Input/output error)".
  std::string problem() const;

private:
  struct closer {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  int opened_ = SQLITE_OK;
  std::unique_ptr<sqlite3, closer> handle_;
};

/// A prepared statement, run any number of times. Must be destroyed before its database.
class statement {
public:
  statement() = default;
  statement(const database& in, const char* sql);

  explicit operator bool() const { return handle_ != nullptr; }

  statement& bind(int place, std::uint64_t number);
  /// The bytes are not copied: they must stay valid until the statement has run.
  statement& bind(int place, std::string_view bytes);

  /// Runs to the end; false where it or one of its bindings failed. Clears the bindings.
  bool run();

  /// Steps to the next row; false: there is none, or it failed.
  bool next();
  bool failed() const { return code_ != SQLITE_OK && code_ != SQLITE_ROW && code_ != SQLITE_DONE; }

  std::uint64_t number(int column) const {
    return static_cast<std::uint64_t>(sqlite3_column_int64(handle_.get(), column));
  }
  std::string bytes(int column) const { return std::string(view(column)); }
  /// Valid until the next step or run.
  std::string_view view(int column) const;

private:
  struct closer {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, closer> handle_;
  int code_ = SQLITE_OK;
};

}  // namespace store
