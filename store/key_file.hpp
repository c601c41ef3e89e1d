// The key's file while its journal is in use: this process needs it no more, but the next start does.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace store {

class key_file {
public:
  /// `path`: empty where nobody looks after it. `id`: of the key that was read there (`sealer::id`).
  key_file(std::string path, std::string id) : path_(std::move(path)), id_(std::move(id)) {}

  /// Its path where no start could read the journal by it now: it was removed, has other contents, or may not
  /// be read. Empty: all is well. A good file is read again only when it has changed since the last look.
  std::string lost();

private:
  std::string path_, id_;
  std::array<std::int64_t, 6> seen_{};  // what the file was at the last look: which one, and since when
  bool was_good_ = false;
};

}  // namespace store
