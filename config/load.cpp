#include "config/load.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "config/file.hpp"
#include "config/links.hpp"
#include "config/options.hpp"
#include "config/printable.hpp"

namespace config {

namespace {

using problem = std::optional<std::string>;

// One line of limited length, whatever the text contains.
std::string quoted(std::string_view text) {
  constexpr std::size_t shown_max = 80;
  return "'" + printable(text.substr(0, shown_max), '?') + (text.size() > shown_max ? "...'" : "'");
}

// Options of the old program that this one does not have.
constexpr std::string_view not_there_yet[] = {"logstashHost", "logstashPort", "logstashNode", "helpJson"};

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

// Recognizes "--vv", and "-v" where there is such an option: the option in front of it is missing its value.
bool is_option(std::string_view argument) {
  if (argument.starts_with("--"))
    return true;
  return argument.starts_with("-") && find_option(argument.substr(1, argument.find('=') - 1)) != nullptr;
}

std::string needs_value(const option& o, std::string_view next) {
  const auto name = std::string(o.name), given = (name == "c" ? "-" : "--") + name + "=";
  return name + " needs a value" +
         (next.empty() ? ": " + given + std::string(o.value_name)
                       : ", and " + quoted(next) + " is an option: " + given + std::string(o.value_name) +
                           "; a value that begins so is written " + given + printable(next, '?'));
}

// A word where an option was due. In front of all it may have been meant as a command.
std::string no_option(std::string_view word, bool is_first) {
  std::vector<std::string_view> names;
  std::string all;
  for (const auto& c : commands()) {
    names.push_back(c.name);
    all += (all.empty() ? "" : ", ") + std::string(c.name);
  }
  if (const auto near = is_first ? nearest(word, names) : std::string_view(); !near.empty())
    return "there is no command " + quoted(word) + "; did you mean " + quoted(near) + "?";
  return "expected an option, or first of all a command (" + all + "), not " + quoted(word) +
         "; --help lists all";
}

// Assigns the options and adds their names to `given`: the command line wins over the file.
problem read_arguments(settings& s, std::span<const char* const> arguments,
                       std::set<std::string_view>& given) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const auto dashes = argument.starts_with("--") ? 2U : argument.starts_with("-") ? 1U : 0U;
    if (dashes == 0 || argument.size() == dashes)
      return no_option(argument, i == 0);
    const auto equals = argument.find('=');
    const auto name = argument.substr(dashes, equals == std::string_view::npos ? equals : equals - dashes);
    const auto* o = find_option(name);
    if (!o)
      return unknown(name, "");
    const bool is_flag = o->where.is_flag;
    const bool value_follows =
      i + 1 < arguments.size() && (!is_flag || std::string_view(arguments[i + 1]) == "true" ||
                                   std::string_view(arguments[i + 1]) == "false");
    std::string_view text;
    if (equals != std::string_view::npos)
      text = argument.substr(equals + 1);
    else if (value_follows && !is_option(arguments[i + 1]))
      text = arguments[++i];
    else if (is_flag)
      text = "true";
    else
      return needs_value(*o, value_follows ? arguments[i + 1] : "");
    if (auto why = set_option(s, *o, text, ""))
      return why;
    given.insert(o->name);
  }
  return {};
}

// The value as the command line would have it.
std::optional<std::string> as_text(const nlohmann::json& value) {
  if (value.is_string())
    return value.get<std::string>();
  if (value.is_number() || value.is_boolean())
    return value.dump();
  if (!value.is_array())
    return {};
  std::string list;
  for (const auto& item : value) {
    // Nested lists are not values; refusing them here also bounds the recursion.
    const auto text = item.is_array() ? std::nullopt : as_text(item);
    if (!text)
      return {};
    list += (list.empty() ? "" : ",") + *text;
  }
  return list;
}

