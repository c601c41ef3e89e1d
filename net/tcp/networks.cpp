#include "net/tcp/networks.hpp"

#include <algorithm>

#include "net/frame/words.hpp"

namespace net {

namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

// Asio's network_v6 keeps the bits behind the prefix; only those in front of it count.
bool has_prefix(const ip::address_v6& a, const ip::network_v6& n) {
  return ip::network_v6(a, n.prefix_length()).canonical() == n.canonical();
}

}  // namespace

std::variant<networks, std::string> networks::parse(std::string_view text) {
  networks all;
  for (std::size_t from = 0; from <= text.size();) {
    const auto comma = std::min(text.find(',', from), text.size());
    const auto one = std::string(trimmed(text.substr(from, comma - from)));
    from = comma + 1;
    if (one == "any") {
      all.any_ = true;
      continue;
    }
    const bool is_network = one.find('/') != one.npos, is_v6 = one.find(':') != one.npos;
    error_code error;
    if (const auto address = ip::make_address(one, error); !error && !address.is_unspecified()) {
      all.add(plain(address));
      continue;
    }
    error = is_network ? error_code() : make_error_code(boost::system::errc::invalid_argument);
    if (error) {
      // Neither 0.0.0.0 nor a name is somebody's address.
    } else if (is_v6) {
      const auto n = ip::make_network_v6(one, error);
      if (!error)
        all.v6_.push_back(n);
    } else {
      const auto n = ip::make_network_v4(one, error);
      if (!error)
        all.v4_.push_back(n);
    }
    if (error)
      return "'" + one +
             "' is no address and no network; write 10.1.2.3, 10.0.0.0/8, ::1, fd00::/8, several of "
             "them with commas, or any";
  }
  return all;
}

void networks::add(const ip::address& a) {
  if (a.is_v4())
    v4_.emplace_back(a.to_v4(), std::uint16_t(32));
  else
    v6_.emplace_back(a.to_v6(), std::uint16_t(128));
}

bool networks::is_any() const {
  const auto is_all = [](const auto& n) { return n.prefix_length() == 0; };
  return any_ || std::ranges::any_of(v4_, is_all) || std::ranges::any_of(v6_, is_all);
}

bool networks::contains(const ip::address& a) const {
  if (any_)
    return true;
  if (const auto as_v4 = plain(a); as_v4 != a)
    return contains(as_v4);
  if (a.is_v4())
    return std::ranges::any_of(v4_, [&](const ip::network_v4& n) {
      return ip::network_v4(a.to_v4(), n.prefix_length()).canonical() == n.canonical();
    });
  return std::ranges::any_of(v6_, [&](const ip::network_v6& n) { return has_prefix(a.to_v6(), n); });
}

ip::address plain(const ip::address& a) {
  return a.is_v6() && a.to_v6().is_v4_mapped() ? ip::make_address_v4(ip::v4_mapped, a.to_v6()) : a;
}

}  // namespace net
