#include "tests/chaos/network.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tests/chaos/child.hpp"

namespace chaos {

namespace {

constexpr const char* gateway_mac = "02:00:00:00:00:01";
constexpr const char* client_mac = "02:00:00:00:00:02";
// The destination of frames while the link is cut: the other end drops what is not for it.
constexpr const char* no_mac = "02:00:00:00:00:99";

int this_namespace() { return ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC); }

std::string neighbour(const char* address, const char* mac, const char* device) {
  return std::string("ip neigh replace ") + address + " lladdr " + mac + " dev " + device + " nud permanent";
}

}  // namespace

network::~network() {
  for (const int fd : {gateway_end_, client_end_})
    if (fd >= 0)
      ::close(fd);
}

std::string network::enter() {
  if (unshare(CLONE_NEWNET) != 0)
    return std::string("it needs a network namespace of its own: ") + std::strerror(errno);
  gateway_end_ = this_namespace();
  if (unshare(CLONE_NEWNET) != 0)
    return std::string("it needs a second network namespace: ") + std::strerror(errno);
  client_end_ = this_namespace();
  std::string memory_pipe = "ip link add sqclient address ";
  memory_pipe += client_mac;
  memory_pipe += " type veth peer name sqgateway address ";
  memory_pipe += gateway_mac;
  memory_pipe += " netns /proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(gateway_end_);
  if (auto why = failure_of(
        memory_pipe +
        " && ip address add 10.77.0.2/24 dev sqclient && ip link set lo up && ip link set sqclient up");
      !why.empty())
    return why;
  if (setns(gateway_end_, CLONE_NEWNET) != 0)
    return std::string("cannot go to the gateway's network namespace: ") + std::strerror(errno);
  if (auto why = failure_of(
        "ip address add 10.77.0.1/24 dev sqgateway && ip link set lo up && ip link set sqgateway up");
      !why.empty())
    return why;
  return heal();
}

boost::asio::ip::address network::gateway_address() { return boost::asio::ip::make_address("10.77.0.1"); }

std::string network::open(boost::asio::ip::tcp::socket& socket) const {
  if (setns(client_end_, CLONE_NEWNET) != 0)
    return std::strerror(errno);
  boost::system::error_code error;
  socket.open(boost::asio::ip::tcp::v4(), error);
  if (setns(gateway_end_, CLONE_NEWNET) != 0)
    return std::strerror(errno);
  return error ? error.message() : "";
}

std::string network::at_client_end(const std::string& command) const {
  if (setns(client_end_, CLONE_NEWNET) != 0)
    return std::strerror(errno);
  auto why = failure_of(command);
  if (setns(gateway_end_, CLONE_NEWNET) != 0)
    return std::strerror(errno);
  return why;
}

std::string network::cut(bool to_gateway, bool to_client) {
  auto why = failure_of(neighbour("10.77.0.2", to_client ? no_mac : client_mac, "sqgateway"));
  return why.empty() ? at_client_end(neighbour("10.77.0.1", to_gateway ? no_mac : gateway_mac, "sqclient"))
                     : why;
}

std::string network::limit(unsigned kilobits_a_second) {
  return failure_of("tc qdisc replace dev sqgateway root tbf rate " + std::to_string(kilobits_a_second) +
                    "kbit burst 4kb limit 300kb");
}

std::string network::lift_limit() { return failure_of("tc qdisc del dev sqgateway root"); }

}  // namespace chaos
