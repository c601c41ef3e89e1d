// The released program, started and killed over and over on one journal; and its operator.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <sys/types.h>

#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/chaos/books.hpp"

namespace chaos {

namespace asio = boost::asio;

/// What `socketqueue pending` lists.
struct open_cases {
  std::set<trace> unconfirmed;
  std::set<trace> reversing;
  std::vector<std::uint64_t> numbers;       ///< of the cases that are being reversed
  std::vector<std::uint64_t> for_a_person;  ///< those of them that need one
};

class gateway_process {
public:
  gateway_process(asio::io_context& io, std::string program, std::string journal,
                  std::vector<std::string> arguments);
  ~gateway_process() { kill(); }
  gateway_process(const gateway_process&) = delete;
  gateway_process& operator=(const gateway_process&) = delete;

  void start();

  /// With SIGKILL; returns when it is gone.
  void kill();

  /// SIGSTOP, SIGCONT, or SIGKILL where it cannot be waited for yet.
  void signal(int number) const;

  /// With SIGTERM: its exit status.
  int end();

  /// Its ports are open and its journal is read.
  bool is_ready() const { return is_ready_; }

  /// It ended without being told to.
  bool has_died();

  /// Nothing where it does not answer.
  bool list(open_cases& into) const;
  void retry(std::uint64_t number) const;

  /// The last lines that it said.
  const std::string& last_words() const { return said_; }

private:
  struct output;

  int wait();

  asio::io_context& io_;
  std::string program_, journal_;
  std::vector<std::string> arguments_;
  pid_t pid_ = -1;
  std::shared_ptr<output> output_;
  std::string said_;
  bool is_ready_ = false;
};

}  // namespace chaos
