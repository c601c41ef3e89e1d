// Owning wrappers of SQLite's handles. They know no table.

#include "store/sqlite.hpp"

#include <system_error>

namespace store {

namespace {

std::string as_unchanging_uri(std::string_view path) {
  std::string uri = path.starts_with('/') ? "file://" : "file:";
  for (const char c : path)
    if (c == '%' || c == '?' || c == '#')
      uri += c == '%' ? "%25" : c == '?' ? "%3f" : "%23";
    else
      uri += c;
  return uri + "?immutable=1";
}

}  // namespace

// One thread at a time uses a database, so it needs no lock; nobody asks how much memory it has.
database::database(const std::string& path, use how) {
  [[maybe_unused]] static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* handle = nullptr;
  opened_ = how == use::change
              ? sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr)
              : sqlite3_open_v2(as_unchanging_uri(path).c_str(), &handle,
                                SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(handle);
  if (handle)
    sqlite3_extended_result_codes(handle, 1);
}

bool database::execute(const char* sql) {
  return sqlite3_exec(get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

std::string database::ask(const char* sql) {
  statement asked(*this, sql);
  return asked && asked.next() ? asked.bytes(0) : "";
}

std::string database::problem() const {
  if (!get())
    return "no memory";
  std::string text = sqlite3_errmsg(get());
  const auto code = sqlite3_errcode(get()) & 0xff;
  const auto error = sqlite3_system_errno(get());
  if (error != 0 && (code == SQLITE_IOERR || code == SQLITE_FULL || code == SQLITE_CANTOPEN))
    text += " (" + std::generic_category().message(error) + ")";
  return text;
}

statement::statement(const database& in, const char* sql) {
  sqlite3_stmt* handle = nullptr;
  code_ = sqlite3_prepare_v3(in.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  handle_.reset(handle);
}

statement& statement::bind(int place, std::uint64_t number) {
  if (const auto code = sqlite3_bind_int64(handle_.get(), place, static_cast<sqlite3_int64>(number));
      code != SQLITE_OK)
    code_ = code;
  return *this;
}

statement& statement::bind(int place, std::string_view bytes) {
  if (const auto code = sqlite3_bind_blob64(handle_.get(), place, bytes.data(), bytes.size(), SQLITE_STATIC);
      code != SQLITE_OK)
    code_ = code;
  return *this;
}

bool statement::run() {
  while (next()) {}
  const bool did = !failed();
  // sqlite3_reset repeats the error that is known already.
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
  code_ = SQLITE_OK;
  return did;
}

bool statement::next() {
  if (!failed())
    code_ = sqlite3_step(handle_.get());
  return code_ == SQLITE_ROW;
}

std::string_view statement::view(int column) const {
  const auto* const begin = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return begin ? std::string_view(begin, size) : std::string_view();
}

}  // namespace store
