// A released gateway on a journal that survives it, with a host that the test controls.
#pragma once

#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "tests/store/directory.hpp"
#include "tests/support/hand_host.hpp"
#include "tests/support/program.hpp"

namespace support {

struct journaled {
  explicit journaled(std::vector<std::string> options = {}) : more(std::move(options)) {}

  /// Starts the gateway and waits until it has connected to the host.
  void start() {
    std::vector<std::string> arguments{"--upstreamHost=127.0.0.1",
                                       "--upstreamPort=" + host.port(),
                                       "--listenPort=" + std::to_string(port),
                                       "--listenHttpPort=" + std::to_string(http_port),
                                       "--journal=" + journal,
                                       "--vv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    if (gateway)
      log += gateway->output();
    gateway = std::make_unique<program>(arguments);
    host.accept();
  }

  void kill() {
    gateway->signal(SIGKILL);
    gateway->wait();
  }

  void start_again() {
    kill();
    start();
  }

  /// Exit status and output of `socketqueue pending`, `retry` or `resolve`.
  std::pair<int, std::string> asked(std::vector<std::string> command) const {
    command.push_back("--journal=" + journal);
    program p(command);
    const int status = p.wait();
    return {status, p.output()};
  }

  test::directory directory;
  std::string journal = directory / "journal";
  std::vector<std::string> more;
  hand_host host;
  std::uint16_t port = free_port();
  std::uint16_t http_port = free_port();
  std::unique_ptr<program> gateway;
  std::string log;  ///< of the earlier processes
};

}  // namespace support
