// The settings of a process as plain values, a struct for each of its parts. config/options.cpp fills them
// from the options, and has the defaults.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace config {

using std::chrono::milliseconds;

/// What to do with messages of which the dialect cannot read every part.
enum class unknown_fields : std::uint8_t { forward, refuse };

/// What to do when a client disconnects while the host works on its transaction.
enum class client_gone : std::uint8_t { wait_reply, immediate };

/// What proves that a client has its approval (docs/LIFECYCLE.md).
enum class raw_delivery : std::uint8_t { tcp, idempotent, confirm };
enum class http_delivery : std::uint8_t { tcp, idempotent, confirm };

/// How long a TID and a STAN belong to one transaction.
enum class stan_scope : std::uint8_t { second, day };

/// Which link of a group gets the next request.
enum class link_order : std::uint8_t {
  first,          ///< the first one that can have it
  in_turn,        ///< the one behind that of the last request
  least_pending,  ///< the one with the fewest requests that are not answered
};

/// What becomes of approvals that an earlier process may not have delivered.
enum class unconfirmed : std::uint8_t { keep, reverse };

/// What of a card the operator's server is shown.
enum class card_view : std::uint8_t { masked, full };

/// Which dialect its messages have.
struct dialect_settings {
  std::string name;             ///< of a built-in dialect, or the path of a file
  std::string overrides;        ///< "1:bitmap-hex:8,39:an:2"
  std::vector<int> key_fields;  ///< these pair a response with its request; empty: the dialect's
  std::string network = {};     ///< the path of a file with its network management; empty: the dialect's
  std::string exchange = {};    ///< the same with what the host does beside responding

  friend bool operator==(const dialect_settings&, const dialect_settings&) = default;
};

/// The header and trailer of its messages.
struct frame_settings {
  bool is_used = true;                  ///< false: messages follow each other without any
  std::string format;                   ///< a name or elements (net/frame); empty: the dialect's
  bool length_includes_header = false;  ///< of the old form

  friend bool operator==(const frame_settings&, const frame_settings&) = default;
};

/// When a host counts as gone though its link stands. 0 switches each off.
struct liveness_settings {
  milliseconds echo_interval{};    ///< it is asked by an echo after that long without a word of it
  milliseconds echo_timeout{};     ///< for its answer
  std::size_t echo_misses = 0;     ///< so many echoes unanswered in a row end the link
  std::size_t request_misses = 0;  ///< so many requests
  milliseconds silence_max{};      ///< so long nothing was received, though an answer is due
  bool prove = false;              ///< a new link carries nothing else before an echo was answered

  friend bool operator==(const liveness_settings&, const liveness_settings&) = default;
};

/// A link to a bank's host.
struct upstream_settings {
  std::string name;               ///< empty: the only one
  std::string host;               ///< where the gateway connects to it; several with commas (net/tcp/target)
  std::uint16_t port = 0;         ///< there
  bool in_turn = false;           ///< several: a dial begins behind the one that was connected last
  std::uint16_t listen_port = 0;  ///< where it connects to the gateway instead
  std::string allowed;            ///< who may connect there (net/tcp/networks)
  dialect_settings dialect;
  frame_settings frame;
  unknown_fields on_unknown = unknown_fields::forward;
  liveness_settings liveness;
  milliseconds host_timeout{};  ///< for its response; 0: as much time as is left of the queue's
  std::map<int, std::string> set_fields = {};  ///< values that it gets in each request of another dialect

  bool is_given() const { return !host.empty() || listen_port != 0; }

  friend bool operator==(const upstream_settings&, const upstream_settings&) = default;
};

/// Links to one bank: a request goes over any of them, and so does its reversal.
struct group_settings {
  std::string name;                ///< stands in the journal's records
  std::vector<std::string> links;  ///< by name
  link_order order = link_order::first;
  std::chrono::seconds back{};      ///< a link that was lost must be up for so long before it is used again
  std::vector<std::string> before;  ///< its earlier names in the journal's records

  friend bool operator==(const group_settings&, const group_settings&) = default;
};

/// Of cards, by the first digits of their numbers, or of terminals: from the first to the last.
struct number_range {
  std::string first, last;  ///< empty: all

  bool is_all() const { return first.empty(); }
  friend bool operator==(const number_range&, const number_range&) = default;
};

/// Which group gets the transactions of these cards at these terminals.
struct route_settings {
  number_range cards, terminals;
  std::string group;

  friend bool operator==(const route_settings&, const route_settings&) = default;
};

/// A port of raw clients.
struct raw_listener_settings {
  std::uint16_t port = 0;  ///< 0: not open
  dialect_settings dialect;
  frame_settings frame;
  unknown_fields on_unknown = unknown_fields::forward;
  milliseconds idle_max{};    ///< 0: the default, for unfinished messages only
  milliseconds silent_max{};  ///< where that is 0: for clients that have all their answers; 0: for ever
  bool keep_open = false;
  bool takes_host_requests = false;  ///< clients get the host's requests for the terminals they serve
};

/// A port of HTTP clients.
struct http_listener_settings {
  std::uint16_t port = 0;  ///< 0: not open
  dialect_settings dialect;
  milliseconds idle_max{};  ///< 0: the default, for unfinished messages only
};

