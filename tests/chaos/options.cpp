#include "tests/chaos/options.hpp"

#include <charconv>
#include <random>

namespace chaos {

const char* const help_text =
  "sq_chaos --program=PATH [option...]\n"
  "\n"
  "Kills a gateway over and over while clients pay through it, their bank and its network misbehave, and "
  "whatever the scene\n"
  "says happens besides; then lets it end what is open and holds what the bank holds against what the "
  "clients have read. The\n"
  "exit status is 0 when they agree, 1 when they do not, 2 when nothing could be tried.\n"
  "\n"
  "  --program=PATH     the gateway\n"
  "  --scene=NAME       only that one; without it, all of them, three at a time (a quarter of an hour)\n"
  "  --list             all scenes, with a sentence each\n"
  "  --kills=COUNT      of the scene kills, which it means: default 200; each takes a second or two\n"
  "  --seconds=COUNT    how long any other scene goes on before the gateway ends what is open\n"
  "  --seed=NUMBER      of all dice: the same load and the same faults, as far as the machine plays along; "
  "default: any\n"
  "  --directory=PATH   of the journal and the gateway's log, which stay there; default: a temporary one, "
  "which goes when all is well\n"
  "  --brief            short, and does not wait for the end of what is open (a minute or two), but takes "
  "the gateway's list for it\n"
  "  --json             the result as one JSON object; all else goes to standard error\n";

namespace {

std::string read_number(std::string_view text, std::uint64_t least, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= least &&
             number <= 1'000'000'000
           ? ""
           : " must be a whole number, " + std::to_string(least) + " to 1000000000, not '" +
               std::string(text) + "'";
}

}  // namespace

std::variant<options, std::string> parse(std::span<const char* const> arguments) {
  options o;
  bool kills = false;
  for (const std::string_view a : arguments) {
    const auto equals = a.find('=');
    const auto name = std::string(a.substr(0, equals));
    const auto text = equals == std::string_view::npos ? std::string_view() : a.substr(equals + 1);
    std::string wrong;
    if (a == "--brief")
      o.brief = true;
    else if (a == "--json")
      o.json = true;
    else if (a == "--help")
      o.help = true;
    else if (a == "--list")
      o.list = true;
    else if (name == "--scene" && !text.empty())
      o.scene = text;
    else if (name == "--kills") {
      wrong = read_number(text, 0, o.kills);
      kills = true;
    } else if (name == "--seconds")
      wrong = read_number(text, 1, o.seconds);
    else if (name == "--seed")
      wrong = read_number(text, 1, o.seed);
    else if (name == "--program" && !text.empty())
      o.program = text;
    else if (name == "--directory" && !text.empty())
      o.directory = text;
    else
      return "there is no option '" + std::string(a) + "'; --help lists all";
    if (!wrong.empty())
      return name + wrong;
  }
  if (kills && o.scene.empty())
    o.scene = "kills";
  if (kills && o.scene != "kills")
    return "--kills is for --scene=kills; others take --seconds";
  if (!o.help && !o.list && o.program.empty())
    return "--program is needed: --program=build/release/socketqueue";
  if (o.seed == 0)
    o.seed = std::random_device{}() % 1'000'000 + 1;
  return o;
}

}  // namespace chaos
