// The options of the host's links. A link of the list `upstreams` may have them as its own.

#include "config/option_rows/table.hpp"
#include "config/option_values.hpp"

namespace config {

namespace {

constexpr option host_rows[]{
  {"upstreamHost", "upstream.host", into<host<&upstream_settings::host>>, "host", "",
   "the bank's host to connect to; or several, with commas and ports of their own where these differ: "
   "a,b:5001. The next is dialed where one cannot be reached"},
  {"upstreamPort", "upstream.port", into<host<&upstream_settings::port>>, "port", "", "its port"},
  {"upstreamListenPort", "upstream.listenPort", into<host<&upstream_settings::listen_port>>, "port", "",
   "wait for the bank's host to connect here instead; one connection at a time"},
  {"upstreamInTurn", "upstream.inTurn", into<host<&upstream_settings::in_turn>>, "", "false",
   "of several hosts, a new link begins with the one behind the last; else always with the first"},
  {"upstreamAllow", "upstream.allow", into<host<&upstream_settings::allowed>>, "list", "",
   "who may connect to upstreamListenPort: addresses and networks with commas, as 10.1.2.3, 10.0.0.0/8, ::1; "
   "any: every program that reaches the port gets the cards of your clients"},
  {"upstreamProve", "upstream.prove", host_liveness<&liveness_settings::prove>, "", "false",
   "send nothing else on a new host link before the host has answered an echo"},
  {"echoInterval", "upstream.echo.interval", host_liveness<&liveness_settings::echo_interval>, "s", "60",
   "after that long without a word of the host it is asked by an echo, and requests wait until it says "
   "something; 0: never",
   zero_or(1, day)},
  {"echoTimeout", "upstream.echo.timeout", host_liveness<&liveness_settings::echo_timeout>, "s", "10",
   "how long it may take for that", between(0.1, day)},
  {"echoMisses", "upstream.echo.misses", host_liveness<&liveness_settings::echo_misses>, "count", "3",
   "close the host link when so many echoes in a row are not answered; 0: never", zero_or(1, 1000)},
  {"requestMisses", "upstream.requestMisses", host_liveness<&liveness_settings::request_misses>, "count", "3",
   "the same for requests of clients", zero_or(1, 1000)},
  {"upstreamTimeout", "upstream.timeout", host_liveness<&liveness_settings::silence_max>, "s", "",
   "close the host link after that long without data from it while an answer is due", zero_or(1, day)},
  {"hostConfig", "dialect.name", every_dialect<&dialect_settings::name>, "name", "smartVista",
   "dialect of the host: smartVista, openWay, iso87-ascii, iso87-ascii-binbitmap, iso87-bcd, iso87-binary, "
   "iso87-ebcdic, iso93-ascii, iso93-bcd, pos-bcd, postilion, or the path of a dialect file"},
  {"smartVista", "", into<member<&settings::reading, &reading_settings::smart_vista>>, "", "false",
   "the old spelling of hostConfig=smartVista"},
  {"openWay", "", into<member<&settings::reading, &reading_settings::open_way>>, "", "false",
   "the old spelling of hostConfig=openWay"},
  {"overrides", "dialect.overrides", every_dialect<&dialect_settings::overrides>, "list", "",
   "field:type[:length],... replaces the type, and the length, of single fields: 1:bitmap-hex:8,39:an:2"},
  {"networkConfig", "dialect.network", every_dialect<&dialect_settings::network>, "path", "",
   "a file with the network management of the host, in place of what the dialect says: which requests it "
   "sends, what opens and ends the link (docs/DIALECTS.md, network)"},
  {"exchangeConfig", "dialect.exchange", every_dialect<&dialect_settings::exchange>, "path", "",
   "a file with what the host does beside responding, each key in place of what the dialect says: network, "
   "rejects, rrn, confirmation, hostRequests (docs/DIALECTS.md)"},
  {"useHeader", "upstream.header.use", host_frame<&frame_settings::is_used>, "", "true",
   "messages on the host link have a header in front"},
  {"headerFormat", "upstream.header.format", host_frame<&frame_settings::format>, "frame", "",
   "that header, of the bank emulator too; without it the dialect's, else length:n:4. none, ascii4, "
   "ascii4-inclusive, bin2, bin2-inclusive, bin2+tpdu, bcd2, bcd2+tpdu, stx-etx-lrc, visa, base24; or its "
   "elements (docs/DIALECTS.md, Frames); or the old form, name:type:length[:default],..."},
  {"lengthIncludeHeader", "upstream.header.lengthIncludesHeader",
   host_frame<&frame_settings::length_includes_header>, "", "false",
   "the length of the old form counts the header too"},
};

}  // namespace

std::span<const option> host_options() { return host_rows; }

}  // namespace config
