// The table of the tools, their help, and which of them a command line calls.

#include "inspect/command.hpp"

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "config/options.hpp"
#include "inspect/arguments.hpp"

namespace inspect {

namespace {

constexpr std::string_view usage =
  "usage: socketqueue describe HEX|FILE|- [--dialect=D] [--header=H] [--json] [--dangerous]\n"
  "       socketqueue encode FILE|- [--dialect=D] [--header=H] [--binary] [--force]\n"
  "       socketqueue diff A B [--dialect=D] [--header=H]\n"
  "       socketqueue detect HEX|FILE|- [--dialect=D ...] [--json]\n"
  "       socketqueue dialect check FILE\n"
  "       socketqueue dialect table NAME|FILE\n"
  "       socketqueue dialect list\n"
  "       socketqueue dialect import FILE [--output=FILE]\n"
  "\n"
  "Tools for the bank's dialect; no gateway is needed.\n"
  "\n"
  "  describe        messages as tables: each field and each part of one, what its code means, and what "
  "could\n"
  "                  not be read, with its byte and the reason; of a request also what breaks a rule of the\n"
  "                  dialect, beside its field\n"
  "  encode          the way back: a JSON object of fields, by alias, name, number or path (\"48.2\"), or a "
  "list\n"
  "                  of such, to a line of hexadecimal each; --binary writes the bytes themselves. Field 1\n"
  "                  follows from the others and is ignored. A request that breaks a rule of the dialect is\n"
  "                  refused; --force writes it all the same\n"
  "  diff            two messages, field by field, and what stands in front of them and behind them\n"
  "  detect          which dialects and headers fit these bytes, the best first, and why\n"
  "  dialect check   all that is wrong with a dialect file, or its table of fields\n"
  "  dialect table   a dialect as Markdown, with its rules, for reading beside the bank's document\n"
  "  dialect list    the dialects that are built in\n"
  "  dialect import  a dialect file from a jPOS GenericPackager (XML) or a moov-io/iso8583 spec (JSON); "
  "what\n"
  "                  could not be taken over is listed on standard error\n"
  "\n"
  "A message is given as hexadecimal digits, with or without blanks, or as a file of them, or of bytes as "
  "they\n"
  "are; - is standard input. --raw takes a file as bytes even where it looks like hexadecimal digits.\n"
  "\n"
  "  --dialect=D            a built-in dialect, or a file (default smartVista); detect takes several, "
  "beside\n"
  "                         the built-in ones\n"
  "  --header=H             the frame of each message, as the gateway's headerFormat has it (ascii4,\n"
  "                         length:n:4), or none. Without it describe, diff and detect try the usual ones "
  "and\n"
  "                         none; encode writes none\n"
  "  --lengthIncludeHeader  the header's length counts the header too\n"
  "  --json                 for a script\n"
  "  --dangerous            no masking: card data in clear\n"
  "\n"
  "Card data is masked as in the log. Exit status: 0 fine; 1 no: something could not be read, differs, or "
  "is\n"
  "wrong; 2 wrong usage.\n";

constexpr option_rule dialect_option{"dialect", takes::a_value}, header_option{"header", takes::a_value},
  length_option{"lengthIncludeHeader"}, json_option{"json"}, raw_option{"raw"};

constexpr option_rule describe_options[]{dialect_option, header_option, length_option,
                                         json_option,    raw_option,    {"dangerous"}};
constexpr option_rule encode_options[]{dialect_option, header_option, length_option, {"binary"}, {"force"}};
constexpr option_rule diff_options[]{dialect_option, header_option, length_option, raw_option};
constexpr option_rule detect_options[]{
  {"dialect", takes::values}, header_option, length_option, json_option, raw_option};
constexpr option_rule import_options[]{{"output", takes::a_value}};

// Hexadecimal digits may come as many words.
constexpr std::size_t any_number = 100000;
constexpr std::string_view a_message = "a message: hexadecimal digits, a file, or - for standard input";

constexpr tool tools[]{
  {"describe", describe_options, 1, any_number, a_message, describe},
  {"encode", encode_options, 1, 1, "a JSON file of fields, or - for standard input", encode},
  {"diff", diff_options, 2, 2, "two messages, each as hexadecimal digits or a file", diff},
  {"detect", detect_options, 1, any_number, a_message, detect},
  {"dialect check", {}, 1, 1, "a dialect file", check_dialect},
  {"dialect table", {}, 1, 1, "the name of a dialect, or a file", print_dialect},
  {"dialect list", {}, 0, 0, "", list_dialects},
  {"dialect import", import_options, 1, 1, "a file: jPOS packager XML, or moov-io/iso8583 JSON",
   import_dialect},
};

constexpr std::string_view verbs[]{"describe", "encode", "diff", "detect", "dialect"};

// "dialect" alone is no tool: the word behind it names it.
std::string which_of_dialect(std::string_view word) {
  std::vector<std::string_view> names;
  for (const auto& t : tools)
    if (t.name.starts_with("dialect "))
      names.push_back(t.name.substr(8));
  if (word.empty())
    return "dialect needs to know what to do: check, table, list or import; --help tells more";
  const auto nearest = config::nearest(word, names);
  return "there is no 'dialect " + std::string(word) + "'" +
         (nearest.empty() ? "; there are check, table, list and import"
                          : "; did you mean 'dialect " + std::string(nearest) + "'?");
}

}  // namespace

bool is_tool_command(std::span<const char* const> arguments) {
  return !arguments.empty() && std::ranges::find(verbs, std::string_view(arguments[0])) != std::end(verbs);
}

int run_tool(std::span<const char* const> given, streams io) {
  if (std::ranges::any_of(given, [](std::string_view a) { return a == "--help"; })) {
    io.out << usage;
    return 0;
  }
  std::string name = given[0];
  std::size_t words = 1;
  if (name == "dialect") {
    const std::string_view second = given.size() > 1 ? given[1] : "";
    name += " " + std::string(second);
    words = 2;
    if (std::ranges::find(tools, name, &tool::name) == std::end(tools))
      return misused(io, which_of_dialect(second));
  }
  const auto& t = *std::ranges::find(tools, name, &tool::name);
  arguments a;
  if (const auto why = read_arguments(given.subspan(words), t, a); !why.empty())
    return misused(io, why + "; --help tells more");
  return t.run(a, io);
}

}  // namespace inspect
