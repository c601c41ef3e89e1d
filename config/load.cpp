#include "config/load.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "config/file.hpp"
#include "config/options.hpp"

namespace config {

namespace {

using problem = std::optional<std::string>;

// As one line of reasonable length, whatever it is.
std::string quoted(std::string_view text) {
  constexpr std::size_t size_max = 80;
  std::string line(text.substr(0, size_max));
  std::ranges::replace_if(
    line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return "'" + line + (text.size() > size_max ? "...'" : "'");
}

// Options of the old program that this one does not have yet.
constexpr std::string_view not_there_yet[] = {"logstashHost", "logstashPort", "logstashNode",
                                              "statDumpFile", "helpJson",     "openWay"};

std::string unknown(std::string_view name, std::string_view where) {
  if (const auto now = renamed_option(name); !now.empty())
    return std::string(where) + "the option " + quoted(name) + " is called " + quoted(now) + " now";
  if (std::ranges::find(not_there_yet, name) != std::end(not_there_yet))
    return std::string(where) + "the option " + quoted(name) +
           " of the old program is not there yet; leave it out to go without it";
  const auto nearest = nearest_option(name);
  return std::string(where) + "there is no option " + quoted(name) +
         (nearest.empty() ? "; --help lists all" : "; did you mean " + quoted(nearest) + "?");
}

problem set_option(settings& s, const option& o, std::string_view text, std::string_view where) {
  if (const auto why = assign(s, o, text); !why.empty())
    return std::string(where) + std::string(o.name) + " " + why +
           (text.empty() ? "" : ", not " + quoted(text));
  return {};
}

// Assigns and remembers what the command line gave.
problem read_arguments(settings& s, std::span<const char* const> arguments,
                       std::set<std::string_view>& given) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const auto dashes = argument.starts_with("--") ? 2U : argument.starts_with("-") ? 1U : 0U;
    if (dashes == 0 || argument.size() == dashes)
      return "expected an option, or first of all a command (pending, retry, reverse, resolve, scenario, "
             "simulate), not " +
             quoted(argument) + "; --help lists all";
    const auto equals = argument.find('=');
    const auto name = argument.substr(dashes, equals == std::string_view::npos ? equals : equals - dashes);
    const auto* o = find_option(name);
    if (!o)
      return unknown(name, "");
    const bool is_flag = std::holds_alternative<bool settings::*>(o->where);
    const bool value_follows =
      i + 1 < arguments.size() && (!is_flag || std::string_view(arguments[i + 1]) == "true" ||
                                   std::string_view(arguments[i + 1]) == "false");
    std::string_view text;
    if (equals != std::string_view::npos)
      text = argument.substr(equals + 1);
    else if (value_follows)
      text = arguments[++i];
    else if (is_flag)
      text = "true";
    else
      return std::string(name) + " needs a value: --" + std::string(name) + "=" + std::string(o->value_name);
    if (auto why = set_option(s, *o, text, ""))
      return why;
    given.insert(o->name);
  }
  return {};
}

// What the command line would have said.
std::optional<std::string> as_text(const nlohmann::json& value) {
  if (value.is_string())
    return value.get<std::string>();
  if (value.is_number() || value.is_boolean())
    return value.dump();
  if (!value.is_array())
    return {};
  std::string list;
  for (const auto& item : value) {
    // A list of lists is no value, however deep it goes.
    const auto text = item.is_array() ? std::nullopt : as_text(item);
    if (!text)
      return {};
    list += (list.empty() ? "" : ",") + *text;
  }
  return list;
}

problem read_options(settings& s, const std::set<std::string_view>& given) {
  const auto where = s.config_file + ": ";
  const auto read = read_json_file(s.config_file);
  if (const auto* why = std::get_if<std::string>(&read))
    return where + "this configuration file " + *why;
  const auto content = nlohmann::json::parse(std::get<file_text>(read).text, nullptr, false);
  if (content.is_discarded())
    return where + "this configuration file is not JSON; expected a JSON object of options";
  if (!content.is_object())
    return where + "expected a JSON object of options";
  for (const auto& [name, value] : content.items()) {
    const auto* o = find_option(name);
    if (!o || o->name == "c")
      return unknown(name, where);
    if (given.contains(o->name))
      continue;
    const auto text = as_text(value);
    if (!text)
      return where + std::string(o->name) + " must be text, a number, true or false";
    if (auto why = set_option(s, *o, *text, where))
      return why;
  }
  return {};
}

problem check_word(const char* name, const std::string& word, std::initializer_list<std::string_view> known) {
  if (std::ranges::find(known, word) != known.end())
    return {};
  std::string all;
  for (const auto k : known)
    all += (all.empty() ? "" : ", ") + std::string(k);
  return std::string(name) + " must be one of " + all + ", not '" + word + "'";
}

// Options whose value is one of a few words.
problem check_words(const settings& s) {
  if (auto why = check_word("onClientGone", s.on_client_gone, {"wait_reply", "immediate"}))
    return why;
  if (auto why = check_word("clientDelivery", s.client_delivery, {"tcp", "idempotent"}))
    return why;
  if (auto why = check_word("httpDelivery", s.http_delivery, {"tcp", "idempotent", "confirm"}))
    return why;
  if (auto why = check_word("unknownFields", s.unknown_fields, {"forward", "refuse"}))
    return why;
  if (auto why = check_word("stanScope", s.stan_scope, {"second", "day"}))
    return why;
  return check_word("unconfirmed", s.unconfirmed, {"keep", "reverse"});
}

// Options that need each other.
problem check(const settings& s) {
  if (s.upstream_host.empty() != (s.upstream_port == 0))
    return "upstreamHost and upstreamPort belong together; " +
           std::string(s.upstream_port == 0 ? "upstreamPort" : "upstreamHost") + " is missing";
  if (!s.upstream_host.empty() && s.upstream_listen_port != 0)
    return "either upstreamHost (we connect) or upstreamListenPort (the host connects), not both";
  if (s.has_upstream() && !s.has_clients())
    return "a gateway needs clients: give listenPort or listenHttpPort";
  if (!s.has_upstream() && s.has_clients())
    return "a gateway needs a host: give upstreamHost and upstreamPort, or upstreamListenPort";
  if (s.test_clients != 0 && (s.test_target_host.empty() || s.test_target_port == 0))
    return "testClients needs testTargetHost and testTargetPort";
  if (!s.has_upstream() && s.echo_server_port == 0 && s.test_clients == 0)
    return "nothing to do: give upstreamHost, upstreamPort and listenPort or listenHttpPort for a gateway, "
           "echoServerPort for a bank emulator, "
           "or testClients, testTargetHost and testTargetPort; --help lists all";
  if (s.max_queue == 0)
    return "maxQueue must be at least 1";
  return {};
}

}  // namespace

settings defaults() {
  settings s;
  for (const auto& group : option_groups())
    for (const auto& o : group.options)
      if (!o.default_text.empty())
        assign(s, o, o.default_text);
  return s;
}

std::string default_journal() {
  const char* directories = std::getenv("STATE_DIRECTORY");
  const std::string_view first = directories ? std::string_view(directories) : std::string_view();
  return first.empty() ? "./socketqueue-state" : std::string(first.substr(0, first.find(':')));
}

std::variant<settings, std::string> load(std::span<const char* const> arguments) {
  auto s = defaults();
  std::set<std::string_view> given;
  if (auto why = read_arguments(s, arguments, given))
    return *why;
  if (s.help)
    return s;
  if (!s.config_file.empty())
    if (auto why = read_options(s, given))
      return *why;
  if (s.smart_vista)
    s.host_config = "smartVista";
  if (auto why = check(s))
    return *why;
  if (auto why = check_words(s))
    return *why;
  if (s.journal.empty())
    s.journal = default_journal();
  return s;
}

}  // namespace config
