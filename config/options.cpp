#include "config/options.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <numeric>
#include <string>
#include <utility>

#include "config/option_values.hpp"

namespace config {

namespace {

constexpr option host_options[]{
  {"upstreamHost", into<host<&upstream_settings::host>>, "host", "",
   "the bank's host to connect to; or several, with commas and ports of their own where these differ: "
   "a,b:5001. The next is dialed where one cannot be reached"},
  {"upstreamPort", into<host<&upstream_settings::port>>, "port", "", "its port"},
  {"upstreamListenPort", into<host<&upstream_settings::listen_port>>, "port", "",
   "wait for the bank's host to connect here instead; one connection at a time"},
  {"upstreamInTurn", into<host<&upstream_settings::in_turn>>, "", "false",
   "of several hosts, a new link begins with the one behind the last; else always with the first"},
  {"upstreamAllow", into<host<&upstream_settings::allowed>>, "list", "",
   "who may connect to upstreamListenPort: addresses and networks with commas, as 10.1.2.3, 10.0.0.0/8, ::1; "
   "any: every program that reaches the port gets the cards of your clients"},
  {"upstreamProve", host_liveness<&liveness_settings::prove>, "", "false",
   "send nothing else on a new host link before the host has answered an echo"},
  {"echoInterval", host_liveness<&liveness_settings::echo_interval>, "s", "60",
   "after that long without a word of the host it is asked by an echo, and requests wait until it says "
   "something; 0: never"},
  {"echoTimeout", host_liveness<&liveness_settings::echo_timeout>, "s", "10",
   "how long it may take for that"},
  {"echoMisses", host_liveness<&liveness_settings::echo_misses>, "count", "3",
   "close the host link when so many echoes in a row are not answered; 0: never"},
  {"requestMisses", host_liveness<&liveness_settings::request_misses>, "count", "3",
   "the same for requests of clients"},
  {"upstreamTimeout", host_liveness<&liveness_settings::silence_max>, "s", "",
   "close the host link after that long without data from it while an answer is due"},
  {"hostConfig", every_dialect<&dialect_settings::name>, "name", "smartVista",
   "dialect of the host: smartVista, openWay, iso87-ascii, iso87-ascii-binbitmap, iso87-bcd, iso87-binary, "
   "iso87-ebcdic, iso93-ascii, iso93-bcd, pos-bcd, postilion, or the path of a dialect file"},
  {"smartVista", into<member<&settings::reading, &reading_settings::smart_vista>>, "", "false",
   "the old spelling of hostConfig=smartVista"},
  {"openWay", into<member<&settings::reading, &reading_settings::open_way>>, "", "false",
   "the old spelling of hostConfig=openWay"},
  {"overrides", every_dialect<&dialect_settings::overrides>, "list", "",
   "field:type[:length],... replaces the type, and the length, of single fields: 1:bitmap-hex:8,39:an:2"},
  {"networkConfig", every_dialect<&dialect_settings::network>, "path", "",
   "a file with the network management of the host, in place of what the dialect says: which requests it "
   "sends, what opens and ends the link (docs/DIALECTS.md, network)"},
  {"exchangeConfig", every_dialect<&dialect_settings::exchange>, "path", "",
   "a file with what the host does beside responding, each key in place of what the dialect says: network, "
   "rejects, rrn, confirmation, hostRequests (docs/DIALECTS.md)"},
  {"useHeader", host_frame<&frame_settings::is_used>, "", "true",
   "messages on the host link have a header in front"},
  {"headerFormat", host_frame<&frame_settings::format>, "frame", "",
   "that header, of the bank emulator too; without it the dialect's, else length:n:4. none, ascii4, "
   "ascii4-inclusive, bin2, bin2-inclusive, bin2+tpdu, "
   "bcd2, bcd2+tpdu, stx-etx-lrc, visa, base24; or its elements (docs/DIALECTS.md, Frames); or the old form, "
   "name:type:length[:default],..."},
  {"lengthIncludeHeader", host_frame<&frame_settings::length_includes_header>, "", "false",
   "the length of the old form counts the header too"},
};

constexpr option client_options[]{
  {"listenPort", into<raw<&raw_listener_settings::port>>, "port", "",
   "ISO 8583 clients over TCP connect here"},
  {"listenHttpPort", into<http<&http_listener_settings::port>>, "port", "",
   "HTTP clients connect here: JSON at / and /v1, hexadecimal at /raw"},
  {"clientHeaderFormat",
   into<raw<&raw_listener_settings::frame, &frame_settings::format>,
        member<&settings::test_clients, &test_client_settings::frame, &frame_settings::format>>,
   "frame", "none",
   "the header of messages at listenPort, and of the test clients: as headerFormat; none: a message ends "
   "where "
   "its fields end"},
  {"clientTimeout", into<raw<&raw_listener_settings::idle_max>, http<&http_listener_settings::idle_max>>, "s",
   "",
   "close a client that sends nothing for that long; without it only a message begun must be finished, "
   "within 60 s"},
  {"clientKeepOpen", into<raw<&raw_listener_settings::keep_open>>, "", "false",
   "keep a client's connection open for more messages; else it is closed when all its messages are answered"},
  {"clientHostRequests", into<raw<&raw_listener_settings::takes_host_requests>>, "", "false",
   "a raw client gets the host's requests for each terminal of which it has sent a message, over the "
   "connection that stays open (clientKeepOpen); which of them is the dialect's (hostRequests)"},
  {"hostRequestUrl", into<member<&settings::host_requests, &host_request_settings::url>>, "url", "",
   "https://HOST:PORT/PATH where the host's requests that no client takes are posted as JSON, signed with "
   "the "
   "secret of hostRequestSecretFile (docs/DIALECTS.md, Requests of the host)"},
  {"hostRequestSecretFile", into<member<&settings::host_requests, &host_request_settings::secret_file>>,
   "path", "", "the file with that secret, 16 characters at least"},
  {"hostRequestCaFile", into<member<&settings::host_requests, &host_request_settings::ca_file>>, "path", "",
   "certificates (PEM) that vouch for that server; without it those of the system"},
  {"hostRequestCards", into<member<&settings::host_requests, &host_request_settings::cards>>, "what",
   "masked", "what of card data is posted: masked, or full, over https or to this machine alone"},
};

constexpr option queue_options[]{
  {"maxQueue", into<member<&settings::queue, &queue_settings::messages_max>>, "count", "100",
   "messages of clients inside the gateway at a time; more are refused"},
  {"queueLockTerminal", into<member<&settings::queue, &queue_settings::lock_terminal>>, "", "true",
   "one message in flight per terminal, others wait"},
  {"queueTimeout", into<member<&settings::queue, &queue_settings::timeout>>, "s", "35",
   "the time for a client's message, from its arrival to its answer"},
  {"queueShortTimeout", into<member<&settings::queue, &queue_settings::short_timeout>>, "s", "5",
   "the same for messages of the gateway's own"},
  {"queueMessageKeyFields", every_dialect<&dialect_settings::key_fields>, "numbers", "",
   "fields that pair a response with its request; without it those of the dialect, else 11,41"},
  {"hostTimeout", into<host<&upstream_settings::host_timeout>>, "s", "",
   "how long the host may take for its answer; without it, what is left of queueTimeout"},
  {"stanScope", into<member<&settings::queue, &queue_settings::scope>>, "scope", "second",
   "a purchase is refused where its TID and STAN are those of one that is open, or of one that was sent with "
   "the same field 12 (second), or of an approved one of its day (day)"},
  {"restampStan", into<member<&settings::queue, &queue_settings::restamp_stan>>, "", "false",
   "the host gets a STAN of the gateway's own with each financial request, and the client finds its own in "
   "the "
   "response; so clients that count alike do not disturb each other"},
  {"unknownFields", into<host<&upstream_settings::on_unknown>, raw<&raw_listener_settings::on_unknown>>,
   "what", "forward",
   "messages with fields that the dialect does not know, with bytes behind their end or blanks among digits: "
   "forward, the bytes go on as they came and what can be read decides; refuse"},
};

constexpr option money_options[]{
  {"journal", into<member<&settings::journal, &journal_settings::directory>>, "path", "",
   "directory of the journal; without it $STATE_DIRECTORY, else ./socketqueue-state. none: no journal, and "
   "what is under way when the process fails is lost"},
  {"journalKeyFile", into<member<&settings::journal, &journal_settings::key_file>>, "path", "",
   "the key that seals card data in the journal, made on the first start; without it journal.key in its "
   "directory"},
  {"journalAdopt", into<member<&settings::journal, &journal_settings::adopt>>, "", "false",
   "accept for this start a journal that was copied, restored or lacks records: only where nothing else "
   "works on the original any more; its open cases wait for an operator (`socketqueue pending`)"},
  {"noAutoReversal", into<member<&settings::delivery, &delivery_settings::no_auto_reversal>>, "", "false",
   "do not reverse automatically: purchases of unknown outcome wait for an operator (`socketqueue pending`)"},
  {"onClientGone", into<member<&settings::delivery, &delivery_settings::on_client_gone>>, "what",
   "wait_reply",
   "what to do when a client disconnects while the host works on its purchase: wait_reply waits for the "
   "answer and reverses "
   "an approval, immediate reverses at once"},
  {"clientDelivery", into<member<&settings::delivery, &delivery_settings::raw>>, "delivery", "tcp",
   "when a raw client has its approval: tcp, when its TCP has acknowledged it; idempotent, also when it "
   "sends the same again within 30 s; confirm, when it says so by a message that the dialect names "
   "(confirmation)"},
  {"httpDelivery", into<member<&settings::delivery, &delivery_settings::http>>, "delivery", "idempotent",
   "the same for HTTP clients that send an Idempotency-Key: tcp, idempotent, or confirm, when they say so at "
   "/v1/messages/ID/confirm"},
  {"unconfirmed", into<member<&settings::delivery, &delivery_settings::of_unconfirmed>>, "what", "keep",
   "approvals that an earlier process may not have delivered: keep them on the list of `socketqueue "
   "pending`, or "
   "reverse those whose client does not ask within 30 s. Raw clients with clientDelivery=tcp cannot ask: "
   "theirs are reversed even if they have read them"},
  {"unconfirmedAge", into<member<&settings::delivery, &delivery_settings::unconfirmed_age>>, "time", "24h",
   "an approval that was kept on the list for so long ends as approved, and its TID and STAN are free; 0: "
   "never. Counted from the start of the process, in s, min, h or d"},
};

constexpr option test_options[]{
  {"echoServerPort", into<member<&settings::bank, &bank_settings::port>>, "port", "",
   "run the bank emulator here"},
  {"testRealLife", into<member<&settings::bank, &bank_settings::real_life>>, "", "false",
   "the emulator cuts about 1 connection in 10 and repeats about 1 reply in 5"},
  {"testClients", into<member<&settings::test_clients, &test_client_settings::count>>, "count", "",
   "run that many test clients; at the end the exit status tells whether all went well"},
  {"testTargetHost", into<member<&settings::test_clients, &test_client_settings::host>>, "host", "",
   "where the test clients connect"},
  {"testTargetPort", into<member<&settings::test_clients, &test_client_settings::port>>, "port", "",
   "its port"},
  {"testPurchases", into<member<&settings::test_clients, &test_client_settings::purchases>>, "", "false",
   "the test clients send purchases too, each after an echo"},
};

constexpr option process_options[]{
  {"c", into<member<&settings::reading, &reading_settings::file>>, "path", "",
   "read options from this JSON file; the command line wins"},
  {"v", into<member<&settings::log, &log_settings::info>>, "", "false", "log what happens"},
  {"vv", into<member<&settings::log, &log_settings::verbose>>, "", "false",
   "log every message too, as a table with card data masked"},
  {"silent", into<member<&settings::log, &log_settings::silent>>, "", "false", "nothing on the console"},
  {"logFile", into<member<&settings::log, &log_settings::file>>, "path", "",
   "log into this file too; HUP opens it anew"},
  {"dangerous", into<member<&settings::log, &log_settings::dangerous>>, "", "false",
   "no masking: card data in the log, in clear"},
  {"adminPort", into<member<&settings::admin, &admin_settings::port>>, "port", "",
   "HTTP for who watches the gateway: /readyz, /livez, /metrics, /v1/status and /v1/pending (docs/ADMIN.md)"},
  {"adminAddress", into<member<&settings::admin, &admin_settings::address>>, "address", "127.0.0.1",
   "the address of this machine where adminPort is open; 0.0.0.0 or :: for all"},
  {"adminTokenFile", into<member<&settings::admin, &admin_settings::token_file>>, "path", "",
   "who shows the token in this file may retry, reverse and resolve cases at adminPort; without it nobody "
   "may"},
  {"alarmCommand", into<member<&settings::alarms, &alarm_settings::command>>, "path", "",
   "a program that is run, without a shell, for each alarm: a case that needs a person, a link that is down, "
   "a "
   "journal without room, the end of the gateway by itself. It gets the alarm as JSON on standard input, and "
   "10 s (docs/OPERATIONS.md, Alarms)"},
  {"alarmUrl", into<member<&settings::alarms, &alarm_settings::url>>, "url", "",
   "https://HOST:PORT/PATH where the same JSON is posted, signed with the secret of alarmSecretFile"},
  {"alarmSecretFile", into<member<&settings::alarms, &alarm_settings::secret_file>>, "path", "",
   "the file with that secret, 16 characters at least"},
  {"alarmCaFile", into<member<&settings::alarms, &alarm_settings::ca_file>>, "path", "",
   "certificates (PEM) that vouch for that server; without it those of the system"},
  {"alarmLinkDown", into<member<&settings::alarms, &alarm_settings::link_down_after>>, "s", "60",
   "a link to the host that is down for that long is an alarm"},
  {"nodePort", into<member<&settings::node, &node_settings::port>>, "port", "",
   "other CAF nodes may look at the gateway here, as `socketqueue inspect` does (docs/INSPECT.md)"},
  {"nodeAddress", into<member<&settings::node, &node_settings::address>>, "address", "127.0.0.1",
   "the address of this machine where nodePort is open; any but a loopback address needs TLS"},
  {"nodeTlsCertificate", into<member<&settings::node, &node_settings::certificate_file>>, "path", "",
   "TLS at nodePort: this side's certificate, a PEM file"},
  {"nodeTlsKey", into<member<&settings::node, &node_settings::key_file>>, "path", "",
   "TLS at nodePort: its key, a PEM file"},
  {"nodeTlsAuthority", into<member<&settings::node, &node_settings::authority_file>>, "path", "",
   "TLS at nodePort: the authority, a PEM file, that must have signed the certificate of who connects"},
  {"statServerPort", into<member<&settings::statistics_port>>, "port", "",
   "each connection to it receives the statistics as a line of JSON"},
  {"statDumpFile", into<member<&settings::statistics_file>>, "path", "",
   "the file that keeps the statistics across restarts: read at the start, written every minute and at the "
   "end; HUP sets them to zero"},
  {"pidFile", into<member<&settings::pid_file>>, "path", "", "write the process id here; emptied at the end"},
  {"help", into<member<&settings::reading, &reading_settings::help>>, "", "false", "this page"},
};

constexpr option_group groups[]{
  {"The bank's host", host_options},
  {"Clients", client_options},
  {"Queue", queue_options},
  {"Money", money_options},
  {"Bank emulator and test clients", test_options},
  {"Process", process_options},
};

constexpr command command_table[]{
  {"pending", "socketqueue pending", "what a running gateway has to reverse; pending --help"},
  {"retry", "", ""},
  {"reverse", "", ""},
  {"resolve", "", ""},
  {"inspect", "socketqueue inspect HOST:PORT", "looks at a running gateway, once or live; inspect --help"},
  {"scenario", "socketqueue scenario scenarios/",
   "plays stories, examples of what can happen; scenario --help"},
  {"simulate", "socketqueue simulate --runs=1000",
   "plays random faults and audits the money; simulate --help"},
  {"describe", "socketqueue describe 30323030...", "a message as a table of its fields; describe --help"},
  {"encode", "socketqueue encode FILE", "the way back: JSON to a message"},
  {"diff", "socketqueue diff A B", "two messages, field by field"},
  {"detect", "socketqueue detect FILE", "which dialects and headers fit a message"},
  {"dialect", "socketqueue dialect check FILE", "checks, prints, lists and imports dialects"},
};

// Levenshtein distance, ignoring case.
std::size_t distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i]) == lower(b[j]) ? 0U : 1U);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

