// The verbs of the gateway.

#include <algorithm>

#include "config/option_values.hpp"
#include "scenarios/player/script.hpp"
#include "scenarios/player/verbs.hpp"

namespace player {

namespace {

// With --target, where the gateway is not ours, only these options matter: how messages travel on the host
// link.
constexpr std::string_view of_the_link[]{"useHeader",  "headerFormat",  "lengthIncludeHeader",
                                         "hostConfig", "networkConfig", "exchangeConfig",
                                         "overrides"};

void runs_with(script& p) {
  if (p.has_begun())
    p.read().fail(nullptr, "the gateway's options stand before everything else");
  const auto known_before = p.setup.options.size();
  p.assign_options(0, p.setup.settings, p.setup.options);
  for (auto at = known_before; p.how() == way::target && at < p.setup.options.size(); ++at)
    if (std::ranges::find(of_the_link, p.setup.options[at].substr(0, p.setup.options[at].find('='))) ==
        std::end(of_the_link))
      throw not_here{"this gateway runs already, and not with " + p.setup.options[at]};
  p.choose_dialect();
}

// The first one is that of the host, the second one that of the backup.
void has_two_links(script& p) {
  if (p.has_begun())
    p.read().fail(nullptr, "the gateway's links stand before everything else");
  auto& s = p.setup.settings;
  config::group_settings group;
  for (const auto& w : p.now().rest) {
    const auto equals = w.text.find('=');
    const auto name = w.text.substr(0, equals);
    const auto value = equals == std::string::npos ? "" : w.text.substr(equals + 1);
    if (name == "back")
      group.back =
        std::chrono::duration_cast<std::chrono::seconds>(p.read().duration({value, w.column, false}));
    else if (const auto why =
               name == "order" ? config::assign_to(group.order, value) : "expected order or back";
             !why.empty())
      p.read().fail(&w, name + ": " + why);
  }
  auto link = s.upstreams.front();
  s.upstreams.clear();
  for (const char* name : {"main", "backup"}) {
    link.name = name;
    s.upstreams.push_back(link);
    group.links.push_back(name);
  }
  s.groups = {group};
}

void loses(script& p) {
  const std::string parts =
    "upstream, dispatcher, clients, http_clients, idempotency, journal, reversal_supervisor or stats";
  std::string expected = "a part: ";
  expected += parts;
  const auto& w = p.read().only_word(expected.c_str());
  if (!p.here().lose(w.text))
    p.read().fail(&w, "the gateway has no part '" + w.text + "' (now); expected " + parts);
}

void loses_power(script& p) {
  p.read().no_words();
  if (p.here().has_ended())
    throw unmet{"  the gateway had ended before\n"};
  p.here().lose_power();
}

void drains(script& p) {
  p.read().no_words();
  p.here().drain();
}

void is_killed(script& p) {
  p.read().no_words();
  if (p.here().has_ended())
    throw unmet{"  the gateway had ended before\n"};
  p.here().kill();
}

void starts_again(script& p) {
  p.read().no_words();
  p.expect([&p] { return p.here().has_ended(); },
           [] { return "  the gateway goes on; it must be killed or have ended before\n"; });
  p.here().start_again();
  if (p.here().has_ended())
    throw unmet{"  its start was refused\n"};
}

void refuses_to_start(script& p) {
  p.read().no_words();
  p.expect([&p] { return p.here().has_ended(); },
           [] { return "  the gateway goes on; it must be killed or have ended before\n"; });
  p.here().start_again();
  if (!p.here().has_ended())
    throw unmet{"  it has started\n"};
}

void has_ended(script& p) {
  p.read().no_words();
  p.expect([&p] { return p.here().has_ended(); }, [] { return "  the gateway goes on\n"; });
  if (const auto why = p.here().how_it_ended(); !why.empty())
    throw unmet{"  it ended " + why};
}

void goes_on(script& p) {
  p.read().no_words();
  p.here().run_until_idle();
  if (p.here().has_ended())
    throw unmet{"  the gateway has ended\n"};
}

constexpr verb all[]{
  {"has two links", "[order=ORDER] [back=DURATION]", in(way::virtual_time), has_two_links},
  {"runs with", "OPTION=VALUE ...", anywhere, runs_with},
  {"loses power", "", in(way::virtual_time), loses_power},
  {"loses", "PART", in(way::virtual_time), loses},
  {"drains", "", with_own_gateway, drains},
  {"is killed", "", with_own_gateway, is_killed},
  {"starts again", "", with_own_gateway, starts_again},
  {"refuses to start", "", in(way::virtual_time), refuses_to_start},
  {"has ended", "", with_own_gateway, has_ended},
  {"goes on", "", with_own_gateway, goes_on},
};

}  // namespace

std::span<const verb> gateway_verbs() { return all; }

}  // namespace player
