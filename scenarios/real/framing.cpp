// The frames of a story's links, as the gateway has them.

#include "scenarios/real/framing.hpp"

#include "actors/core/framings.hpp"
#include "scenarios/player/script.hpp"

namespace real {

namespace {

actors::environment_ptr environment_of(const player::world_settings& setup) {
  auto env = std::make_shared<actors::environment>();
  env->settings = setup.settings;
  env->dialect = setup.dialect;
  return env;
}

net::framing checked(std::variant<net::framing, std::string> how) {
  if (const auto* why = std::get_if<std::string>(&how))
    throw player::unmet{"  " + *why + "\n"};
  return std::get<net::framing>(std::move(how));
}

}  // namespace

net::framing framing_of(const player::world_settings& setup) {
  return checked(actors::host_framing(environment_of(setup)));
}

net::framing client_framing_of(const player::world_settings& setup) {
  return checked(actors::client_framing(*environment_of(setup)));
}

}  // namespace real
