// Fields and parts by the names that people give them, for tools that make messages.
#pragma once

#include <string>
#include <string_view>

#include "codec/composite/lookup.hpp"
#include "codec/dialect/dialect.hpp"

namespace inspect {

/// What `called`, which names no field or part of the dialect, should have been, with the nearest name:
/// "expected a field of dialect smartVista, by alias, name or number; did you mean 'amount'?"
std::string unknown_place(const std::string& called, const codec::dialect& d);

/// Sets a field or part to `text`, in Latin-1. Returns what was expected where it cannot be, without the
/// value: "expected 6 digits, but it has 7"; empty: it is set.
std::string set_named(codec::message& m, const codec::place_in_message& place, std::string_view text,
                      const codec::dialect& d);

}  // namespace inspect