template <class Visit>
void for_each_option(Visit on_accept) {
  for (const auto& group : groups)
    for (const auto& o : group.options)
      on_accept(o);
}

// Wraps `text` to lines of at most `width`; all lines but the first are indented by `indent` spaces.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (column + end > width && column > indent) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    }
    out += text.substr(0, end);
    column += end;
    text.remove_prefix(end);
    if (!text.empty()) {
      text.remove_prefix(1);
      if (column < width)
        out += ' ';
      ++column;
    }
  }
  return out;
}

}  // namespace

std::span<const option_group> option_groups() { return groups; }

const option* find_option(std::string_view name) {
  const option* found = nullptr;
  for_each_option([&](const option& o) {
    if (o.name == name)
      found = &o;
  });
  return found;
}

std::string_view renamed_option(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> renamed[] = {{"clientContract", "clientDelivery"},
                                                                       {"httpContract", "httpDelivery"}};
  for (const auto& [old_name, new_name] : renamed)
    if (name == old_name)
      return new_name;
  return {};
}

std::string_view nearest(std::string_view name, std::span<const std::string_view> names) {
  std::string_view nearest;
  auto least = std::max<std::size_t>(name.size() / 3, 1) + 1;
  for (const auto other : names)
    if (const auto d = distance(name, other); d < least) {
      least = d;
      nearest = other;
    }
  return nearest;
}

