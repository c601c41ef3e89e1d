// What may be done about a purchase at an operator's word, and what else he is told. Pure.
#pragma once

#include <string>
#include <string_view>

#include "actors/protocol/directory.hpp"

namespace actors {

/// A sentence where `p` (nullptr: there is none of this number) is nothing that can be treated so; empty
/// where it is.
std::string why_not(const operator_decision& w, const transaction* p);

/// What is wrong with an operator's reason, which is kept for long and shown to others; empty: nothing.
std::string fault_of_reason(std::string_view why);

/// As `pending` calls an open case's state: "needs you", "unconfirmed", "reversing".
std::string_view listed_state(lifecycle::state s);

/// Whether a person should look at an open case, at the wall clock's `now`.
bool needs_a_look(const transaction& p, std::int64_t now);

}  // namespace actors
