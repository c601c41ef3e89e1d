#include "net/local/child.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "net/local/socket.hpp"
#include "net/local/spawn.hpp"
#include "net/tcp/connection.hpp"

namespace net {

namespace {

namespace asio = boost::asio;

class running_child final : public child {
public:
  running_child(pid_t pid, descriptor socket, framing how)
    : pid_(pid), socket_(std::move(socket)), how_(std::move(how)) {
    running_programs().insert(pid_);
  }
  ~running_child() override {
    if (!running_child::end()) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    running_programs().erase(pid_);
  }
  running_child(const running_child&) = delete;
  running_child& operator=(const running_child&) = delete;

  std::optional<std::string> await_frame(std::chrono::milliseconds limit) override {
    const auto until = std::chrono::steady_clock::now() + limit;
    std::string stream;
    // A byte at a time: what follows the frame is the link's.
    for (char next = 0;;) {
      if (const auto cut = how_.find(stream); cut.is == cut::kind::frame)
        return stream.substr(cut.begin, cut.end - cut.begin);
      const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
      pollfd wait{socket_.get(), POLLIN, 0};
      if (left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) == 0)
        return {};
      const auto size = ::read(socket_.get(), &next, 1);
      if (size == 0 || (size < 0 && errno != EINTR))
        return {};
      stream.append(size == 1 ? 1 : 0, next);
    }
  }

  link_ptr link(loop& on) override {
    asio::local::stream_protocol::socket socket(on.io(), asio::local::stream_protocol(),
                                                std::exchange(socket_, descriptor()).release());
    return make_link(make_stream(std::move(socket), {}), how_, {});
  }

  std::optional<std::string> end() override {
    int status = 0;
    const auto ended = end_ ? 0 : ::waitpid(pid_, &status, WNOHANG);
    // Process 1 of a container may have waited for it already.
    if (ended < 0)
      end_ = "it has ended";
    else if (ended > 0)
      end_ = WIFSIGNALED(status) ? "the signal " + std::to_string(WTERMSIG(status)) + " ended it"
                                 : "its exit status is " + std::to_string(WEXITSTATUS(status));
    return end_;
  }

private:
  pid_t pid_;
  descriptor socket_;
  framing how_;
  std::optional<std::string> end_;
};

}  // namespace

std::variant<std::unique_ptr<child>, std::string> start_child(const std::string& path,
                                                              const std::vector<std::string>& arguments,
                                                              framing how) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return std::string(std::strerror(errno));
  descriptor ours(ends[0]);
  const descriptor its(ends[1]);
  pid_t pid = -1;
  if (const int error = spawn_program(path, arguments, its.get(), pid); error != 0)
    return std::string(std::strerror(error));
  return std::make_unique<running_child>(pid, std::move(ours), std::move(how));
}

}  // namespace net
