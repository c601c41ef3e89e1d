// The options of the emulator, and of the process itself.

#include "config/option_rows/table.hpp"
#include "config/option_values.hpp"

namespace config {

namespace {

constexpr option test_rows[]{
  {"echoServerPort", "test.bankPort", into<member<&settings::bank, &bank_settings::port>>, "port", "",
   "run the bank emulator here"},
  {"testRealLife", "test.realLife", into<member<&settings::bank, &bank_settings::real_life>>, "", "false",
   "the emulator cuts about 1 connection in 10 and repeats about 1 reply in 5"},
  {"testSilent", "test.silent", into<member<&settings::bank, &bank_settings::silent>>, "count", "",
   "the emulator leaves so many of 100 requests unanswered", zero_or(1, 100)},
  {"testLate", "test.late", into<member<&settings::bank, &bank_settings::late>>, "s", "",
   "the emulator answers each request so late", zero_or(0.001, day)},
  {"testResponseCode", "test.responseCode", into<member<&settings::bank, &bank_settings::response_code>>,
   "code", "",
   "the emulator answers financial requests with this code of field 39 and moves no money; echoes and "
   "reversals as ever"},
  {"testHangUp", "test.hangUp", into<member<&settings::bank, &bank_settings::hangs_up>>, "", "false",
   "the emulator hangs up on each request"},
  {"testControl", "test.control", into<member<&settings::bank, &bank_settings::control>>, "path", "",
   "a socket that the emulator makes here, for `socketqueue emulator silent`, which changes all that while "
   "it runs"},
  {"testClients", "test.clients", into<member<&settings::test_clients, &test_client_settings::count>>,
   "count", "", "run that many test clients; at the end the exit status tells whether all went well",
   zero_or(1, 100'000)},
  {"testTargetHost", "test.targetHost", into<member<&settings::test_clients, &test_client_settings::host>>,
   "host", "", "where the test clients connect"},
  {"testTargetPort", "test.targetPort", into<member<&settings::test_clients, &test_client_settings::port>>,
   "port", "", "its port"},
  {"testPurchases", "test.purchases", into<member<&settings::test_clients, &test_client_settings::purchases>>,
   "", "false", "the test clients send purchases too, each after an echo"},
};

constexpr option log_rows[]{
  {"v", "log.info", into<member<&settings::log, &log_settings::info>>, "", "false", "log what happens"},
  {"vv", "log.verbose", into<member<&settings::log, &log_settings::verbose>>, "", "false",
   "log every message too, as a table with card data masked"},
  {"silent", "log.silent", into<member<&settings::log, &log_settings::silent>>, "", "false",
   "nothing on the console"},
  {"logFile", "log.file", into<member<&settings::log, &log_settings::file>>, "path", "",
   "log into this file too; HUP opens it anew"},
  {"logFormat", "log.format", into<member<&settings::log, &log_settings::format>>, "what", "text",
   "the log on the console and in the file: text, or json, an object a line"},
  {"logstashHost", "log.logstash.host", into<member<&settings::log, &log_settings::logstash_host>>, "host",
   "", "send the log to Logstash too: a JSON object a line, over TCP"},
  {"logstashPort", "log.logstash.port", into<member<&settings::log, &log_settings::logstash_port>>, "port",
   "", "its port"},
  {"logstashNode", "log.logstash.node", into<member<&settings::log, &log_settings::logstash_node>>, "name",
   "SocketQueue", "the label of each line there"},
  {"dangerous", "log.dangerous", into<member<&settings::log, &log_settings::dangerous>>, "", "false",
   "no masking: card data in the log, in clear"},
};

constexpr option watch_rows[]{
  {"adminPort", "admin.port", into<member<&settings::admin, &admin_settings::port>>, "port", "",
   "HTTP for who watches the gateway: /readyz, /livez, /metrics, /v1/status and /v1/pending (docs/ADMIN.md)"},
  {"adminAddress", "admin.address", into<member<&settings::admin, &admin_settings::address>>, "address",
   "127.0.0.1", "the address of this machine where adminPort is open; 0.0.0.0 or :: for all"},
  {"adminTokenFile", "admin.tokenFile", into<member<&settings::admin, &admin_settings::token_file>>, "path",
   "",
   "who shows the token in this file may retry, reverse and resolve cases at adminPort; without it nobody "
   "may"},
  {"alarmCommand", "alarms.command", into<member<&settings::alarms, &alarm_settings::command>>, "path", "",
   "a program that is run, without a shell, for each alarm: a case that needs a person, a link that is down, "
   "a journal without room, the end of the gateway by itself. It gets the alarm as JSON on standard input, "
   "and 10 s (docs/OPERATIONS.md, Alarms)"},
  {"alarmUrl", "alarms.url", into<member<&settings::alarms, &alarm_settings::url>>, "url", "",
   "https://HOST:PORT/PATH where the same JSON is posted, signed with the secret of alarmSecretFile"},
  {"alarmSecretFile", "alarms.secretFile", into<member<&settings::alarms, &alarm_settings::secret_file>>,
   "path", "", "the file with that secret, 16 characters at least"},
  {"alarmCaFile", "alarms.caFile", into<member<&settings::alarms, &alarm_settings::ca_file>>, "path", "",
   "certificates (PEM) that vouch for that server; without it those of the system"},
  {"alarmLinkDown", "alarms.linkDown", into<member<&settings::alarms, &alarm_settings::link_down_after>>, "s",
   "60", "a link to the host that is down for that long is an alarm", zero_or(1, day)},
  {"nodePort", "node.port", into<member<&settings::node, &node_settings::port>>, "port", "",
   "other CAF nodes may look at the gateway here, as `socketqueue inspect` does (docs/INSPECT.md)"},
  {"nodeAddress", "node.address", into<member<&settings::node, &node_settings::address>>, "address",
   "127.0.0.1", "the address of this machine where nodePort is open; any but a loopback address needs TLS"},
  {"nodeTlsCertificate", "node.tls.certificate",
   into<member<&settings::node, &node_settings::certificate_file>>, "path", "",
   "TLS at nodePort: this side's certificate, a PEM file"},
  {"nodeTlsKey", "node.tls.key", into<member<&settings::node, &node_settings::key_file>>, "path", "",
   "TLS at nodePort: its key, a PEM file"},
  {"nodeTlsAuthority", "node.tls.authority", into<member<&settings::node, &node_settings::authority_file>>,
   "path", "",
   "TLS at nodePort: the authority, a PEM file, that must have signed the certificate of who connects"},
  {"statServerPort", "statistics.port", into<member<&settings::statistics_port>>, "port", "",
   "each connection to it receives the statistics as a line of JSON"},
  {"statDumpFile", "statistics.file", into<member<&settings::statistics_file>>, "path", "",
   "the file that keeps the statistics across restarts: read at the start, written every minute and at the "
   "end; HUP sets them to zero"},
};

constexpr option process_rows[]{
  {"c", "", into<member<&settings::reading, &reading_settings::file>>, "path", "",
   "read options from this file: JSON, in which // and /* */ comments may stand. The command line wins over "
   "it, and it over the environment",
   everything, standing::not_in_file},
  {"pidFile", "process.pidFile", into<member<&settings::pid_file>>, "path", "",
   "write the process id here; emptied at the end"},
  {"drainTimeout", "process.drainTimeout", into<member<&settings::drain_timeout>>, "s", "8",
   "how long the process may take to end after TERM; what is still open then is left to the journal and the "
   "next start",
   between(0.1, day)},
  {"check", "", into<member<&settings::reading, &reading_settings::check>>, "", "false",
   "check the configuration, the files that it names, the journal and the ports, and end: exit status 0, or "
   "2 with all faults. Nothing is changed, made or contacted",
   everything, standing::command_line},
  {"json", "", into<member<&settings::reading, &reading_settings::json>>, "", "false",
   "with check: the result as JSON", everything, standing::command_line},
  {"helpJson", "", into_word<member<&settings::reading, &reading_settings::help_json>>, "what", "",
   "a configuration file with all options and their defaults, and end; --helpJson=sections: by sections; "
   "--helpJson=schema: the JSON Schema of such a file",
   everything, standing::command_line},
  {"help", "", into_word<member<&settings::reading, &reading_settings::help>>, "topic", "",
   "this page; or of one topic, or of one option: --help=money, --help=echoInterval. -h is the same",
   everything, standing::command_line},
  {"version", "", into<member<&settings::reading, &reading_settings::version>>, "", "false",
   "the version, and end. -V is the same", everything, standing::command_line},
};

}  // namespace

std::span<const option> test_options() { return test_rows; }
std::span<const option> log_options() { return log_rows; }
std::span<const option> watch_options() { return watch_rows; }
std::span<const option> process_options() { return process_rows; }

}  // namespace config
