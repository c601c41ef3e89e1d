// What `socketqueue inspect` prints, as lines of text. Pure.
#pragma once

#include <string>
#include <vector>

#include "actors/protocol/inspection.hpp"

namespace actors {

using text_lines = std::vector<std::string>;

text_lines table_of(const inspection::summary& s);
text_lines table_of(const inspection::stats& s);
text_lines table_of(const inspection::links& l);
text_lines table_of(const inspection::terminals& t);
text_lines table_of(const inspection::pending& p);
text_lines table_of(const inspection::parts& p);
text_lines table_of(const inspection::transactions& t);

/// "12.5 s", "3 min", "4 h"
std::string duration_text(std::int64_t milliseconds);

}  // namespace actors
