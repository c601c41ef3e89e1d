// How the texts of options become members of the settings. For config/option_rows/.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "config/enumerated.hpp"
#include "config/options.hpp"

namespace config {

/// They return an error, empty where there is none: "must be a port, 1 to 65535".
std::string assign_to(bool& value, std::string_view text);
std::string assign_to(std::uint16_t& value, std::string_view text);
std::string assign_to(std::size_t& value, std::string_view text);
std::string assign_to(milliseconds& value, std::string_view text);
std::string assign_to(std::chrono::seconds& value, std::string_view text);
std::string assign_to(std::string& value, std::string_view text);
std::string assign_to(std::vector<int>& value, std::string_view text);

template <class Enum>
requires std::is_enum_v<Enum> std::string assign_to(Enum& value, std::string_view text) {
  std::string all;
  for (std::size_t i = 0; i < std::size(words_of<Enum>); ++i) {
    if (text == words_of<Enum>[i]) {
      value = static_cast<Enum>(i);
      return {};
    }
    all += (i == 0 ? "" : ", ") + std::string(words_of<Enum>[i]);
  }
  return text.empty() ? "must not be empty" : "must be one of " + all;
}

/// A member of the settings: settings.log.file.
template <auto... Path>
auto& member(settings& s) {
  return (s.*....*Path);
}

/// The first one of each list.
template <auto... Path>
auto& host(settings& s) {
  return (s.upstreams.front().*....*Path);
}

template <auto... Path>
auto& raw(settings& s) {
  return (s.raw_listeners.front().*....*Path);
}

template <auto... Path>
auto& http(settings& s) {
  return (s.http_listeners.front().*....*Path);
}

template <class Value>
constexpr value_kind kind_of() {
  if constexpr (std::is_same_v<Value, bool>)
    return value_kind::flag;
  else if constexpr (std::is_enum_v<Value>)
    return value_kind::choice;
  else if constexpr (std::is_same_v<Value, std::uint16_t>)
    return value_kind::port;
  else if constexpr (std::is_same_v<Value, std::size_t>)
    return value_kind::count;
  else if constexpr (std::is_same_v<Value, milliseconds>)
    return value_kind::seconds;
  else if constexpr (std::is_same_v<Value, std::chrono::seconds>)
    return value_kind::duration;
  else if constexpr (std::is_same_v<Value, std::vector<int>>)
    return value_kind::fields;
  else
    return value_kind::text;
}

template <class Value>
constexpr std::span<const std::string_view> choices_of() {
  if constexpr (std::is_enum_v<Value>)
    return words_of<Value>;
  else
    return {};
}

template <auto First>
using value_of = std::remove_reference_t<decltype(First(std::declval<settings&>()))>;

/// A place is made of the members that get the value, which are of one type.
template <auto First, auto... Others>
std::string read_into(settings& s, std::string_view text) {
  auto& value = First(s);
  auto why = assign_to(value, text);
  if (why.empty())
    ((Others(s) = value), ...);
  return why;
}

template <auto First, auto... Others>
inline constexpr place into{read_into<First, Others...>, kind_of<value_of<First>>(),
                            choices_of<value_of<First>>()};

/// Text whose value may be left out, then it is "true"; "false" is none.
template <auto Member>
std::string read_word_into(settings& s, std::string_view text) {
  Member(s) = text == "false" ? "" : text;
  return text.empty() ? "must not be empty" : "";
}
template <auto Member>
inline constexpr place into_word{read_word_into<Member>, value_kind::word};

/// All that this process speaks with has one dialect, and the bank emulator the frames of the host.
template <auto Member>
inline constexpr place every_dialect =
  into<host<&upstream_settings::dialect, Member>, raw<&raw_listener_settings::dialect, Member>,
       http<&http_listener_settings::dialect, Member>,
       member<&settings::bank, &bank_settings::dialect, Member>,
       member<&settings::test_clients, &test_client_settings::dialect, Member>>;
template <auto Member>
inline constexpr place host_frame =
  into<host<&upstream_settings::frame, Member>, member<&settings::bank, &bank_settings::frame, Member>>;
template <auto Member>
inline constexpr place host_liveness = into<host<&upstream_settings::liveness, Member>>;

}  // namespace config
