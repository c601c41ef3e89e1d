// Ranges of card numbers and of terminals, as routes have them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace config {

/// Reads "4", "4000-4999" or "400000-499999": the first digits of card numbers. Returns what is wrong; empty:
/// nothing.
std::string read_cards(std::string_view text, number_range& into);

/// Reads "42" or "00000042-00000099": terminals, with or without their filling.
std::string read_terminals(std::string_view text, number_range& into);

/// Whether the range has this card number, or this terminal without its filling.
bool has_card(const number_range& cards, std::string_view pan);
bool has_terminal(const number_range& terminals, std::string_view terminal);

/// Whether every transaction that matches the second route matches the first one.
bool covers(const route_settings& first, const route_settings& second);

}  // namespace config
