// Which decisions an operator may take about a transaction, and the sentences of the replies. Pure.
#pragma once

#include <string>
#include <string_view>

#include "actors/protocol/directory.hpp"

namespace actors {

/// Why `asked` cannot be done with `t`, as a sentence; empty: it can. nullptr: there is no transaction with
/// this number.
std::string why_not(const operator_decision& asked, const transaction* t);

/// What is wrong with an operator's reason, which is stored and shown to others; empty: nothing.
std::string fault_of_reason(std::string_view why);

/// The state of an open case as `pending` shows it: "needs you", "unconfirmed", "reversing".
std::string_view listed_state(lifecycle::state s);

/// Whether an operator should look at an open case; `now`: the wall clock, seconds since 1970.
bool needs_a_look(const transaction& p, std::int64_t now);

}  // namespace actors
