// Which paths a local socket can have. Also for those who check a configuration before a socket is made.
#pragma once

#include <string>

namespace net {

/// Why `path` cannot be a socket address: a sentence, empty where it can. Does not look whether it exists.
std::string fault_of_local_path(const std::string& path);

}  // namespace net
