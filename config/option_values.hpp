// How the texts of options become members of the settings. For config/options.cpp.
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
inline constexpr place into{read_into<First, Others...>,
                            std::is_same_v<decltype(First(std::declval<settings&>())), bool&>};

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