// A member that stands twice in one object, as the path of its first: "upstreams.name".
class twice_watch {
public:
  nlohmann::json::parser_callback_t watch() {
    return [this](int, nlohmann::json::parse_event_t event, const nlohmann::json& value) {
      using is = nlohmann::json::parse_event_t;
      if (event == is::object_start)
        open_.emplace_back();
      else if (event == is::object_end)
        open_.pop_back();
      else if (event == is::key && !open_.back().insert(value.get<std::string>()).second && name_.empty())
        name_ = value.get<std::string>();
      return true;
    };
  }
  const std::string& name() const { return name_; }

private:
  std::vector<std::set<std::string>> open_;
  std::string name_;
};

problem read_option(settings& s, const std::string& name, const nlohmann::json& value,
                    const std::set<std::string_view>& given, const std::string& where) {
  const auto* o = find_option(name);
  if (!o || o->name == "c")
    return unknown(name, where);
  if (given.contains(o->name))
    return {};
  const auto text = as_text(value);
  if (!text)
    return where + std::string(o->name) + " must be text, a number, true or false";
  return set_option(s, *o, *text, where);
}

problem read_options(settings& s, const std::set<std::string_view>& given, nlohmann::json& content) {
  const auto where = s.reading.file + ": ";
  const auto read = read_json_file(s.reading.file);
  if (const auto* why = std::get_if<std::string>(&read))
    return where + "this configuration file " + *why;
  twice_watch twice;
  content = nlohmann::json::parse(std::get<file_text>(read).text, twice.watch(), false);
  if (content.is_discarded())
    return where + "this configuration file is not JSON; expected a JSON object of options";
  if (!content.is_object())
    return where + "expected a JSON object of options";
  if (!twice.name().empty())
    return where + "the option " + quoted(std::string_view(twice.name())) +
           " stands there twice; leave one of them";
  for (const auto& [name, value] : content.items())
    if (!is_link_list(name))
      if (auto why = read_option(s, name, value, given, where))
        return why;
  return {};
}

// Checks where a link leads to. `where`: in front of an error.
problem check_link(const upstream_settings& host, const std::string& where) {
  if (host.host.empty() != (host.port == 0))
    return where + "upstreamHost and upstreamPort belong together; " +
           std::string(host.port == 0 ? "upstreamPort" : "upstreamHost") + " is missing";
  if (!host.host.empty() && host.listen_port != 0)
    return where + "either upstreamHost (we connect) or upstreamListenPort (the host connects), not both";
  if (host.listen_port != 0 && host.allowed.empty())
    return where +
           "upstreamListenPort needs upstreamAllow, the addresses or networks from which the host connects, "
           "as --upstreamAllow=10.1.2.3; without it the first program that connects would be the bank";
  if (host.listen_port == 0 && !host.allowed.empty())
    return where + "upstreamAllow belongs to upstreamListenPort, where the host connects";
  if (host.liveness.echo_timeout == std::chrono::milliseconds(0))
    return where + "echoTimeout must be seconds, 0.001 to 86400: nothing ends within no time";
  return {};
}

problem check_links(const settings& s) {
  const bool is_list = !s.groups.empty();
  for (std::size_t i = 0; i < s.upstreams.size(); ++i) {
    const auto where = is_list ? s.reading.file + ": upstreams[" + std::to_string(i) + "]: " : "";
    if (auto why = check_link(s.upstreams[i], where))
      return why;
    if (is_list && !s.upstreams[i].is_given())
      return where + "it leads nowhere: give it upstreamHost and upstreamPort, or upstreamListenPort";
  }
  return {};
}

