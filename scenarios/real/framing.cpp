// The frames of a story's links, as the gateway has them.

#include "scenarios/real/framing.hpp"

#include "actors/core/framings.hpp"
#include "scenarios/player/script.hpp"

namespace real {

namespace {

net::framing checked(std::variant<net::framing, std::string> how) {
  if (const auto* why = std::get_if<std::string>(&how))
    throw player::unmet{"  " + *why + "\n"};
  return std::get<net::framing>(std::move(how));
}

}  // namespace

net::framing framing_of(const player::world_settings& setup) {
  return checked(actors::host_framing(setup.settings.upstreams.front().frame,
                                      std::make_shared<const codec::dialect>(setup.dialect)));
}

net::framing client_framing_of(const player::world_settings& setup) {
  return checked(actors::client_framing(setup.settings.raw_listeners.front().frame, setup.dialect));
}

}  // namespace real
