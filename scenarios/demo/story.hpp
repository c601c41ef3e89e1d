// The demo: a gateway as a child process, a bank and clients in this one, and what happens between them, told
// in plain sentences. At the end the bank's books are compared with what the clients were shown.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/loop.hpp"
#include "scenarios/demo/bank.hpp"
#include "scenarios/demo/clients.hpp"
#include "scenarios/real/child.hpp"
#include "scenarios/real/temporary_directory.hpp"

namespace demo {

struct setup {
  std::string program;            ///< the gateway's
  std::string dialect;            ///< its name, or the path of its file
  std::chrono::seconds length{};  ///< of the demo
  bool verbose = false;           ///< the gateway's log with its tables too
};

class story {
public:
  story(net::loop& on, setup s, actors::dialect_ptr dialect);

  /// Plays it and returns the exit status: 0 where bank and clients agree.
  int play();

  /// Ends it early, in order.
  void stop();

private:
  using clock = std::chrono::steady_clock;

  /// Those that the documents name, if they are free and this is the `is_first` attempt.
  void open_ports(bool is_first);
  void start_gateway();
  void introduce() const;
  void tell_of(const purchase& p) const;
  void hear(const std::string& line);

  void let_them_buy(std::chrono::milliseconds time);
  void decline();
  void silent_bank();
  void killed_gateway();
  void refused_reversal();
  int judge();

  /// Runs until `what`, or until its time is up: false. Being stopped ends it too, unless it must end.
  bool until(const std::function<bool()>& what, std::chrono::milliseconds at_most, bool is_needed = false);
  bool is_over() const { return stopped_ || clock::now() >= end_; }
  /// The commands of an operator, with what they print.
  std::string operate(std::vector<std::string> command);
  /// Whether the bank holds what the clients were shown, and nothing else.
  bool agrees() const;
  bool holds(const purchase& p) const;
  std::string end_gateway();

  net::loop& loop_;
  const setup setup_;
  actors::dialect_ptr dialect_;
  real::temporary_directory home_;
  std::uint16_t port_ = 0, bank_port_ = 0, admin_port_ = 0;
  bank bank_;
  std::unique_ptr<clients> clients_;
  std::unique_ptr<real::child> gateway_;
  std::vector<std::string> log_;  ///< of the gateway that runs
  clock::time_point begun_ = clock::now(), end_;
  bool stopped_ = false;
};

}  // namespace demo
