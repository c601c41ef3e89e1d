// A whole gateway in virtual time: its actors, and a host and clients in memory.
#pragma once

#include <map>

#include "actors/core/environment.hpp"
#include "actors/program/parts.hpp"
#include "scenarios/player/memory_journal.hpp"
#include "scenarios/player/memory_link.hpp"
#include "scenarios/player/virtual_time.hpp"
#include "tests/support/dialects.hpp"

namespace support {

/// The unpacked messages of these bytes; each element has one or more.
std::vector<codec::message> messages_in(const std::vector<net::bytes>& sent);

net::bytes wire(const codec::message& m);

/// The bank's approval of a request.
codec::message approval(const codec::message& request, const char* code = "000");

struct virtual_gateway : player::virtual_time {
  /// `change` edits the settings before the gateway starts. `with_host`: the host is connected at once. The
  /// journal is in memory, unless the settings say `none`. `remembered_max`: how many ended transactions the
  /// book keeps in memory.
  explicit virtual_gateway(const std::function<void(config::settings&)>& change = {}, bool with_host = true,
                           std::uint64_t seed = 1,
                           std::size_t remembered_max = actors::book::default_remembered_max);
  ~virtual_gateway() override;

  /// The host accepts the pending connection.
  void host_answers();

  /// The host of this link of a list accepts the pending connection.
  player::connection_ptr link_answers(const std::string& link);

  /// All messages that the host has received on this link.
  std::vector<codec::message> host_got() const { return messages_in(host->sent); }

  /// The last of them; there must be one.
  codec::message host_got_last() const;

  /// The host sends a message.
  void host_says(const codec::message& m);

  /// A new client, which sends these messages at once in one segment.
  player::connection_ptr client(const std::vector<codec::message>& says = {});

  /// A new HTTP client that sends these bytes.
  player::connection_ptr http_client(const net::bytes& says = {});

  /// Who watches the gateway sends these bytes to its admin port.
  player::connection_ptr admin_client(const net::bytes& says);

  /// A request with the present virtual time.
  codec::message purchase(const std::string& tid = "00000042", const std::string& stan = "000001",
                          const std::string& amount = "000000001000");

  /// The gateway's part of that name: "upstream", "dispatcher", "clients", ...
  caf::actor part(const std::string& name);

  /// The children of a part.
  std::vector<caf::actor> in_care_of(const std::string& name);

  std::string statistics();

  /// An operator sends a line to the control socket, on a new connection.
  player::connection_ptr operator_says(const std::string& line);

  /// Kills the process and starts another one with what is on the disk; it dials the host.
  void restart();

  /// All open cases of the journal.
  std::vector<actors::transaction> cases();

  /// Sends an operator's request and returns the reply.
  template <class Wish>
  actors::operator_reply tell(Wish wish) {
    const auto answer = ask<actors::operator_reply>(
      caf::actor_cast<actors::reversal_supervisor_actor>(part("reversal_supervisor")), std::move(wish));
    return answer ? *answer : actors::operator_reply{false, "no answer"};
  }

  /// Whether a line that contains `text` was logged so far.
  bool logged(const std::string& text) const;

  actors::environment_ptr env;
  std::shared_ptr<player::memory_dialer> dialer = std::make_shared<player::memory_dialer>();
  std::map<std::string, std::shared_ptr<player::memory_dialer>> dialers;  ///< of a list of links, by name
  std::shared_ptr<player::memory_listener> listener = std::make_shared<player::memory_listener>();
  std::shared_ptr<player::memory_listener> http_listener = std::make_shared<player::memory_listener>();
  std::shared_ptr<player::memory_listener> admin_listener = std::make_shared<player::memory_listener>();
  std::string admin_token = {};                                ///< of the next process
  std::shared_ptr<actors::alarm_outlets> alarms = {};          ///< the same
  std::function<void(std::string line)> save_statistics = {};  ///< the same
  std::shared_ptr<player::memory_listener> control_listener = std::make_shared<player::memory_listener>();
  player::connection_ptr host;
  actors::gateway_actor gateway;
  std::vector<std::string> log;
  player::memory_journal kept;
  std::optional<std::string> panicked;  ///< why the process has ended itself

private:
  void begin();
  void end_process();
};

}  // namespace support
