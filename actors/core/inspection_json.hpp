// What is seen of the gateway from outside, as JSON: the same at the admin port and for `socketqueue
// inspect`.
#pragma once

#include <string>

#include "actors/protocol/inspection.hpp"

namespace actors {

std::string json_of(const inspection::summary& s);
std::string json_of(const inspection::stats& s);
std::string json_of(const inspection::links& l);
std::string json_of(const inspection::terminals& t);
std::string json_of(const inspection::pending& p);
std::string json_of(const inspection::parts& p);
std::string json_of(const inspection::transactions& t);

/// "2026-11-26T10:00:00.000Z"; `at`: milliseconds since 1970.
std::string utc_text(std::int64_t at);

}  // namespace actors
