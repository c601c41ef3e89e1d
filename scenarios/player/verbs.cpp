// All subjects of stories.

#include "scenarios/player/verbs.hpp"

#include <algorithm>

namespace player {

const std::vector<subject>& subjects() {
  static const std::vector<subject> all{
    {"backup", "", host_verbs()},
    {"bank", "", emulator_verbs()},
    {"client", "NAME", client_verbs()},
    {"disk", "", disk_verbs()},
    {"gateway", "", gateway_verbs()},
    {"host", "", host_verbs()},
    {"log", "", log_verbs()},
    {"operator", "", operator_verbs()},
    {"statistics", "", statistics_verbs()},
    {"terminals", "[N]", test_client_verbs()},
    {"time", "", time_verbs()},
  };
  return all;
}

const subject* find_subject(std::string_view name) {
  const auto it = std::ranges::find(subjects(), name, &subject::name);
  return it == subjects().end() ? nullptr : &*it;
}

}  // namespace player
