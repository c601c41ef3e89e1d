// The file that holds the id of this process.
#pragma once

#include <string>

#include "store/files.hpp"

namespace actors {

/// Why the process id must not be written there; empty: it may, as far as is seen without opening it for
/// writing.
std::string why_no_pid_file(const std::string& path);

/// Writes it into a file that this user owns and not through a link: another user who may write into the
/// folder could redirect the write. `file` stays open, to be emptied at the end. Returns why not; empty: it
/// is written.
std::string write_pid(const std::string& path, store::file_descriptor& file);

}  // namespace actors
