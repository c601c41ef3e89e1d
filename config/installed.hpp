// Programs that are installed together find each other.
#pragma once

#include <string>
#include <string_view>

namespace config {

/// The path of another program beside the running one: in its folder, links to it followed. Empty where the
/// system does not tell what is running.
std::string installed_beside(std::string_view program);

}  // namespace config
