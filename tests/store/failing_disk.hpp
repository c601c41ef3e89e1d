// A disk that fails and loses power as a test wants it, under SQLite: a VFS that passes everything on to the
// system's, and remembers what of it was synced.
#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <string>

#include "directory.hpp"

namespace test {

/// What a file holds, and what of it a power failure leaves for sure.
struct disk_file {
  std::string now;
  std::string synced;
};

/// SQLite's default as long as it lives.
class failing_disk {
public:
  failing_disk() : system_(sqlite3_vfs_find(nullptr)), ours_(*system_) {
    ours_.zName = "failing";
    ours_.szOsFile = static_cast<int>(sizeof(handle)) + system_->szOsFile;
    ours_.pAppData = this;
    ours_.xOpen = open;
    ours_.xDelete = remove;
    sqlite3_vfs_register(&ours_, 1);
  }
  ~failing_disk() { sqlite3_vfs_unregister(&ours_); }
  failing_disk(const failing_disk&) = delete;
  failing_disk& operator=(const failing_disk&) = delete;

  std::map<std::string, disk_file> files;       ///< by path
  std::function<void()> before_change = [] {};  ///< before each write, sync and truncation
  int changes = 0;                              ///< writes, syncs and truncations so far
  int fails_at = 0;                             ///< the change that fails; 0: none

  /// Makes the files of `directory`, in their places, what they are after a power failure that came when they
  /// were `was`: of what was not synced, any sectors may be there.
  void lose_power(const std::string& directory, const std::map<std::string, disk_file>& was,
                  std::mt19937_64& random_source) {
    kill(directory, was);
    for (const auto& [name, file] : was) {
      const auto& size_of = random_source() % 2 == 0 ? file.now : file.synced;
      std::string left(size_of.size(), '\0');
      constexpr std::size_t sector = 512;
      for (std::size_t at = 0; at < left.size(); at += sector) {
        // What was cut off and is there still is as it was synced.
        const auto& from = random_source() % 2 == 0 && at < file.now.size() ? file.now : file.synced;
        if (at < from.size())
          from.copy(left.data() + at, std::min({sector, from.size() - at, left.size() - at}), at);
      }
      put(directory + "/" + name, {left, left});
    }
  }

  /// What they are after a kill: the system has all that was written, the disk what was synced.
  void kill(const std::string& directory, const std::map<std::string, disk_file>& was) {
    for (const auto& [name, file] : files_in(directory))
      if (!was.contains(name)) {
        std::filesystem::remove(directory + "/" + name);
        files.erase(directory + "/" + name);
      }
    for (const auto& [name, file] : was)
      put(directory + "/" + name, file);
  }

  /// The files of a directory, by name.
  std::map<std::string, disk_file> files_in(const std::string& path) const {
    std::map<std::string, disk_file> found;
    for (const auto& [name, file] : files)
      if (name.starts_with(path + "/"))
        found[name.substr(path.size() + 1)] = file;
    return found;
  }

private:
  struct handle {
    sqlite3_file base;
    sqlite3_file* real;
    failing_disk* disk;
    std::string* path;
  };

  void put(const std::string& path, const disk_file& file) {
    write(path, file.now);
    files[path] = file;
  }

  bool change() {
    before_change();
    return ++changes != fails_at;
  }

  static handle& of(sqlite3_file* file) { return *reinterpret_cast<handle*>(file); }
  static disk_file& content(sqlite3_file* file) { return of(file).disk->files[*of(file).path]; }
  static const sqlite3_io_methods& real(sqlite3_file* file) { return *of(file).real->pMethods; }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
    auto& self = *static_cast<failing_disk*>(vfs->pAppData);
    auto& opened = of(file);
    opened.base.pMethods = nullptr;
    opened.real = reinterpret_cast<sqlite3_file*>(&opened + 1);
    opened.disk = &self;
    if (const auto code = self.system_->xOpen(self.system_, path, opened.real, flags, out); code != SQLITE_OK)
      return code;
    opened.path = new std::string(path);
    if (const auto bytes = test::read(path); !self.files.contains(path))
      self.files[path] = {bytes, bytes};
    static const sqlite3_io_methods methods = {
      1,       close,     read,    write_some,  truncate,        sync,    size,    lock,
      unlock,  is_locked, control, sector_size, characteristics, nullptr, nullptr, nullptr,
      nullptr, nullptr,   nullptr};
    opened.base.pMethods = &methods;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    auto& self = *static_cast<failing_disk*>(vfs->pAppData);
    self.files.erase(path);
    return self.system_->xDelete(self.system_, path, sync_directory);
  }

  static int close(sqlite3_file* file) {
    delete of(file).path;
    return real(file).xClose(of(file).real);
  }
  static int read(sqlite3_file* file, void* to, int count, sqlite3_int64 at) {
    return real(file).xRead(of(file).real, to, count, at);
  }
  static int write_some(sqlite3_file* file, const void* from, int count, sqlite3_int64 at) {
    if (!of(file).disk->change())
      return SQLITE_IOERR_WRITE;
    auto& now = content(file).now;
    const auto end = static_cast<std::size_t>(at) + static_cast<std::size_t>(count);
    now.resize(std::max(now.size(), end));
    std::memcpy(now.data() + at, from, static_cast<std::size_t>(count));
    return real(file).xWrite(of(file).real, from, count, at);
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 to) {
    if (!of(file).disk->change())
      return SQLITE_IOERR_TRUNCATE;
    content(file).now.resize(static_cast<std::size_t>(to));
    return real(file).xTruncate(of(file).real, to);
  }
  // Nothing is synced really: it would take time, and the tests look at what is remembered here.
  static int sync(sqlite3_file* file, int) {
    if (!of(file).disk->change())
      return SQLITE_IOERR_FSYNC;
    content(file).synced = content(file).now;
    return SQLITE_OK;
  }
  static int size(sqlite3_file* file, sqlite3_int64* out) { return real(file).xFileSize(of(file).real, out); }
  static int lock(sqlite3_file* file, int how) { return real(file).xLock(of(file).real, how); }
  static int unlock(sqlite3_file* file, int how) { return real(file).xUnlock(of(file).real, how); }
  static int is_locked(sqlite3_file* file, int* out) {
    return real(file).xCheckReservedLock(of(file).real, out);
  }
  static int control(sqlite3_file* file, int what, void* with) {
    return real(file).xFileControl(of(file).real, what, with);
  }
  static int sector_size(sqlite3_file* file) { return real(file).xSectorSize(of(file).real); }
  static int characteristics(sqlite3_file* file) { return real(file).xDeviceCharacteristics(of(file).real); }

  sqlite3_vfs* system_;
  sqlite3_vfs ours_;
};

}  // namespace test
