// The verbs of stories: one row per verb, in the file of its subject.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "scenarios/player/world.hpp"

namespace player {

class script;

constexpr unsigned in(std::same_as<way> auto... ways) { return (0U | ... | static_cast<unsigned>(ways)); }
constexpr unsigned anywhere = in(way::virtual_time, way::real, way::target, way::host);
constexpr unsigned with_gateway = in(way::virtual_time, way::real, way::target);
constexpr unsigned with_own_gateway = in(way::virtual_time, way::real);

struct verb {
  std::string_view words;  ///< "receives nothing"
  std::string_view rest;   ///< what follows the words: "MESSAGE"
  unsigned ways;           ///< the ways of playing that support it
  void (*perform)(script&);
};

std::span<const verb> gateway_verbs();
std::span<const verb> host_verbs();
std::span<const verb> client_verbs();
std::span<const verb> emulator_verbs();  ///< of the bank
std::span<const verb> test_client_verbs();
std::span<const verb> time_verbs();
std::span<const verb> log_verbs();
std::span<const verb> disk_verbs();
std::span<const verb> operator_verbs();
std::span<const verb> statistics_verbs();

struct subject {
  std::string_view name;
  std::string_view name_follows;  ///< what is between the subject and the verb: "NAME", "[N]", or nothing
  std::span<const verb> verbs;    ///< a longer verb before a shorter one that it begins with
};

const std::vector<subject>& subjects();

/// nullptr where there is no such subject.
const subject* find_subject(std::string_view name);

}  // namespace player
