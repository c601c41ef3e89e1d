// The lock, the watermark and the mark. None of them holds a record: without the database they are useless,
// and the database can be read without them.

#include "store/journal_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "store/check_value.hpp"

namespace store {

namespace {

// 4096 bytes apart, so that no disk writes both in one sector.
constexpr std::array<long, 2> places = {0, 4096};
constexpr std::string_view mark_prefix = "acknowledged.";
constexpr std::string_view unnumbered = "new";

constexpr std::size_t line_length = 20 + 1 + 16 + 1;

std::string line_of(std::uint64_t value) {
  std::array<char, line_length + 1> text{};
  std::snprintf(text.data(), text.size(), "%020" PRIu64 " %016" PRIx64 "\n", value,
                check_value(value, 0, 0, "watermark"));
  return {text.data(), line_length};
}

std::optional<std::uint64_t> value_at(int file, long place) {
  std::array<char, line_length> text{};
  if (::pread(file, text.data(), text.size(), place) != static_cast<ssize_t>(text.size()))
    return std::nullopt;
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + 20, value);
  return line_of(value) == std::string_view(text.data(), text.size()) ? std::optional(value) : std::nullopt;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string holder_of(int lock) {
  std::array<char, 32> text{};
  const auto count = ::pread(lock, text.data(), text.size(), 0);
  std::uint64_t pid = 0;
  std::from_chars(text.data(), text.data() + std::max<ssize_t>(count, 0), pid);
  return pid == 0 ? "" : " (process " + std::to_string(pid) + ")";
}

std::string take_lock(const file_descriptor& lock, const std::string& directory) {
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0)
    return "";
  if (errno != EWOULDBLOCK)
    return cannot("lock", directory + "/lock");
  return "another socketqueue" + holder_of(lock.get()) + " uses the journal in " + directory +
         "; end it first, or give this one a directory of its own";
}

}  // namespace

std::string fault_of_lock(const std::string& directory) {
  const auto lock = open_private(directory + "/lock", O_RDONLY);
  if (!lock)
    return errno == ENOENT ? "" : cannot("open", directory + "/lock");
  return take_lock(lock, directory);
}

// A line of /proc/locks: "1: FLOCK  ADVISORY  WRITE 1234 fe:00:11067452 0 EOF", the device in hexadecimal.
std::uint64_t user_of(const std::string& directory) {
  struct stat file {};
  if (::stat((directory + "/lock").c_str(), &file) != 0)
    return 0;
  std::array<char, 64> place{};
  std::snprintf(place.data(), place.size(), "%02x:%02x:%ju", major(file.st_dev), minor(file.st_dev),
                static_cast<std::uintmax_t>(file.st_ino));
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, kind, manner, way, where;
    std::int64_t process = 0;
    if (words >> number >> kind >> manner >> way >> process >> where && kind == "FLOCK" &&
        where == place.data() && process > 0)
      return static_cast<std::uint64_t>(process);
  }
  return 0;
}

std::variant<file_descriptor, std::string> lock_directory(const std::string& directory) {
  const auto path = directory + "/lock";
  if (auto fault = fault_of_file(path); !fault.empty())
    return fault;
  auto lock = open_private(path, O_RDWR | O_CREAT);
  if (!lock)
    return cannot("open", path);
  if (auto fault = take_lock(lock, directory); !fault.empty())
    return fault;
  // The process id in the lock is for people only, so a write error is ignored. Its length is fixed, so that
  // rewriting it needs no more room.
  std::array<char, 16> text{};
  const auto count = std::snprintf(text.data(), text.size(), "%-10ld\n", static_cast<long>(::getpid()));
  write_all(lock.get(), {text.data(), static_cast<std::size_t>(count)}, 0);
  return lock;
}

std::optional<std::uint64_t> watermark::read() const {
  const auto file = open_private(path_, O_RDONLY);
  if (!file)
    return std::nullopt;
  std::optional<std::uint64_t> highest;
  for (const auto place : places)
    if (const auto value = value_at(file.get(), place))
      highest = std::max(highest.value_or(0), *value);
  return highest;
}

