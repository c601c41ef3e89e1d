#include "config/command.hpp"

#include <ostream>
#include <string_view>

#include "config/config_file.hpp"
#include "config/help.hpp"
#include "config/migrate.hpp"
#include "config/schema.hpp"

namespace config {

namespace {

constexpr int exit_refused = 1, exit_misused = 2;

constexpr const char* completion_usage =
  "usage: socketqueue completion bash|zsh|fish\n"
  "\n"
  "Prints the completion of options for that shell. For this session of bash:\n"
  "  source <(socketqueue completion bash)\n";

constexpr const char* manual_usage =
  "usage: socketqueue man\n"
  "\n"
  "Prints the manual page. To read it:\n"
  "  socketqueue man | man -l -\n";

constexpr const char* migrate_usage =
  "usage: socketqueue migrate OLD.json [--json]\n"
  "\n"
  "Tells, option by option, what becomes of a configuration file of the old program:\n"
  "  kept       it means the same; where not quite, it says what has changed\n"
  "  renamed    it has another name now\n"
  "  neutral    its value says nothing, as \"\" or port 0\n"
  "  no effect  it does nothing beside the others\n"
  "  refused    this program does not start with it; it says why\n"
  "Nothing is changed. Exit status: 0 the file starts this program unchanged, 1 it does not, 2 misused.\n";

int misused(std::ostream& err, const std::string& why) {
  err << "socketqueue: " << why << "\n";
  return exit_misused;
}

int run_migrate(std::span<const char* const> arguments, std::ostream& out, std::ostream& err) {
  std::string path;
  bool as_json = false;
  for (const std::string_view a : arguments) {
    if (a == "--json")
      as_json = true;
    else if (a.starts_with("-"))
      return misused(err, "migrate has no option " + in_quotes(a) + "; migrate --help has all");
    else if (!path.empty())
      return misused(err, "migrate takes one file, not " + in_quotes(a) + " too");
    else
      path = a;
  }
  if (path.empty())
    return misused(err, "migrate needs the old program's configuration file: socketqueue migrate OLD.json");
  const auto done = migrate(path);
  if (const auto* why = std::get_if<std::string>(&done))
    return misused(err, *why);
  const auto& m = std::get<migration>(done);
  out << (as_json ? json_of(m) : text_of(m, path));
  return m.starts() ? 0 : exit_refused;
}

}  // namespace

bool is_config_command(std::span<const char* const> arguments) {
  if (arguments.empty())
    return false;
  const std::string_view word = arguments[0];
  return word == "completion" || word == "man" || word == "migrate";
}

int run_config_command(std::span<const char* const> arguments, std::ostream& out, std::ostream& err) {
  const std::string_view word = arguments[0];
  const auto rest = arguments.subspan(1);
  if (!rest.empty() && (std::string_view(rest[0]) == "--help" || std::string_view(rest[0]) == "-h")) {
    out << (word == "man" ? manual_usage : word == "migrate" ? migrate_usage : completion_usage);
    return 0;
  }
  if (word == "migrate")
    return run_migrate(rest, out, err);
  if (word == "man") {
    if (!rest.empty())
      return misused(
        err, "man takes no " + in_quotes(rest[0]) + "; it prints the page: socketqueue man | man -l -");
    out << manual_page();
    return 0;
  }
  const auto text = rest.size() == 1 ? completion_of(rest[0]) : std::nullopt;
  if (!text)
    return misused(err, "completion needs the name of a shell: socketqueue completion bash, zsh or fish");
  out << *text;
  return 0;
}

int print_text(const reading_settings& asked, std::ostream& out, std::ostream& err) {
  if (asked.version) {
    out << "socketqueue " << version() << "\n";
    return 0;
  }
  if (asked.help == "true") {
    out << help_text();
    return 0;
  }
  if (!asked.help.empty()) {
    const auto page = help_of(asked.help);
    if (!page)
      return misused(err, no_such_topic(asked.help));
    out << *page;
    return 0;
  }
  if (asked.help_json != "true" && asked.help_json != "sections" && asked.help_json != "schema")
    return misused(
      err, "helpJson must be sections or schema, or have no value, not " + in_quotes(asked.help_json));
  out << (asked.help_json == "schema" ? file_schema() : default_file(asked.help_json == "sections"));
  return 0;
}

}  // namespace config
