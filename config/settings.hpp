// All options as plain values. config/options.cpp has the defaults.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace config {

using std::chrono::milliseconds;

struct settings {
  // The host and its dialect.
  std::string host_config;
  bool smart_vista = false;  ///< redundant: hostConfig decides
  bool open_way = false;     ///< the same
  std::string overrides;
  std::string upstream_host;
  std::uint16_t upstream_port = 0;
  std::uint16_t upstream_listen_port = 0;
  milliseconds upstream_timeout{};  ///< 0: never
  bool use_header = true;
  std::string header_format;
  bool length_include_header = false;

  // The clients.
  std::uint16_t listen_port = 0;
  std::uint16_t listen_http_port = 0;
  std::string client_header_format;
  milliseconds client_timeout{};  ///< 0: the default, for unfinished messages only
  bool client_keep_open = false;

  // The queue.
  std::size_t max_queue = 0;
  bool queue_lock_terminal = true;
  milliseconds queue_timeout{};
  milliseconds queue_short_timeout{};
  std::vector<int> queue_message_key_fields;  ///< empty: the dialect's
  milliseconds host_timeout{};                ///< 0: as much time as is left of queue_timeout
  std::string on_client_gone;                 ///< "wait_reply" or "immediate"
  std::string client_delivery;                ///< "tcp" or "idempotent"
  std::string http_delivery;                  ///< "tcp", "idempotent" or "confirm"
  std::string stan_scope;                     ///< "second" or "day"
  std::string unknown_fields;                 ///< "forward" or "refuse"

  // The journal and reversals.
  std::string journal;           ///< a directory, or "none"
  std::string journal_key_file;  ///< empty: in that directory
  bool journal_adopt = false;
  bool no_auto_reversal = false;
  std::string unconfirmed;  ///< "keep" or "reverse"
  std::chrono::seconds
    unconfirmed_age{};  ///< an unconfirmed approval that is kept becomes approved after it. 0: never

  // The bank emulator and the test clients.
  std::uint16_t echo_server_port = 0;
  std::size_t test_clients = 0;
  std::string test_target_host;
  std::uint16_t test_target_port = 0;
  bool test_real_life = false;
  bool test_purchases = false;

  // Log and statistics.
  std::uint16_t stat_server_port = 0;
  bool v = false;
  bool vv = false;
  bool silent = false;
  bool dangerous = false;
  std::string log_file;
  std::string pid_file;

  std::string config_file;
  bool help = false;

  bool has_upstream() const { return !upstream_host.empty() || upstream_listen_port != 0; }
  bool has_clients() const { return listen_port != 0 || listen_http_port != 0; }
};

}  // namespace config
