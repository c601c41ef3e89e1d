// The result of a run, for people and for programs.
#pragma once

#include <iosfwd>
#include <string>

#include "tests/chaos/stage.hpp"

namespace chaos {

void print(const result& r, std::ostream& out);
std::string as_json(const result& r, std::uint64_t seed);

}  // namespace chaos
