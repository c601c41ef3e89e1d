// Starts programs of this machine, and knows which have not ended. For net/ alone.
#pragma once

#include <sys/types.h>

#include <set>
#include <string>
#include <vector>

namespace net {

/// Starts the program at `path` in a process group of its own, with the signals as a shell gives them. The
/// first of the arguments is what it is called. It has
/// none of our open files but standard error, and `standard_input`: a socket that it had too would stay open
/// after we have closed it. Returns errno's value; 0: `pid` runs.
int spawn_program(const std::string& path, const std::vector<std::string>& arguments, int standard_input,
                  pid_t& pid);

/// Those that have not ended, or whose end was not handled yet. Of the loop's thread.
std::set<pid_t>& running_programs();

}  // namespace net
