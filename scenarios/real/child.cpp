// The released program as a child process. It is killed when the parent ends.

#include "scenarios/real/child.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>

#include <array>
#include <csignal>

namespace real {

namespace asio = boost::asio;

struct child::output : std::enable_shared_from_this<child::output> {
  output(asio::io_context& io, int end, std::function<void(const std::string&)> h)
    : pipe(io, end), on_line(std::move(h)) {}

  void read() {
    pipe.async_read_some(asio::buffer(buffer),
                         [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
                           if (error) {
                             self->ended = true;
                             return;
                           }
                           self->take({self->buffer.data(), size});
                           self->read();
                         });
  }

  void take(std::string_view text) {
    unfinished += text;
    for (auto end = unfinished.find('\n'); end != std::string::npos; end = unfinished.find('\n')) {
      if (on_line)
        on_line(unfinished.substr(0, end));
      unfinished.erase(0, end + 1);
    }
  }

  asio::posix::stream_descriptor pipe;
  std::function<void(const std::string&)> on_line;
  std::array<char, 65536> buffer{};
  std::string unfinished;
  bool ended = false;
};

child::child(asio::io_context& io, const std::string& program, const std::vector<std::string>& arguments,
             std::function<void(const std::string&)> on_line) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0)
    return;
  std::string name = "socketqueue";
  std::vector<char*> argv{name.data()};
  for (const auto& a : arguments)
    argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  const auto parent = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // A Ctrl-C is for the parent, which decides how its children end.
    setpgid(0, 0);
    if (getppid() != parent)
      _exit(127);
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    // The child must not inherit the story's sockets, which it would keep open.
    close_range(STDERR_FILENO + 1, ~0U, 0);
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  close(ends[1]);
  output_ = std::make_shared<output>(io, ends[0], std::move(on_line));
  output_->read();
}

child::~child() {
  if (output_)
    output_->on_line = nullptr;
  signal(SIGKILL);
  if (!status_ && pid_ > 0)
    waitpid(pid_, nullptr, 0);
  boost::system::error_code ignored;
  if (output_)
    output_->pipe.close(ignored);
}

void child::signal(int number) const {
  if (!status_ && pid_ > 0)
    kill(pid_, number);
}

bool child::has_ended() {
  int status = 0;
  if (!status_ && pid_ > 0 && waitpid(pid_, &status, WNOHANG) == pid_)
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return pid_ <= 0 || (status_ && output_->ended);
}

}  // namespace real
