// A disk of its own for the journal, which can be frozen or filled. Needs root.
#pragma once

#include <cstdint>
#include <string>

namespace chaos {

class disk {
public:
  disk() = default;
  ~disk();
  disk(const disk&) = delete;
  disk& operator=(const disk&) = delete;

  /// Mounts a disk that this process and its children see. Returns why this machine does not allow it, empty
  /// where it does.
  std::string mount_image(const std::string& directory);  ///< ext4 in a file: can be frozen
  std::string mount_memory(const std::string& directory, unsigned mebibytes);

  /// The mount point.
  const std::string& path() const { return path_; }

  /// Blocks all writers.
  void freeze();
  void thaw();

  /// Leaves this many bytes free.
  void fill_but(std::uint64_t bytes);
  void empty();

private:
  std::string mount_at(const std::string& directory);

  std::string path_;
  bool is_mounted_ = false, is_frozen_ = false;
};

}  // namespace chaos
