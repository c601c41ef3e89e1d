#include "config/help.hpp"

#include <algorithm>
#include <vector>

#include "config/config_file.hpp"
#include "config/links.hpp"
#include "config/variables.hpp"

namespace config {

namespace {

constexpr std::size_t page_width = 80;

constexpr paragraph closing[]{
  {"environment", "Environment",
   "Each option may be given by a variable: --upstreamHost by SOCKETQUEUE_UPSTREAM_HOST, --vv by "
   "SOCKETQUEUE_VV=true. The -c FILE wins over it, and the command line over both. An empty variable says "
   "nothing; one of a name that is none is refused, but for those by which Docker and Kubernetes tell of a "
   "service called socketqueue. STATE_DIRECTORY: where the journal is when no option says it."},
  {"signals", "Signals",
   "TERM and INT end it when everything in flight is answered, or after --drainTimeout; at once when sent "
   "twice. HUP opens the log file anew, sets the statistics to zero and reads the configuration again: what "
   "can change while the gateway runs does, and the log says what changed and what needs a restart. A "
   "configuration with a fault changes nothing."},
  {"status", "Exit status",
   "0: it has ended in order, or the command has done what it should. 1: it ran, and something failed: a "
   "part, "
   "the disk, a test client; or a command has found what it looks for, as cases that need a person. 2: wrong "
   "arguments or configuration, or it could not start; nothing was sent."},
};

// Appends `text` in lines of at most `page_width`, all but the first of them indented. `column`: where it
// begins.
void append_wrapped(std::string& page, std::string_view text, std::size_t column, std::size_t indent) {
  bool is_first = true;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (!is_first && column + 1 + end > page_width) {
      page += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!is_first) {
      page += ' ';
      ++column;
    }
    is_first = false;
    page += text.substr(0, end);
    column += end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  page += "\n";
}

// `left`, and `text` in a column beside it, or below where `left` is longer.
void append_row(std::string& page, const std::string& left, std::string_view text, std::size_t column) {
  page += left;
  page +=
    left.size() + 2 <= column ? std::string(column - left.size(), ' ') : "\n" + std::string(column, ' ');
  append_wrapped(page, text, column, column);
}

void append_option(std::string& page, const option& o) {
  constexpr std::size_t text_column = 28;
  append_row(page, "  " + usage_of(o), text_with_default(o), text_column);
}

void append_group(std::string& page, const option_group& group) {
  page += std::string(group.title) + " (--help=" + std::string(group.topic) + ")\n";
  for (const auto& o : group.options)
    append_option(page, o);
}

void append_commands(std::string& page) {
  constexpr std::size_t text_column = 36;
  for (const auto& c : commands())
    if (!c.example.empty())
      append_row(page, "  " + std::string(c.example), c.text, text_column);
}

void append_paragraph(std::string& page, const paragraph& p) {
  page += std::string(p.title) + "\n  ";
  append_wrapped(page, p.text, 2, 2);
}

std::string page_of(const option& o) {
  std::string page = usage_of(o) + "\n  ";
  append_wrapped(page, o.text, 2, 2);
  page += "\n";
  constexpr std::size_t column = 16;
  append_row(page, "  value", o.where.kind == value_kind::word ? "none, or a word" : expected_of(o), column);
  append_row(page, "  default", o.default_text.empty() ? "none" : o.default_text, column);
  if (o.stands == standing::everywhere)
    append_row(page, "  in the file",
               "\"" + std::string(o.name) + "\"" +
                 (o.path.empty() ? "" : ", or by section \"" + std::string(o.path) + "\""),
               column);
  if (o.stands != standing::command_line)
    append_row(page, "  environment", variable_of(o), column);
  return page;
}

std::vector<std::string_view> topics() {
  std::vector<std::string_view> all{"commands"};
  for (const auto& group : option_groups())
    all.push_back(group.topic);
  for (const auto& p : closing)
    all.push_back(p.topic);
  return all;
}

}  // namespace

std::string_view version() { return SOCKETQUEUE_VERSION; }

std::span<const paragraph> closing_paragraphs() { return closing; }

std::string usage_of(const option& o) {
  if (o.name == "c")
    return "-c FILE";
  const auto name = "--" + std::string(o.name);
  if (o.where.kind == value_kind::word)
    return name + "[=" + std::string(o.value_name) + "]";
  return name + (o.value_name.empty() ? "" : "=" + std::string(o.value_name));
}

std::string text_with_default(const option& o) {
  return std::string(o.text) + (o.default_text.empty() || o.default_text == "false"
                                  ? ""
                                  : " (default " + std::string(o.default_text) + ")");
}

std::string help_text() {
  std::string page =
    "socketqueue: an ISO 8583 gateway between a bank's host and its clients\n"
    "\n"
    "usage: socketqueue --name=value ...   or --name value\n"
    "       socketqueue -c FILE            JSON, by the same names or by sections\n"
    "       socketqueue COMMAND ...\n"
    "\n"
    "An option that is given twice has its last value; a value that begins with --\n"
    "needs the form --name=value. --help=TOPIC shows a part of this page: ";
  std::string all;
  for (const auto topic : topics())
    all += (all.empty() ? "" : ", ") + std::string(topic);
  append_wrapped(page, all + ", or the name of an option.", 70, 0);
  page +=
    "\nA gateway, a bank emulator, test clients; one process may be any mix of them:\n"
    "  socketqueue --upstreamHost=10.0.0.1 --upstreamPort=5000 --listenPort=2014 --vv\n"
    "  socketqueue --echoServerPort=5000 --vv\n"
    "  socketqueue --testTargetHost=localhost --testTargetPort=2014 --testClients=10\n"
    "\nCommands, where the first word is one (--help=commands)\n";
  append_commands(page);
  for (const auto& group : option_groups()) {
    page += "\n";
    append_group(page, group);
  }
  for (const auto& p : closing) {
    page += "\n";
    append_paragraph(page, p);
  }
  return page;
}

std::optional<std::string> help_of(std::string_view topic) {
  std::string page;
  if (topic == "commands") {
    append_commands(page);
    return page;
  }
  for (const auto& group : option_groups())
    if (group.topic == topic) {
      append_group(page, group);
      return page;
    }
  for (const auto& p : closing)
    if (p.topic == topic) {
      append_paragraph(page, p);
      return page;
    }
  if (is_link_list(topic))
    return std::string(topic) +
           ": a list in a configuration file, not an option of the command line: several links to\n"
           "hosts, their groups, and which cards go to which; docs/HOST_LINK.md has them.\n";
  if (const auto* o = find_option(topic))
    return page_of(*o);
  if (const auto* o = find_by_path(topic))
    return page_of(*o);
  return {};
}

std::string no_such_topic(std::string_view topic) {
  auto names = topics();
  for (const auto& group : option_groups())
    for (const auto& o : group.options)
      names.push_back(o.name);
  const auto near = nearest(topic, names);
  return "help: there is no topic or option " + in_quotes(topic) +
         (near.empty() ? "; --help lists all" : "; did you mean " + in_quotes(near) + "?");
}

}  // namespace config
