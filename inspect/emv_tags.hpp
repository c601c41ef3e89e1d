// The names of EMV tags, for people.
#pragma once

#include <string_view>

namespace inspect {

/// "Application Cryptogram" of "9F26", in upper case; empty where the tag is not known.
std::string_view emv_tag_name(std::string_view tag);

}  // namespace inspect
