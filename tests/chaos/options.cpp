#include "tests/chaos/options.hpp"

#include <random>
#include <vector>

#include "tests/lab/arguments.hpp"

namespace chaos {

namespace {

constexpr std::uint64_t count_max = 1'000'000'000;

std::vector<lab::argument> table(options& o) {
  return {
    {"program", "path", "the gateway", lab::words(o.program)},
    {"scene", "name", "only that one; without it, all of them, three at a time (a quarter of an hour)",
     lab::words(o.scene)},
    {"list", "", "all scenes, with a sentence each", lab::flag(o.list)},
    {"kills", "count", "of the scene kills, which it means: default 200; each takes a second or two",
     [&o](std::string_view text) {
       o.kills.emplace();
       return lab::read_number(text, 0, count_max, *o.kills);
     }},
    {"seconds", "count", "how long any other scene goes on before the gateway ends what is open",
     lab::number(o.seconds, 1, count_max)},
    {"seed", "number",
     "of all random numbers: the same load and the same faults, as far as the machine plays along;\n"
     "default: any",
     lab::number(o.seed, 1, count_max)},
    {"directory", "path",
     "of the journal and the gateway's log, which stay there; default: a temporary one,\n"
     "which goes when all is well",
     lab::words(o.directory)},
    {"brief", "",
     "short, and does not wait for the end of what is open (a minute or two), but takes the\n"
     "gateway's list for it",
     lab::flag(o.brief)},
    {"json", "", "the result as one JSON object; all else goes to standard error", lab::flag(o.json)},
    {"help", "", "this page", lab::flag(o.help)},
  };
}

}  // namespace

std::variant<options, std::string> parse(std::span<const char* const> arguments) {
  options o;
  if (auto wrong = lab::read_arguments(arguments, table(o)); !wrong.empty())
    return wrong;
  if (o.kills && o.scene.empty())
    o.scene = "kills";
  if (o.kills && o.scene != "kills")
    return "--kills is for --scene=kills; others take --seconds";
  if (!o.help && !o.list && o.program.empty())
    return "--program is needed: --program=build/release/socketqueue";
  if (o.seed == 0)
    o.seed = std::random_device{}() % 1'000'000 + 1;
  return o;
}

std::string help_text() {
  options o;
  return "sq_chaos --program=path [option...]\n"
         "\n"
         "Kills a gateway over and over while clients pay through it, their bank and its network misbehave, "
         "and whatever the scene\n"
         "says happens besides; then lets it end what is open and holds what the bank holds against what the "
         "clients have read. The\n"
         "exit status is 0 when they agree, 1 when they do not, 2 when nothing could be tried.\n\n" +
         lab::help_of(table(o));
}

}  // namespace chaos
