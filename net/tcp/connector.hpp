// Dials a host by name or address, or one of several hosts.
//
// The name is looked up for each dial. Its addresses are tried in turn, IPv6 and IPv4 alternating, each with
// a patience of its own; the next is begun after a short pause while the one before has not failed (RFC 8305,
// section 5), and the first that connects wins. The next dial begins with the address that worked last.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "net/framing.hpp"
#include "net/link.hpp"
#include "net/tcp/limits.hpp"
#include "net/tcp/name_lookup.hpp"
#include "net/tcp/target.hpp"

namespace net {

class loop;
class stream_layer;

struct dial_options {
  std::vector<target> targets;  ///< at least one; the next is tried when all addresses of one have failed
  bool in_turn = false;         ///< a dial begins behind the target that the last one ended with
  framing how = {};
  tcp_limits limits = {};
  std::shared_ptr<const stream_layer> layer = {};  ///< none: the bytes go as they are
  std::chrono::milliseconds lookup_timeout{5000};  ///< for each name; then those of the last lookup are used
  std::chrono::milliseconds address_timeout{10000};  ///< for each address
  std::chrono::milliseconds stagger{250};            ///< RFC 8305's Connection Attempt Delay
};

/// Dials end by themselves. `lookup`: none for the system's.
std::unique_ptr<dialer> make_connector(loop& on, dial_options options,
                                       std::shared_ptr<name_lookup> lookup = {});

/// For one host.
std::unique_ptr<dialer> make_connector(loop& on, std::string host, std::uint16_t port, framing how,
                                       tcp_limits limits = {},
                                       std::shared_ptr<const stream_layer> layer = {});

}  // namespace net
