// Looks at a journal without opening it for use: for a check of the configuration.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>

#include "store/journal_files.hpp"
#include "store/sealing.hpp"
#include "store/sqlite_store.hpp"

namespace store {

namespace {

using namespace std::string_view_literals;

constexpr auto sqlite_beginning = "SQLite format 3\0"sv;

std::string fault_of_database(const std::string& path) {
  struct stat is {};
  if (::stat(path.c_str(), &is) != 0)
    return errno == ENOENT ? "" : cannot("look at", path);
  if (auto fault = fault_of_file(path); !fault.empty())
    return fault;
  const auto file = open_private(path, O_RDONLY | O_NONBLOCK);
  if (!file)
    return cannot("read", path);
  std::array<char, sqlite_beginning.size()> begins{};
  const auto count = ::pread(file.get(), begins.data(), begins.size(), 0);
  if (count < 0)
    return cannot("read", path);
  return count == 0 || std::string_view(begins.data(), static_cast<std::size_t>(count)) == sqlite_beginning
           ? ""
           : path + " is not the database of a journal; give another directory";
}

}  // namespace

std::string fault_of_journal(const std::string& directory, const std::string& key_file) {
  if (auto fault = fault_of_directory(directory); !fault.empty())
    return "journal: " + fault;
  if (auto fault = fault_of_lock(directory); !fault.empty())
    return "journal: " + fault;
  if (auto fault = fault_of_database(directory + "/journal.db"); !fault.empty())
    return "journal: " + fault;
  struct stat is {};
  if (::stat(key_file.c_str(), &is) != 0 && errno == ENOENT && !has_journal(directory)) {
    const auto at = directory_of(key_file);
    return at == directory || ::access(at.c_str(), W_OK | X_OK) == 0
             ? ""
             : "journalKeyFile: " + cannot("make a key in", at);
  }
  const auto key = load_key(key_file, false);
  const auto* why = std::get_if<std::string>(&key);
  return why ? "journalKeyFile: " + *why : "";
}

std::string fault_of_whole_journal(const std::string& directory, const std::string& key_file, bool adopt) {
  if (auto fault = fault_of_journal(directory, key_file); !fault.empty())
    return fault;
  const auto key = load_key(key_file, false);
  std::error_code none;
  // Without a key there is no journal yet.
  if (key.index() != 0 || !std::filesystem::is_directory(directory, none))
    return "";
  const auto fault = fault_of_sqlite(directory, std::get<sealer>(key).id(), adopt,
                                     outside_watermark(directory, key_file));
  return fault.empty() ? "" : "journal: " + fault;
}

bool is_in_memory(const std::string& directory) {
  constexpr long tmpfs = 0x01021994, ramfs = 0x858458f6;  // statfs(2)
  std::error_code none;
  auto at = std::filesystem::absolute(directory, none).lexically_normal();
  while (!std::filesystem::exists(at, none) && at.has_relative_path())
    at = at.parent_path();
  struct statfs is {};
  return ::statfs(at.c_str(), &is) == 0 && (is.f_type == tmpfs || is.f_type == ramfs);
}

}  // namespace store
