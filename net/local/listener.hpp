// A door at a path, for the operator of this machine: a Unix domain socket that its user alone may open.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "net/link.hpp"
#include "net/tcp/listener.hpp"

namespace net {

class loop;

/// A door at `path`, of mode 0600. Takes the place of a socket file whose process is gone, and of nothing
/// else; its own file goes with it. Its links name who asks, "uid 0 pid 123". May block for a moment, so it
/// is made before the loop runs. The error is for the operator.
std::variant<std::unique_ptr<listener>, std::string> listen_local(loop& on, const std::string& path,
                                                                  listen_options options = {});

}  // namespace net
