// Listens on a Unix domain socket that only its user may open, for the operator of this machine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "net/link.hpp"
#include "net/tcp/listener.hpp"

namespace net {

class loop;

/// Makes a socket file of mode 0600 at `path`. Replaces the socket file of a process that has stopped, and no
/// other file; removes its own file when it closes. Makes it again when it was removed or replaced, while
/// `may_recreate` says that the place is still its own; none: always. Its links name the peer's process,
/// "uid 0 pid 123". May block for a moment, so call it before the loop runs. The second alternative is an
/// error for the operator.
std::variant<std::unique_ptr<listener>, std::string> listen_local(loop& on, const std::string& path,
                                                                  listen_options options = {},
                                                                  std::function<bool()> may_recreate = {});

}  // namespace net
