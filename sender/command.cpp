// Reads the command line and the gateway's options, from which it takes where the gateway is and what it
// speaks.

#include "sender/command.hpp"

#include <algorithm>
#include <ctime>
#include <iostream>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "actors/core/chosen_dialect.hpp"
#include "actors/core/framings.hpp"
#include "codec/exchange/renumber.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/message_table.hpp"
#include "codec/text/latin1.hpp"
#include "codec/validate.hpp"
#include "config/duration.hpp"
#include "config/load.hpp"
#include "inspect/arguments.hpp"
#include "sender/report.hpp"
#include "sender/request.hpp"

namespace sender {

namespace {

constexpr std::string_view usage =
  "usage: socketqueue send purchase|echo|reversal|MTI [NAME=VALUE ...]\n"
  "                        [--raw] [--to=HOST:PORT] [--dialect=D] [--header=H]\n"
  "                        [-c FILE] [--wait=T] [--timeout=T] [--json] [--force]\n"
  "\n"
  "Sends one message to a running gateway and shows the answer as a table, card\n"
  "data masked.\n"
  "\n"
  "  purchase  a purchase of 10.00 with a test card, of terminal 00992468\n"
  "  echo      a test of the way to the host\n"
  "  reversal  undoes a purchase: give the rrn of its response, or its stan and\n"
  "            local_time, and tid and amount\n"
  "  MTI       as 0200: a request with the fields that are given, and no others\n"
  "\n"
  "NAME is a field's alias, name or number in the dialect, or the path of a part\n"
  "(48.IN, 55.9F26), or tid, stan, rrn, pan, amount, currency, merchant;\n"
  "`socketqueue dialect table D` lists the dialect's. Without a VALUE the field is\n"
  "left out. An amount with a point is in the currency's units (10.00 of 643 is\n"
  "1000, of 392 it is 10), digits alone are in its smallest unit. The shell's\n"
  "history keeps what is typed: use test cards.\n"
  "\n"
  "  --raw            ISO 8583 over TCP, to listenPort; without it JSON over HTTP,\n"
  "                   to listenHttpPort\n"
  "  --to=HOST:PORT   where to; without it 127.0.0.1 and the port of FILE or of\n"
  "                   the environment (SOCKETQUEUE_LISTEN_HTTP_PORT, with --raw\n"
  "                   SOCKETQUEUE_LISTEN_PORT), else 8080; with --raw\n"
  "                   testTargetHost and testTargetPort where these are given,\n"
  "                   else 2014\n"
  "  --dialect=D      a built-in dialect, or a file; without it the hostConfig of\n"
  "                   FILE or of the environment, else smartVista\n"
  "  --header=H       with --raw: the frames there, as clientHeaderFormat, which\n"
  "                   FILE may have (none); a bank's host has length:n:4, where\n"
  "                   nobody says otherwise\n"
  "  -c FILE          the gateway's configuration\n"
  "  --wait=10s       how long nobody may listen there; without it that is an\n"
  "                   error at once\n"
  "  --timeout=45s    for the answer\n"
  "  --json           for a script: one object with outcome, text, request and\n"
  "                   response\n"
  "  --force          with --raw: send what breaks a rule of the dialect all the\n"
  "                   same\n"
  "\n"
  "Exit status: 0 approved; 1 declined, refused, or nobody is there; 2 wrong\n"
  "usage; 3 the outcome is not known.\n";

constexpr inspect::option_rule options[]{
  {"raw"},   {"to", inspect::takes::a_value},     {"dialect", inspect::takes::a_value},
  {"json"},  {"header", inspect::takes::a_value}, {"config", inspect::takes::a_value},
  {"force"}, {"wait", inspect::takes::a_value},   {"timeout", inspect::takes::a_value}};

constexpr std::size_t words_max = 200;
constexpr inspect::tool send_tool{
  "send", options, 1, words_max, "the kind of message: purchase, echo, reversal or an MTI as 0200", nullptr};

constexpr std::uint16_t usual_http_port = 8080, usual_raw_port = 2014;

int misused(std::ostream& err, const std::string& why) {
  err << "socketqueue: " << inspect::printable(why) << "\n";
  return static_cast<int>(verdict::misused);
}

// All that the command line and the gateway's options say.
struct call {
  bool is_http = true;
  bool as_json = false;
  bool by_force = false;
  destination to;
  codec::dialect dialect;
  net::framing how;
  codec::message request;
};

std::string read_time(const inspect::arguments& a, const std::string& name, const std::string& usual,
                      std::chrono::milliseconds& into) {
  const auto time = config::read_duration(a.value(name, usual));
  if (!time)
    return "--" + name + " needs a time with its unit, as 10s or 2min";
  into = *time;
  return "";
}

std::string read_destination(const inspect::arguments& a, const config::settings& s, call& c) {
  const auto& clients = s.test_clients;
  auto& at = c.to.at;
  at.host = clients.host.empty() ? "127.0.0.1" : clients.host;
  const auto http = s.http_listeners.front().port, raw = s.raw_listeners.front().port;
  at.port = c.is_http ? (http != 0 ? http : usual_http_port)
                      : (clients.port != 0 ? clients.port
                         : raw != 0        ? raw
                                           : usual_raw_port);
  if (a.has("to")) {
    const auto read = net::parse_targets(a.value("to"), at.port);
    if (const auto* why = std::get_if<std::string>(&read))
      return "--to: " + *why;
    const auto& all = std::get<std::vector<net::target>>(read);
    if (all.size() != 1)
      return "--to names one place: --to=HOST:PORT";
    at = all.front();
  }
  if (const auto why = read_time(a, "wait", "0", c.to.wait); !why.empty())
    return why;
  if (const auto why = read_time(a, "timeout", "45s", c.to.timeout); !why.empty())
    return why;
  return c.to.timeout.count() == 0 ? "--timeout needs a time that is not 0" : "";
}

std::string read_dialect(const inspect::arguments& a, const config::settings& s, call& c) {
  auto chosen = c.is_http ? s.http_listeners.front().dialect : s.raw_listeners.front().dialect;
  if (a.has("dialect")) {
    chosen = {};
    chosen.name = a.value("dialect");
  }
  auto d = actors::chosen_dialect(chosen);
  if (auto* why = std::get_if<std::string>(&d))
    return std::move(*why);
  c.dialect = std::get<codec::dialect>(std::move(d));
  if (c.is_http)
    return a.has("header") ? "--header is for --raw: HTTP has no frames" : "";
  auto frame = s.test_clients.frame;
  if (a.has("header"))
    frame.format = a.value("header");
  auto how = actors::client_framing(frame, c.dialect);
  if (auto* why = std::get_if<std::string>(&how))
    return (a.has("header") ? "--header, as " : "") + *why;
  c.how = std::get<net::framing>(std::move(how));
  return "";
}

std::chrono::local_seconds local_time() {
  const auto now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  return std::chrono::local_seconds(std::chrono::seconds(now + parts.tm_gmtoff));
}

std::string random_stan() {
  std::random_device source;
  return codec::stan_text(std::uniform_int_distribution<std::uint64_t>(1, 999999)(source));
}

std::string read_call(const inspect::arguments& a, std::span<const char* const> environment, call& c) {
  const auto path = "-c=" + a.value("config");
  const char* const of_file[]{path.c_str()};
  const auto loaded = config::load_all(
    a.has("config") ? std::span<const char* const>(of_file) : std::span<const char* const>(), environment);
  if (!loaded.is_whole)
    return loaded.faults.front();
  c.is_http = !a.has("raw");
  c.as_json = a.has("json");
  c.by_force = a.has("force");
  if (auto why = read_destination(a, loaded.what, c); !why.empty())
    return why;
  if (auto why = read_dialect(a, loaded.what, c); !why.empty())
    return why;
  auto m =
    make_request(a.words.front(), std::span(a.words).subspan(1), c.dialect, local_time(), random_stan());
  if (auto* why = std::get_if<std::string>(&m))
    return std::move(*why);
  c.request = std::get<codec::message>(std::move(m));
  return "";
}

// What a gateway would refuse without a word.
std::string broken_rules(const call& c) {
  std::string all;
  for (const auto& f : codec::broken_demands(c.request, c.dialect)) {
    const auto* spec = c.dialect.find(f.what.field);
    all += (all.empty() ? "" : "; ") + f.path + (spec ? " (" + spec->name + ")" : "") + ": " +
           std::string(codec::meaning(f.what.code));
  }
  return all;
}

// By number: the gateway's dialect may call the fields otherwise.
std::string json_of(const codec::message& m) {
  nlohmann::ordered_json object;
  for (const auto& [number, value] : m)
    object[number == codec::fields::mti ? "mti" : std::to_string(number)] = codec::utf8_of_latin1(value);
  return object.dump();
}

int carry_out(const call& c, std::ostream& out, std::ostream& err) {
  const auto bytes = codec::pack(c.request, c.dialect);
  if (!bytes)
    return misused(
      err, "this is no message of dialect " + c.dialect.name + ": " + codec::to_string(bytes.error()));
  if (!c.is_http && !c.by_force)
    if (const auto why = broken_rules(c); !why.empty())
      return misused(err, why + "; nothing was sent, --force sends it all the same");
  const auto e =
    c.is_http ? post(c.to, json_of(c.request)) : send_raw(c.to, *bytes, c.request, c.how, c.dialect);
  const auto r = report_of(e, c.is_http, c.to, c.request, c.dialect);
  if (c.as_json) {
    out << json_of(r, c.to, c.request, c.dialect);
  } else {
    if (e.is != exchanged::kind::not_sent)
      out << codec::utf8_of_latin1(codec::message_table(c.request, c.dialect)) << "\n";
    if (!r.table.empty())
      out << r.table << "\n" << r.sentence << "\n";
    else
      err << "socketqueue: " << r.sentence << "\n";
  }
  return static_cast<int>(r.is);
}

}  // namespace

bool is_send_command(std::span<const char* const> arguments) {
  return !arguments.empty() && std::string_view(arguments[0]) == "send";
}

int run_send(std::span<const char* const> given, std::span<const char* const> environment, std::ostream& out,
             std::ostream& err) {
  std::vector<const char*> words;
  std::string file;
  for (std::size_t i = 1; i < given.size(); ++i) {
    const std::string_view a = given[i];
    if (a == "--help" || a == "-h") {
      out << usage;
      return 0;
    }
    // The tools know long options alone.
    if (a == "-c" && i + 1 < given.size())
      file = "--config=" + std::string(given[++i]);
    else if (a.starts_with("-c="))
      file = "--config=" + std::string(a.substr(3));
    else
      words.push_back(given[i]);
  }
  if (!file.empty())
    words.push_back(file.c_str());
  inspect::arguments a;
  call c;
  auto why = inspect::read_arguments(words, send_tool, a);
  if (why.empty())
    why = read_call(a, environment, c);
  if (!why.empty())
    return misused(
      err,
      why + (why.ends_with("?") || why.ends_with("--help tells more") ? "" : "; send --help tells more"));
  return carry_out(c, out, err);
}

}  // namespace sender
