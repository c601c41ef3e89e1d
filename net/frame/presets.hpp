// The frames that have a name.
#pragma once

#include <string>
#include <string_view>

namespace net {

/// The elements of a named frame in the frame language; empty where there is no such name.
std::string_view preset_frame(std::string_view name);

/// Their names, separated by commas, for people.
std::string preset_names();

}  // namespace net
