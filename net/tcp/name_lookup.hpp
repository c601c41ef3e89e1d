// Finds the addresses of a host's name.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace net {

class loop;

class name_lookup {
public:
  using addresses = std::vector<boost::asio::ip::address>;

  virtual ~name_lookup() = default;

  /// Calls `then` on the loop's thread, not before this returns, with the addresses in the order of the
  /// system's preference (RFC 6724), or with why there are none. There is no timeout.
  virtual void find(const std::string& host,
                    std::function<void(std::variant<addresses, std::string>)> then) = 0;
};

/// That of the operating system. A name that is an address is its own.
std::shared_ptr<name_lookup> make_name_lookup(loop& on);

}  // namespace net