/// What stands in front of the clients' ports.
struct proxy_settings {
  std::string trusted;  ///< who may say whose connection it passes on (net/tcp/networks); empty: nobody
  bool uses_the_protocol = false;  ///< each connection begins with a PROXY header
};

struct queue_settings {
  std::size_t messages_max = 0;
  bool refuse_when_full = false;  ///< else more messages wait until there is room, within `timeout`
  bool lock_terminal = true;
  milliseconds timeout{};
  milliseconds short_timeout{};  ///< of messages of the gateway's own
  stan_scope scope = stan_scope::second;
  bool restamp_stan = false;  ///< the host gets STANs of the gateway's own
};

/// How approvals reach clients, and what becomes of those that do not.
struct delivery_settings {
  raw_delivery raw = raw_delivery::tcp;
  http_delivery http = http_delivery::idempotent;
  client_gone on_client_gone = client_gone::wait_reply;
  unconfirmed of_unconfirmed = unconfirmed::keep;
  std::chrono::seconds unconfirmed_age{};  ///< one that is kept ends as approved after it. 0: never
  bool no_auto_reversal = false;
};

/// The operator's server for requests of the host that no client takes.
struct host_request_settings {
  std::string url;  ///< empty: there is none
  std::string secret_file, ca_file;
  card_view cards = card_view::masked;
};

struct journal_settings {
  std::string directory;  ///< or "none"
  std::string key_file;   ///< empty: in that directory
  bool adopt = false;

  bool is_kept() const { return directory != "none"; }
};

/// The bank emulator.
struct bank_settings {
  std::uint16_t port = 0;  ///< 0: it does not run
  dialect_settings dialect;
  frame_settings frame;
  bool real_life = false;
  std::size_t silent = 0;     ///< of 100 requests so many get no answer
  milliseconds late{};        ///< each answer comes so late
  std::string response_code;  ///< of each financial response; empty: the accounts decide
  bool hangs_up = false;      ///< on each request
  std::string control;        ///< the socket where `socketqueue emulator` changes that; empty: none
};

struct test_client_settings {
  std::size_t count = 0;
  std::string host;
  std::uint16_t port = 0;
  dialect_settings dialect;
  frame_settings frame;
  bool purchases = false;
};

/// How a line of the log is written on the console and in the file.
enum class log_format : std::uint8_t { text, json };

struct log_settings {
  bool info = false;
  bool verbose = false;  ///< every message too
  bool silent = false;
  bool dangerous = false;  ///< card data in clear
  std::string file;
  log_format format = log_format::text;
  std::string logstash_host;  ///< empty: none
  std::uint16_t logstash_port = 0;
  std::string logstash_node;  ///< the `label` of each line there
};

/// The port for machines that watch the gateway, and for operators.
struct admin_settings {
  std::uint16_t port = 0;  ///< 0: not open
  std::string address;     ///< of this machine, where it listens
  std::string token_file;  ///< who shows its content may decide about cases; empty: nobody may
};

/// Who is told what needs a person, beside the log and the metrics.
struct alarm_settings {
  std::string command;  ///< a program; empty: none
  std::string url;      ///< a server; empty: none
  std::string secret_file, ca_file;
  milliseconds link_down_after{};  ///< a link counts as down after it
};

/// The port for other CAF nodes that watch the gateway.
struct node_settings {
  std::uint16_t port = 0;                                  ///< 0: not open
  std::string address;                                     ///< of this machine, where it listens
  std::string certificate_file, key_file, authority_file;  ///< of TLS; empty: without

  bool has_tls() const { return !certificate_file.empty(); }
};

/// What matters only while options are read.
struct reading_settings {
  std::string file;
  bool smart_vista = false;  ///< the old spelling of hostConfig=smartVista
  bool open_way = false;     ///< the same
  std::string help;          ///< "true", a topic or an option; empty: not asked for
  std::string help_json;     ///< "true", "sections" or "schema"; empty: not asked for
  bool version = false;
  bool check = false;
  bool json = false;  ///< with `check`

  bool asks_for_text() const { return !help.empty() || !help_json.empty() || version; }
};

struct settings {
  /// One each; the options without a list are those of the first.
  std::vector<upstream_settings> upstreams{upstream_settings()};
  std::vector<group_settings> groups;  ///< of the list of upstreams; empty: there is no such list
  std::vector<route_settings> routes;  ///< the first that fits; empty: all to the first group
  std::vector<raw_listener_settings> raw_listeners{raw_listener_settings()};
  std::vector<http_listener_settings> http_listeners{http_listener_settings()};

  proxy_settings proxies;
  queue_settings queue;
  delivery_settings delivery;
  host_request_settings host_requests;
  journal_settings journal;
  bank_settings bank;
  test_client_settings test_clients;
  log_settings log;
  admin_settings admin;
  alarm_settings alarms;
  node_settings node;
  std::uint16_t statistics_port = 0;
  std::string statistics_file;  ///< keeps the statistics across restarts; empty: nothing does
  std::string pid_file;
  milliseconds drain_timeout{};  ///< after TERM; 0 in settings that are not read: no limit
  reading_settings reading;

  bool has_upstream() const { return std::ranges::any_of(upstreams, &upstream_settings::is_given); }
  bool has_clients() const {
    return std::ranges::any_of(raw_listeners, [](const auto& l) { return l.port != 0; }) ||
           std::ranges::any_of(http_listeners, [](const auto& l) { return l.port != 0; });
  }
};

}  // namespace config
