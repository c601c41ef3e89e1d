// A service manager's socket, in the test's own process.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <chrono>
#include <string>

#include "tests/store/directory.hpp"

namespace support {

class notify_socket {
public:
  /// `address`: @ and a name that has no file; empty: a file of the test's own.
  explicit notify_socket(const std::string& address = "")
    : address_(address.empty() ? home_ / "notify" : address),
      socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    address_.copy(at.sun_path, sizeof at.sun_path - 1);
    const bool is_abstract = address_.front() == '@';
    if (is_abstract)
      at.sun_path[0] = '\0';
    const auto size = is_abstract ? offsetof(sockaddr_un, sun_path) + address_.size() : sizeof at;
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&at), static_cast<socklen_t>(size)) == 0);
  }
  ~notify_socket() { ::close(socket_); }
  notify_socket(const notify_socket&) = delete;
  notify_socket& operator=(const notify_socket&) = delete;

  const std::string& address() const { return address_; }

  /// The next notice; empty where none comes within `timeout`.
  std::string heard(std::chrono::milliseconds timeout = {}) const {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(timeout.count())) <= 0)
      return "";
    char text[4096];
    const auto size = ::recv(socket_, text, sizeof text, 0);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "";
  }

private:
  test::directory home_;
  std::string address_;
  int socket_;
};

}  // namespace support
