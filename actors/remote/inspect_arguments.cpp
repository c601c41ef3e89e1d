#include "actors/remote/inspect_arguments.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "config/option_values.hpp"
#include "config/options.hpp"

namespace actors {

const char* const inspect_usage =
  "usage: socketqueue inspect HOST:PORT [VIEW] [--json] [--watch]\n"
  "\n"
  "Looks at a running gateway through its --nodePort (docs/INSPECT.md); nothing can be changed there.\n"
  "\n"
  "  summary        all at one glance; this is meant where no view is named\n"
  "  stats          what became of messages, how many a minute, and how long they took\n"
  "  link           the links to the bank's hosts, and their last changes\n"
  "  terminals      who waits, how long, and what for\n"
  "  pending        open cases\n"
  "  actors         the parts of the gateway: restarts, and messages that wait\n"
  "  transactions   the last messages of clients\n"
  "\n"
  "  --json         one line of JSON, as the admin port has it\n"
  "  --watch        live, in a terminal: q leaves, w, t, c and l choose what is listed\n"
  "  --nodeTlsCertificate=PATH --nodeTlsKey=PATH --nodeTlsAuthority=PATH   where the gateway has them\n"
  "\n"
  "Exit status: 0 done; 1 there is no such node, or no answer; 2 misused.\n";

namespace {

constexpr std::string_view views[] = {"summary", "stats",  "link",        "terminals",
                                      "pending", "actors", "transactions"};

// "10.0.0.1:2016", "[::1]:2016". What is wrong; empty: nothing.
std::string read_place(std::string_view text, config::node_settings& into) {
  const auto colon = text.rfind(':');
  auto host = text.substr(0, std::min(colon, text.size()));
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  const auto digits = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into.port);
  if (host.empty() || error != std::errc() || end != digits.data() + digits.size() || into.port == 0)
    return "'" + std::string(text) + "' is no HOST:PORT, as 127.0.0.1:2016";
  into.address = host;
  return {};
}

// Whether `argument` is a file of TLS, as "--name=path".
bool read_file_of_tls(std::string_view argument, config::node_settings& into) {
  const std::pair<std::string_view, std::string*> files[] = {
    {"--nodeTlsCertificate=", &into.certificate_file},
    {"--nodeTlsKey=", &into.key_file},
    {"--nodeTlsAuthority=", &into.authority_file}};
  for (const auto& [name, file] : files)
    if (argument.starts_with(name) && argument.size() > name.size()) {
      *file = argument.substr(name.size());
      return true;
    }
  return false;
}

std::string read_word(std::string_view word, bool has_place, bool& has_view, inspect_request& into) {
  if (!has_place)
    return read_place(word, into.where);
  if (std::exchange(has_view, true))
    return "one view at a time: '" + std::string(word) + "' is too much";
  if (std::ranges::find(views, word) != std::end(views)) {
    into.view = word;
    return {};
  }
  const auto near = config::nearest(word, views);
  return "there is no view '" + std::string(word) + "'" +
         (near.empty() ? ": summary, stats, link, terminals, pending, actors or transactions"
                       : "; did you mean '" + std::string(near) + "'?");
}

}  // namespace

std::variant<inspect_request, std::string> read_inspect(std::span<const char* const> arguments) {
  inspect_request r;
  bool has_place = false, has_view = false;
  for (const std::string_view a : arguments) {
    std::string why;
    if (a == "--json")
      r.json = true;
    else if (a == "--watch")
      r.watch = true;
    else if (a == "--help")
      r.help = true;
    else if (a.starts_with("--") && !read_file_of_tls(a, r.where))
      why = "inspect has no option " + std::string(a) + "; files are given as --nodeTlsKey=PATH";
    else if (!a.starts_with("--")) {
      why = read_word(a, has_place, has_view, r);
      has_place = true;
    }
    if (!why.empty())
      return why;
  }
  if (r.help)
    return r;
  if (!has_place)
    return "inspect needs to know where: socketqueue inspect HOST:PORT";
  const auto& w = r.where;
  if (w.certificate_file.empty() != w.key_file.empty() || w.key_file.empty() != w.authority_file.empty())
    return "nodeTlsCertificate, nodeTlsKey and nodeTlsAuthority belong together";
  if (r.watch && r.json)
    return "--watch is for a terminal, --json for a program; give one of the two";
  return r;
}

}  // namespace actors
