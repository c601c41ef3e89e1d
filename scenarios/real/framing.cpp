// The framing of a story's host link, read as the gateway reads it.

#include "scenarios/real/framing.hpp"

#include "actors/program/wiring.hpp"
#include "scenarios/player/script.hpp"

namespace real {

net::framing framing_of(const player::world_settings& setup) {
  auto env = std::make_shared<actors::environment>();
  env->settings = setup.settings;
  env->dialect = setup.dialect;
  auto how = actors::host_framing(env);
  if (const auto* why = std::get_if<std::string>(&how))
    throw player::unmet{"  " + *why + "\n"};
  return std::get<net::framing>(std::move(how));
}

}  // namespace real
