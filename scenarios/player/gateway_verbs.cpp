// What the gateway does, and what is done to it.

#include "scenarios/player/performance.hpp"
#include "scenarios/player/verbs.hpp"

namespace player {

namespace {

void runs_with(performance& p) {
  if (p.has_begun())
    p.read().fail(nullptr, "the gateway's options stand before everything else");
  p.assign_options(0, p.bill.settings, p.bill.options);
}

void loses(performance& p) {
  const auto& w = p.read().only_word("a part: upstream, dispatcher, clients, http_clients, registry or stats");
  if (!p.here().lose(w.text))
    p.read().fail(&w, "the gateway has no part '" + w.text + "' (now); expected upstream, dispatcher, clients, http_clients, registry or stats");
}

void drains(performance& p) {
  p.read().no_words();
  p.here().drain();
}

void is_killed(performance& p) {
  p.read().no_words();
  if (p.here().has_ended())
    throw unmet{"  the gateway had ended before\n"};
  p.here().kill();
}

void starts_again(performance& p) {
  p.read().no_words();
  p.expect([&p] { return p.here().has_ended(); }, [] { return "  the gateway goes on; it must be killed or have ended before\n"; });
  p.here().start_again();
}

void has_ended(performance& p) {
  p.read().no_words();
  p.expect([&p] { return p.here().has_ended(); }, [] { return "  the gateway goes on\n"; });
}

void goes_on(performance& p) {
  p.read().no_words();
  p.here().settle();
  if (p.here().has_ended())
    throw unmet{"  the gateway has ended\n"};
}

constexpr verb all[]{
  {"runs with", "OPTION=VALUE ...", anywhere, runs_with},
  {"loses", "PART", in(way::virtual_time), loses},
  {"drains", "", with_own_gateway, drains},
  {"is killed", "", with_own_gateway, is_killed},
  {"starts again", "", with_own_gateway, starts_again},
  {"has ended", "", with_own_gateway, has_ended},
  {"goes on", "", with_own_gateway, goes_on},
};

} // namespace

std::span<const verb> gateway_verbs() { return all; }

} // namespace player
