#include "net/tcp/name_lookup.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/loop.hpp"

namespace net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class system_lookup final : public name_lookup {
public:
  explicit system_lookup(asio::io_context& io) : resolver_(io) {}

  void find(const std::string& host,
            std::function<void(std::variant<addresses, std::string>)> then) override {
    resolver_.async_resolve(
      host, "", [then = std::move(then)](error_code error, const tcp::resolver::results_type& found) {
        if (error)
          return then(error.message());
        addresses all;
        for (const auto& entry : found)
          all.push_back(entry.endpoint().address());
        then(std::move(all));
      });
  }

private:
  tcp::resolver resolver_;
};

}  // namespace

std::shared_ptr<name_lookup> make_name_lookup(loop& on) { return std::make_shared<system_lookup>(on.io()); }

}  // namespace net
