// Messages in the log: at `--vv` as a table, card data masked.
#pragma once

#include <string_view>

#include "actors/core/environment.hpp"

namespace actors {

/// `who`: the head of the table, "127.0.0.1:53578" or "ISO host to 127.0.0.1:53578".
void log_message(std::string_view who, const codec::message& m, const codec::dialect& d,
                 const environment& env, bool expired = false);

}  // namespace actors