std::string watermark::begin(std::uint64_t value) {
  file_ = open_private(path_, O_RDWR | O_CREAT);
  if (!file_)
    return cannot("open", path_);
  if (auto fault = fault_of_file(file_.get(), path_); !fault.empty())
    return fault;
  // One place after the other: at any moment one of them is valid.
  for (const auto place : places) {
    if (!write_all(file_.get(), line_of(value), place))
      return cannot("write to", path_);
    if (::fsync(file_.get()) != 0)
      return cannot("sync", path_);
  }
  return sync_directory(directory_of(path_));
}

std::string watermark::advance(std::uint64_t value) {
  second_ = !second_;
  return write_all(file_.get(), line_of(value), places[second_ ? 1 : 0]) ? "" : cannot("write to", path_);
}

std::string mark::find() {
  found_.clear();
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory_, error), end; !error && at != end;
       at.increment(error)) {
    const auto name = at->path().filename().string();
    if (!name.starts_with(mark_prefix))
      continue;
    if (auto fault = fault_of_file(at->path().string()); !fault.empty())
      return fault;
    found_.push_back(name.substr(mark_prefix.size()));
  }
  return error ? cannot("read the directory", directory_, error.value()) : "";
}

std::optional<std::uint64_t> mark::read() const {
  std::optional<std::uint64_t> highest;
  for (const auto& number : found_)
    if (const auto value = number_of(number))
      highest = std::max(highest.value_or(0), *value);
  return highest;
}

std::vector<std::string> mark::paths() const {
  std::vector<std::string> all;
  for (const auto& number : found_)
    all.push_back(path_of(number));
  return all;
}

bool mark::take(const std::string& identity) {
  for (const auto& number : found_)
    if (is_same_file(identity, identity_of(path_of(number)))) {
      own_ = number;
      return true;
    }
  return false;
}

std::string mark::make() {
  own_ = unnumbered;
  const auto path = path_of(own_);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return "";
  const auto file = open_private(path, O_RDWR | O_CREAT | O_EXCL);
  if (!file || ::fsync(file.get()) != 0 || !sync_directory(directory_).empty())
    return "";
  return identity_of(path);
}

std::string mark::begin(std::uint64_t value) {
  for (const auto& number : found_)
    if (number != own_)
      ::unlink(path_of(number).c_str());
  found_.clear();
  return advance(value);
}

std::string mark::advance(std::uint64_t value) {
  auto next = std::to_string(value);
  if (next == own_)
    return "";
  if (::rename(path_of(own_).c_str(), path_of(next).c_str()) != 0)
    return cannot("rename", path_of(own_));
  own_ = std::move(next);
  return "";
}

std::string mark::path_of(const std::string& number) const {
  return directory_ + "/" + std::string(mark_prefix) + number;
}

bool watch::add(const std::string& path, size of_it) {
  struct stat is {};
  if (::lstat(path.c_str(), &is) != 0)
    return false;
  all_.push_back({path, is.st_dev, is.st_ino, of_it == size::only_grows ? is.st_size : 0});
  return true;
}

std::string watch::find_lost() {
  for (auto& w : all_) {
    struct stat is {};
    if (::lstat(w.path.c_str(), &is) != 0 || is.st_dev != w.device || is.st_ino != w.number ||
        is.st_size < w.size)
      return w.path;
    if (w.size != 0)
      w.size = is.st_size;
  }
  return "";
}

std::uint64_t size_of(const std::string& path) {
  struct stat is {};
  return ::stat(path.c_str(), &is) == 0 ? static_cast<std::uint64_t>(is.st_size) : 0;
}

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
  // One key file may serve several journals.
  std::array<char, 17> id{};
  std::snprintf(id.data(), id.size(), "%016" PRIx64, check_value(0, 0, 0, home.string()));
  return key_file + "." + id.data() + ".watermark";
}

}  // namespace store
