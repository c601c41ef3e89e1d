// The words of the options that have one of a few values.
#pragma once

#include <string_view>

#include "config/settings.hpp"

namespace config {

/// In the order of the enumeration.
template <class Enum>
inline constexpr std::string_view words_of[] = {""};
template <>
inline constexpr std::string_view words_of<unknown_fields>[] = {"forward", "refuse"};
template <>
inline constexpr std::string_view words_of<client_gone>[] = {"wait_reply", "immediate"};
template <>
inline constexpr std::string_view words_of<raw_delivery>[] = {"tcp", "idempotent", "confirm"};
template <>
inline constexpr std::string_view words_of<http_delivery>[] = {"tcp", "idempotent", "confirm"};
template <>
inline constexpr std::string_view words_of<card_view>[] = {"masked", "full"};
template <>
inline constexpr std::string_view words_of<stan_scope>[] = {"second", "day"};
template <>
inline constexpr std::string_view words_of<link_order>[] = {"first", "in_turn", "least_pending"};
template <>
inline constexpr std::string_view words_of<unconfirmed>[] = {"keep", "reverse"};
template <>
inline constexpr std::string_view words_of<log_format>[] = {"text", "json"};

/// As on the command line.
template <class Enum>
constexpr std::string_view word_of(Enum value) {
  return words_of<Enum>[static_cast<std::size_t>(value)];
}

}  // namespace config