bool is_loopback(std::string_view address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

// Who reaches the port without TLS could speak to actors, so it is this machine alone.
problem check_node(const node_settings& n) {
  const std::pair<const char*, const std::string*> files[] = {{"nodeTlsCertificate", &n.certificate_file},
                                                              {"nodeTlsKey", &n.key_file},
                                                              {"nodeTlsAuthority", &n.authority_file}};
  const auto given = std::ranges::count_if(files, [](const auto& f) { return !f.second->empty(); });
  for (const auto& [name, file] : files)
    if (given != 0 && file->empty())
      return "nodeTlsCertificate, nodeTlsKey and nodeTlsAuthority belong together; " + std::string(name) +
             " is missing";
  if (n.port != 0 && given == 0 && !is_loopback(n.address))
    return "nodeAddress=" + n.address +
           ": nodePort is open to other machines only with TLS; give nodeTlsCertificate, nodeTlsKey and "
           "nodeTlsAuthority, or a loopback address (docs/INSPECT.md)";
  return {};
}

// Checks the options that depend on each other.
problem check(const settings& s) {
  const auto& clients = s.test_clients;
  if (auto why = check_links(s))
    return why;
  for (const auto& [name, time] :
       {std::pair("queueTimeout", s.queue.timeout), std::pair("queueShortTimeout", s.queue.short_timeout)})
    if (time == std::chrono::milliseconds(0))
      return std::string(name) + " must be seconds, 0.001 to 86400: nothing ends within no time";
  if (s.has_upstream() && !s.has_clients())
    return "a gateway needs clients: give listenPort or listenHttpPort";
  if (!s.has_upstream() && s.has_clients())
    return "a gateway needs a host: give upstreamHost and upstreamPort, or upstreamListenPort";
  if (clients.count != 0 && (clients.host.empty() || clients.port == 0))
    return "testClients needs testTargetHost and testTargetPort";
  if (!s.has_upstream() && s.bank.port == 0 && clients.count == 0)
    return "nothing to do: give upstreamHost, upstreamPort and listenPort or listenHttpPort for a gateway, "
           "echoServerPort for a bank emulator, "
           "or testClients, testTargetHost and testTargetPort; --help lists all";
  if (s.journal.is_kept() &&
      std::ranges::equal(s.journal.directory, std::string_view("none"), {},
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }))
    return "journal is " + quoted(std::string_view(s.journal.directory)) +
           ": give --journal=none for no journal, or --journal=./" + s.journal.directory +
           " for a directory of that name";
  if (const auto& raw = s.raw_listeners.front(); raw.takes_host_requests && !raw.keep_open)
    return "clientHostRequests needs clientKeepOpen: a client that is to get requests stays connected";
  if (const auto& hook = s.host_requests; hook.url.empty() != hook.secret_file.empty())
    return "hostRequestUrl and hostRequestSecretFile belong together; " +
           std::string(hook.url.empty() ? "hostRequestUrl" : "hostRequestSecretFile") + " is missing";
  if (const auto& a = s.alarms; a.url.empty() != a.secret_file.empty())
    return "alarmUrl and alarmSecretFile belong together; " +
           std::string(a.url.empty() ? "alarmUrl" : "alarmSecretFile") + " is missing";
  if (const auto& a = s.alarms; (!a.command.empty() || !a.url.empty()) && !s.has_upstream())
    return std::string(a.command.empty() ? "alarmUrl" : "alarmCommand") +
           " belongs to a gateway: give upstreamHost and upstreamPort, or upstreamListenPort";
  if (auto why = check_node(s.node))
    return why;
  if (s.queue.messages_max == 0)
    return "maxQueue must be a whole number, 1 to 1000000";
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
  if (s.reading.help)
    return s;
  nlohmann::json content = nlohmann::json::object();
  if (!s.reading.file.empty())
    if (auto why = read_options(s, given, content))
      return *why;
  if (s.reading.smart_vista)
    assign(s, *find_option("hostConfig"), "smartVista");
  if (s.reading.open_way)
    assign(s, *find_option("hostConfig"), "openWay");
  if (auto why = read_link_lists(s, content))
    return s.reading.file + ": " + *why;
  if (auto why = check(s))
    return *why;
  if (s.journal.directory.empty())
    s.journal.directory = default_journal();
  return s;
}

}  // namespace config
