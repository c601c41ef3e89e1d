// The released program, started and killed repeatedly on one journal; and its operator.
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

/// The output of `socketqueue pending`.
struct open_cases {
  std::set<trace> unconfirmed;
  std::set<trace> reversing;
  std::vector<std::uint64_t> numbers;       ///< of the cases that are being reversed
  std::vector<std::uint64_t> for_a_person;  ///< of these, the parked ones
};

class gateway_process {
public:
  gateway_process(asio::io_context& io, std::string program, std::string journal,
                  std::vector<std::string> arguments);
  ~gateway_process() { kill(); }
  gateway_process(const gateway_process&) = delete;
  gateway_process& operator=(const gateway_process&) = delete;

  void start();

  /// Sends SIGKILL and waits for the end.
  void kill();

  /// Sends SIGSTOP, SIGCONT, or SIGKILL where its end cannot be awaited yet.
  void signal(int number) const;

  /// Sends SIGTERM and returns the exit status.
  int end();

  /// Whether its ports are open, which is after it has replayed the journal.
  bool is_ready() const { return is_ready_; }

  /// Whether it has ended without a signal from here.
  bool has_failed();

  /// False where it does not answer.
  bool list(open_cases& into) const;
  void retry(std::uint64_t number) const;

  /// The last lines of its output.
  const std::string& last_output() const { return last_lines_; }

private:
  struct output;

  int wait();

  asio::io_context& io_;
  std::string program_, journal_;
  std::vector<std::string> arguments_;
  pid_t pid_ = -1;
  std::shared_ptr<output> output_;
  std::string last_lines_;
  bool is_ready_ = false;
};

}  // namespace chaos
