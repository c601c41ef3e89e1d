// The released program as a child process, whose output is read line by line.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace real {

class child {
public:
  /// Starts `program` with `arguments`; calls `on_line` with each line of its output.
  child(boost::asio::io_context& io, const std::string& program, const std::vector<std::string>& arguments,
        std::function<void(const std::string&)> on_line);

  /// Kills it, if it still runs.
  ~child();
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  void signal(int number) const;

  /// Whether it has ended and all of its output was read.
  bool has_ended();

  /// Exit status, -1 where a signal ended it; none while it runs.
  std::optional<int> status() const { return status_; }

private:
  struct output;

  pid_t pid_ = -1;
  std::optional<int> status_;
  std::shared_ptr<output> output_;
};

}  // namespace real
