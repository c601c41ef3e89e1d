#include "store/key_file.hpp"

#include <sys/stat.h>

#include <utility>
#include <variant>

#include "store/sealing.hpp"

namespace store {

std::string key_file::lost() {
  if (path_.empty())
    return "";
  struct stat is {};
  if (::lstat(path_.c_str(), &is) != 0) {
    seen_ = {};
    return path_;
  }
  const std::array<std::int64_t, 6> now{static_cast<std::int64_t>(is.st_dev),
                                        static_cast<std::int64_t>(is.st_ino),
                                        is.st_mtim.tv_sec,
                                        is.st_mtim.tv_nsec,
                                        is.st_ctim.tv_sec,
                                        is.st_ctim.tv_nsec};
  // A key that is just being put back may be read half written.
  if (std::exchange(seen_, now) != now || !was_good_) {
    const auto key = load_key(path_, false);
    const auto* read = std::get_if<sealer>(&key);
    was_good_ = read && read->id() == id_;
  }
  return was_good_ ? "" : path_;
}

}  // namespace store
