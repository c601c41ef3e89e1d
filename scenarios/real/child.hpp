// The released program as a child process, its output taken line by line.
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
  /// Starts `program` with `arguments`; `heard` gets each line that it says.
  child(boost::asio::io_context& io, const std::string& program, const std::vector<std::string>& arguments,
        std::function<void(const std::string&)> heard);

  /// Ends it, if it has not ended.
  ~child();
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  void signal(int number) const;

  /// Ended, and all it said is taken.
  bool has_ended();

  /// Exit status, -1 for a death by a signal; none while it runs.
  std::optional<int> status() const { return status_; }

private:
  struct output;

  pid_t pid_ = -1;
  std::optional<int> status_;
  std::shared_ptr<output> output_;
};

}  // namespace real