std::string_view nearest_option(std::string_view name) {
  std::vector<std::string_view> names;
  for_each_option([&](const option& o) {
    if (o.name.size() > 2)
      names.push_back(o.name);
  });
  return nearest(name, names);
}

std::span<const command> commands() { return command_table; }

std::string assign(settings& into, const option& o, std::string_view text) {
  return o.where.read(into, text);
}

std::string help_text() {
  std::string page =
    "socketqueue: an ISO 8583 gateway between a bank's host and its clients\n"
    "\n"
    "usage: socketqueue --name=value ...    or --name value, or -c FILE with a JSON object of the same "
    "names;\n"
    "       an option that is given twice has its last value; a value that begins with -- needs the "
    "--name=value\n"
    "\n"
    "  gateway         socketqueue --upstreamHost=10.0.0.1 --upstreamPort=5000 --listenPort=2014 --vv\n"
    "  bank emulator   socketqueue --echoServerPort=5000 --vv\n"
    "  test clients    socketqueue --testTargetHost=localhost --testTargetPort=2014 --testClients=10 --vv\n"
    "\n"
    "One process may run any mix of these three. It does something else where the first word is a command:\n"
    "\n";
  for (const auto& c : command_table)
    if (!c.example.empty()) {
      auto left = "  " + std::string(c.example);
      left.resize(std::max<std::size_t>(left.size() + 2, 38), ' ');
      page += left + std::string(c.text) + "\n";
    }
  constexpr std::size_t text_column = 34;
  for (const auto& group : groups) {
    page += "\n" + std::string(group.title) + "\n";
    for (const auto& o : group.options) {
      auto left =
        "  --" + std::string(o.name) + (o.value_name.empty() ? "" : "=" + std::string(o.value_name));
      if (o.name == "c")
        left = "  -c FILE";
      left.resize(std::max(left.size() + 2, text_column), ' ');
      auto text = std::string(o.text);
      if (!o.default_text.empty() && o.default_text != "false")
        text += " (default " + std::string(o.default_text) + ")";
      page += left + wrapped(text, text_column, 110) + "\n";
    }
  }
  page +=
    "\nSignals: TERM and INT end it when everything in flight is answered, at once when sent twice;\n"
    "HUP opens the log file anew, resets the statistics and, where the -c FILE has a list of links, reads it "
    "again.\n";
  return page;
}

}  // namespace config
