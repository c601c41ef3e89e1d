// A process of this machine that serves this one, over a socket that is its standard input.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "net/framing.hpp"
#include "net/link.hpp"
#include "net/loop.hpp"

namespace net {

class child {
public:
  /// Ends it, where it has not ended.
  virtual ~child() = default;

  /// The first frame that it sends; nothing where none comes within `limit`. Blocks, so call it before the
  /// loop runs, and before `link`.
  virtual std::optional<std::string> await_frame(std::chrono::milliseconds limit) = 0;

  /// Its socket, once, as a link that is not open yet.
  virtual link_ptr link(loop& on) = 0;

  /// How it has ended, "the signal 11 ended it"; nothing while it runs.
  virtual std::optional<std::string> end() = 0;
};

/// Starts the program at `path` with these arguments, the first of which is what it is called. What is said
/// over its socket is framed so. The second alternative says why it cannot be started.
std::variant<std::unique_ptr<child>, std::string> start_child(const std::string& path,
                                                              const std::vector<std::string>& arguments,
                                                              framing how);

}  // namespace net
