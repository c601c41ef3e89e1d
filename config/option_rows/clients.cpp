// The options of clients, their queue, and the money that they move.

#include "config/option_rows/table.hpp"
#include "config/option_values.hpp"

namespace config {

namespace {

constexpr option client_rows[]{
  {"listenPort", "clients.raw.port", into<raw<&raw_listener_settings::port>>, "port", "",
   "ISO 8583 clients over TCP connect here"},
  {"listenHttpPort", "clients.http.port", into<http<&http_listener_settings::port>>, "port", "",
   "HTTP clients connect here: JSON at / and /v1, hexadecimal at /raw"},
  {"clientHeaderFormat", "clients.raw.headerFormat",
   into<raw<&raw_listener_settings::frame, &frame_settings::format>,
        member<&settings::test_clients, &test_client_settings::frame, &frame_settings::format>>,
   "frame", "none",
   "the header of messages at listenPort, and of the test clients: as headerFormat; none: a message ends "
   "where its fields end"},
  {"clientTimeout", "clients.timeout",
   into<raw<&raw_listener_settings::idle_max>, http<&http_listener_settings::idle_max>>, "s", "",
   "close a client that sends nothing for that long; without it only a message begun must be finished, "
   "within 60 s",
   zero_or(0.1, day)},
  {"idleTimeout", "clients.raw.idleTimeout", into<raw<&raw_listener_settings::silent_max>>, "s", "600",
   "close a raw client that has all its answers and sends nothing for that long; clientTimeout takes its "
   "place where it is given, and clients with clientHostRequests stay; 0: never",
   zero_or(0.1, day)},
  {"clientKeepOpen", "clients.raw.keepOpen", into<raw<&raw_listener_settings::keep_open>>, "", "false",
   "keep a client's connection open for more messages; else it is closed when all its messages are answered"},
  {"trustedProxies", "clients.trustedProxies", into<member<&settings::proxies, &proxy_settings::trusted>>,
   "list", "",
   "proxies in front of the clients' ports, as upstreamAllow has addresses: they alone are believed when "
   "they tell a client's address (X-Forwarded-For, proxyProtocol)"},
  {"proxyProtocol", "clients.proxyProtocol",
   into<member<&settings::proxies, &proxy_settings::uses_the_protocol>>, "", "false",
   "each connection at listenPort and listenHttpPort comes from one of trustedProxies, and begins with its "
   "PROXY header, version 1 or 2; others are hung up on"},
  {"clientHostRequests", "clients.raw.hostRequests", into<raw<&raw_listener_settings::takes_host_requests>>,
   "", "false",
   "a raw client gets the host's requests for each terminal of which it has sent a message, over the "
   "connection that stays open (clientKeepOpen); which of them is the dialect's (hostRequests)"},
  {"hostRequestUrl", "hostRequests.url", into<member<&settings::host_requests, &host_request_settings::url>>,
   "url", "",
   "https://HOST:PORT/PATH where the host's requests that no client takes are posted as JSON, signed with "
   "the secret of hostRequestSecretFile (docs/DIALECTS.md, Requests of the host)"},
  {"hostRequestSecretFile", "hostRequests.secretFile",
   into<member<&settings::host_requests, &host_request_settings::secret_file>>, "path", "",
   "the file with that secret, 16 characters at least"},
  {"hostRequestCaFile", "hostRequests.caFile",
   into<member<&settings::host_requests, &host_request_settings::ca_file>>, "path", "",
   "certificates (PEM) that vouch for that server; without it those of the system"},
  {"hostRequestCards", "hostRequests.cards",
   into<member<&settings::host_requests, &host_request_settings::cards>>, "what", "masked",
   "what of card data is posted: masked, or full, over https or to this machine alone"},
};

constexpr option queue_rows[]{
  {"maxQueue", "queue.max", into<member<&settings::queue, &queue_settings::messages_max>>, "count", "100",
   "messages of clients inside the gateway at a time; more wait, within queueTimeout, until there is room",
   between(1, 1'000'000)},
  {"refuseWhenFull", "queue.refuseWhenFull",
   into<member<&settings::queue, &queue_settings::refuse_when_full>>, "", "false",
   "refuse at once what is beyond maxQueue"},
  {"queueLockTerminal", "queue.lockTerminal", into<member<&settings::queue, &queue_settings::lock_terminal>>,
   "", "true", "one message in flight per terminal, others wait"},
  {"queueTimeout", "queue.timeout", into<member<&settings::queue, &queue_settings::timeout>>, "s", "35",
   "the time for a client's message, from its arrival to its answer", between(0.1, day)},
  {"queueShortTimeout", "queue.shortTimeout", into<member<&settings::queue, &queue_settings::short_timeout>>,
   "s", "5", "the same for messages of the gateway's own", between(0.1, day)},
  {"queueMessageKeyFields", "dialect.keyFields", every_dialect<&dialect_settings::key_fields>, "numbers", "",
   "fields that pair a response with its request; without it those of the dialect, else 11,41"},
  {"hostTimeout", "upstream.hostTimeout", into<host<&upstream_settings::host_timeout>>, "s", "",
   "how long the host may take for its answer; without it, what is left of queueTimeout", zero_or(0.1, day)},
  {"stanScope", "queue.stanScope", into<member<&settings::queue, &queue_settings::scope>>, "scope", "second",
   "a purchase is refused where its TID and STAN are those of one that is open, or of one that was sent with "
   "the same field 12 (second), or of an approved one of its day (day)"},
  {"restampStan", "queue.restampStan", into<member<&settings::queue, &queue_settings::restamp_stan>>, "",
   "false",
   "the host gets a STAN of the gateway's own with each financial request, and the client finds its own in "
   "the response; so clients that count alike do not disturb each other"},
  {"unknownFields", "dialect.unknownFields",
   into<host<&upstream_settings::on_unknown>, raw<&raw_listener_settings::on_unknown>>, "what", "forward",
   "messages with fields that the dialect does not know, with bytes behind their end or blanks among digits: "
   "forward, the bytes go on as they came and what can be read decides (without a header, a client's message "
   "with such a field ends when it pauses for 0.2 s); refuse"},
};

constexpr option money_rows[]{
  {"journal", "money.journal", into<member<&settings::journal, &journal_settings::directory>>, "path", "",
   "directory of the journal; without it $STATE_DIRECTORY, else ./socketqueue-state. none: no journal, and "
   "what is under way when the process fails is lost"},
  {"journalKeyFile", "money.journalKeyFile", into<member<&settings::journal, &journal_settings::key_file>>,
   "path", "",
   "the key that seals card data in the journal, made on the first start; without it journal.key in its "
   "directory"},
  {"journalAdopt", "money.journalAdopt", into<member<&settings::journal, &journal_settings::adopt>>, "",
   "false",
   "accept for this start a journal that was copied, restored or lacks records: only where nothing else "
   "works on the original any more; its open cases wait for an operator (`socketqueue pending`)"},
  {"noAutoReversal", "money.noAutoReversal",
   into<member<&settings::delivery, &delivery_settings::no_auto_reversal>>, "", "false",
   "do not reverse automatically: purchases of unknown outcome wait for an operator (`socketqueue pending`)"},
  {"onClientGone", "clients.onGone", into<member<&settings::delivery, &delivery_settings::on_client_gone>>,
   "what", "wait_reply",
   "what to do when a client disconnects while the host works on its purchase: wait_reply waits for the "
   "answer and reverses an approval, immediate reverses at once"},
  {"clientDelivery", "clients.raw.delivery", into<member<&settings::delivery, &delivery_settings::raw>>,
   "delivery", "tcp",
   "when a raw client has its approval: tcp, when its TCP has acknowledged it; idempotent, also when it "
   "sends the same again within 30 s; confirm, when it says so by a message that the dialect names "
   "(confirmation)"},
  {"httpDelivery", "clients.http.delivery", into<member<&settings::delivery, &delivery_settings::http>>,
   "delivery", "idempotent",
   "the same for HTTP clients that send an Idempotency-Key: tcp, idempotent, or confirm, when they say so at "
   "/v1/messages/ID/confirm"},
  {"unconfirmed", "money.unconfirmed", into<member<&settings::delivery, &delivery_settings::of_unconfirmed>>,
   "what", "keep",
   "approvals that an earlier process may not have delivered: keep them on the list of `socketqueue "
   "pending`, or reverse those whose client does not ask within 30 s. Raw clients with clientDelivery=tcp "
   "cannot ask: theirs are reversed even if they have read them"},
  {"unconfirmedAge", "money.unconfirmedAge",
   into<member<&settings::delivery, &delivery_settings::unconfirmed_age>>, "time", "24h",
   "an approval that was kept on the list for so long ends as approved, and its TID and STAN are free; 0: "
   "never. Counted from the start of the process, in s, min, h or d",
   zero_or(60, year)},
};

}  // namespace

std::span<const option> client_options() { return client_rows; }
std::span<const option> queue_options() { return queue_rows; }
std::span<const option> money_options() { return money_rows; }

}  // namespace config
