// A disk of our own for the journal, which we may freeze or fill. Needs root.
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

  /// Seen by this process and those that it starts. They say why this machine does not allow it.
  std::string mount_image(const std::string& directory);  ///< ext4 in a file: can be frozen
  std::string mount_memory(const std::string& directory, unsigned mebibytes);

  /// Where it is mounted.
  const std::string& path() const { return path_; }

  /// Whoever writes waits.
  void freeze();
  void thaw();

  /// Leaves so many bytes free.
  void fill_but(std::uint64_t bytes);
  void empty();

private:
  std::string mount_at(const std::string& directory);

  std::string path_;
  bool is_mounted_ = false, is_frozen_ = false;
};

}  // namespace chaos
