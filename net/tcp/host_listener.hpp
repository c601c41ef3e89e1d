// Waits for the host to connect.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "net/framing.hpp"
#include "net/link.hpp"

namespace net {

class loop;
class networks;
class stream_layer;

struct host_listen_options {
  framing how = {};
  std::shared_ptr<const networks> allowed = {};       ///< who may be the host; none: everybody
  std::function<void(std::string why)> trouble = {};  ///< as in `listen_options`
  std::shared_ptr<const stream_layer> layer = {};
};

/// A dialer whose `dial` waits for a call of the host. The link that it reports is the host's until the next
/// `dial`; a call that comes meanwhile is reported as `rival` and waits, unread, for the next `dial` or for
/// `refuse_rival`. One waits at a time: the newest.
std::variant<std::unique_ptr<dialer>, std::string> listen_for_host(loop& on, std::uint16_t port,
                                                                   host_listen_options options);

}  // namespace net
