// Finds another program that is installed beside this one.
#pragma once

#include <string>
#include <string_view>

namespace config {

/// The path of `program` in the folder of the running executable (symbolic links resolved). Empty where the
/// system does not report the executable.
std::string installed_beside(std::string_view program);

}  // namespace config
