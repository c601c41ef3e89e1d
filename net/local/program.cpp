// Runs a program of this machine.

#include "net/local/program.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <utility>

#include "net/local/spawn.hpp"

namespace net {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// A pipe holds at least that much without a reader.
constexpr std::size_t input_max = 4096;

std::string cannot_run(int error) { return std::string("it cannot be run: ") + std::strerror(error); }

// The end of a pipe that has all of the input already; -1 and errno where there is none.
int pipe_with(const std::string& input) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    return -1;
  const auto written = ::write(ends[1], input.data(), input.size());
  ::close(ends[1]);
  // The program should find an end that waits.
  if (std::cmp_equal(written, input.size()) && ::fcntl(ends[0], F_SETFL, 0) == 0)
    return ends[0];
  ::close(ends[0]);
  errno = EMSGSIZE;
  return -1;
}

// A program, from its start to its end.
class run : public std::enable_shared_from_this<run> {
public:
  run(asio::io_context& io, std::function<void(std::string)> then)
    : then_(std::move(then)), children_(io, SIGCHLD), timer_(io) {}

  void begin(const std::string& path, const std::string& input, std::chrono::milliseconds timeout) {
    const int end = input.size() > input_max ? (errno = EMSGSIZE, -1) : pipe_with(input);
    const int error = end < 0 ? errno : spawn_program(path, {path}, end, pid_);
    if (end >= 0)
      ::close(end);
    if (error != 0)
      return then_(cannot_run(error));
    running_programs().insert(pid_);
    timer_.expires_after(timeout);
    timer_.async_wait([self = shared_from_this(), timeout](error_code cancelled) {
      if (cancelled)
        return;
      self->is_late_ = true;
      self->timeout_ = timeout;
      ::kill(-self->pid_, SIGKILL);
    });
    await_end();
  }

private:
  // The signal says that some child has ended, or several.
  void await_end() {
    children_.async_wait([self = shared_from_this()](error_code error, int) {
      int status = 0;
      if (error || ::waitpid(self->pid_, &status, WNOHANG) == 0)
        return error ? void() : self->await_end();
      running_programs().erase(self->pid_);
      self->timer_.cancel();
      self->then_(self->why_failed(status));
    });
  }

  std::string why_failed(int status) const {
    if (is_late_)
      return "it had not ended after " + std::to_string(timeout_.count()) + " ms and was killed";
    if (WIFSIGNALED(status))
      return "the signal " + std::to_string(WTERMSIG(status)) + " ended it";
    return WEXITSTATUS(status) == 0 ? "" : "its exit status is " + std::to_string(WEXITSTATUS(status));
  }

  std::function<void(std::string)> then_;
  asio::signal_set children_;
  asio::steady_timer timer_;
  pid_t pid_ = -1;
  bool is_late_ = false;
  std::chrono::milliseconds timeout_{};
};

void reap_ended_orphans(loop& on) {
  for (;;) {
    siginfo_t ended{};
    if (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid == 0)
      return;
    // The handler of its own signal comes first; orphans may be behind it.
    if (running_programs().contains(ended.si_pid))
      return on.post([&on] { reap_ended_orphans(on); });
    ::waitpid(ended.si_pid, nullptr, WNOHANG);
  }
}

}  // namespace

std::string fault_of_program(const std::string& path) {
  struct stat is {};
  if (::stat(path.c_str(), &is) != 0)
    return cannot_run(errno);
  if (!S_ISREG(is.st_mode))
    return "it is no program";
  return ::access(path.c_str(), X_OK) == 0 ? "" : cannot_run(errno);
}

void run_program(loop& on, const std::string& path, const std::string& input,
                 std::chrono::milliseconds timeout, std::function<void(std::string why)> then) {
  std::make_shared<run>(on.io(), std::move(then))->begin(path, input, timeout);
}

void reap_orphans(loop& on) {
  if (::getpid() == 1)
    on.on_signals({SIGCHLD}, [&on](int) { reap_ended_orphans(on); });
}

}  // namespace net
